"""Tells what a stage made of a trial, in lines that a person can judge it by."""

from collections.abc import Callable, Mapping
from typing import Any

from nightdesk.desk.trial_calls import Answer

PARAGRAPHS = 80
"""Of a written piece, at most."""


def told(stage: str, made: Any) -> Answer:
    """`made` as the stage's `work` returns it."""
    return _TELLERS[stage](made)


def _clusters(made: Any) -> Answer:
    found, faults = made
    lines = [f"{one.name} ({len(one.ids)} keywords): {one.description}".rstrip(": ") for one in found]
    return Answer(f"It made {len(found)} clusters.", [*lines, *faults])


def _ideas(made: Any) -> Answer:
    planned = [idea for ideas in made.values() for idea in ideas]
    shape = "{0.title} ({1}, {0.words} words). {0.angle}"
    lines = [shape.format(idea, idea.structure.replace("_", "-")) for idea in planned]
    return Answer(f"It planned {len(planned)} pieces.", lines)


def _content(made: Any) -> Answer:
    (written,) = made.values()
    piece = written.rendered
    says = f"It wrote “{piece.title}”: {piece.words:,} words, {len(piece.citations)} sources."
    return Answer(says, piece.text.split("\n\n")[:PARAGRAPHS])


def _sections(made: Any) -> Answer:
    (section,) = made.values()
    return Answer("It wrote the section again.", section.body.split("\n\n")[:PARAGRAPHS])


def _image_prompts(made: Any) -> Answer:
    (pictures,) = made.values()
    lines = [f"{'Featured' if one.kind == 'featured' else one.heading}: {one.prompt}" for one in pictures]
    return Answer(f"It chose {len(pictures)} pictures.", lines)


def _scripts(made: Any) -> Answer:
    (one,) = made.values()
    script = one.script
    lines = [f"{scene.heading}: {scene.says}".removeprefix(": ") for scene in script.scenes]
    notes = [
        finding["message"] for report in script.checks.values() for finding in report.get("findings") or ()
    ]
    says = f"It wrote “{script.title}”: {script.words:,} words in {len(script.scenes)} scenes."
    return Answer(says, [*lines[:PARAGRAPHS], *notes])


_TELLERS: Mapping[str, Callable[[Any], Answer]] = {
    "clusters": _clusters,
    "ideas": _ideas,
    "content": _content,
    "sections": _sections,
    "image_prompts": _image_prompts,
    "scripts": _scripts,
}
