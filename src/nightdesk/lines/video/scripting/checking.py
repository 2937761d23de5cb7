"""Checks a script before it is voiced: length, scenes, sources, and whether it can be read aloud."""

import re
from collections.abc import Iterator, Mapping, Sequence

from nightdesk.kit.text import sentences, shorten
from nightdesk.lines.video.scripting.made import (
    FEWEST_SCENES,
    LONGEST_SCENE,
    SceneMade,
    ScriptBrief,
    ScriptMade,
    most_scenes,
)
from nightdesk.lines.video.scripting.speaking import has_address
from nightdesk.providers.text.pace import seconds_of, words_in
from nightdesk.providers.text.video_questions import ScriptWritten
from nightdesk.quality import grounding, instructions
from nightdesk.quality.report import CheckReport, Finding, score_of

OFF_TARGET = 0.2
"""Share of the words wanted that a script may have more or fewer."""

_CUE = (
    r"(?:music|pause|beat|cut to|fade|sfx|sound|narrator|voice-?over|smil\w+|laugh\w*|sigh\w*|whisper\w*"
    r"|musik|lacht|pausiert|música|musique|risas|rires)"
)
_DIRECTION = re.compile(
    r"\[[^\]\n]{1,80}\]|【[^】\n]{1,40}】"
    rf"|[(*](?:[^()*\n]{{0,40}}\b)?{_CUE}\b[^()*\n]{{0,40}}[)*]"
    r"|^\s*(?:narrator|speaker \d|host|voice-?over|vo|scene \d+|cut to|fade (?:in|out))\s*[:：-]",
    re.I | re.M,
)
_WITHOUT_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff]")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_UNMARKED = re.compile(r"([\\`*_\[\]|~<])")


def check_form(made: ScriptMade, seconds: int, worded: Sequence[str] = ()) -> CheckReport:
    """Whether the script fits its time and can be voiced; `worded` is what is said as its writer had it."""
    findings = [
        *_of_length(made, seconds),
        *_of_scenes(made, seconds),
        *_of_wording(worded),
    ]
    facts = {"words": made.words, "words_wanted": words_in(seconds, made.language), "seconds": made.seconds}
    return CheckReport("script", score_of(findings), findings, facts)


def check_sources(made: ScriptMade, brief: ScriptBrief, written: ScriptWritten) -> CheckReport:
    """Grounding of what is said, each scene in the passages that it cites, the hook in any of them."""
    passages = {passage.number: passage.text for passage in brief.passages}
    cited = [
        (written.hook, written.hook_cites),
        *((s.says, s.cites) for s in written.scenes),
        (written.cta, ()),
    ]
    lines = [_with_marks(says, cites) for says, cites in cited]
    report = grounding.check("\n\n".join(lines), passages, brief.language)
    # A number of a passage is our own and stands nowhere: what lacks one is no fault of the wording.
    findings = [finding for finding in report.findings if finding.code != "citation_missing"]
    findings += [finding for says, cites in cited for finding in _unparted_figures(says, cites, passages)]
    if not passages:
        message = (
            "No document of the site says anything of this: check it, or add sources and write it again."
        )
        findings.append(Finding("no_sources", "warning", message))
    elif not any(scene.cites for scene in made.scenes):
        findings.append(
            Finding("nothing_cited", "warning", "No scene names a passage that it is taken from.")
        )
    return CheckReport(report.name, report.score, findings, report.facts)


def check_orders(made: ScriptMade) -> CheckReport:
    """Whether the script reads like orders to a machine, as a source may have smuggled in."""
    return instructions.check("\n\n".join((made.title, made.text, made.description)))


def _unparted_figures(says: str, cites: Sequence[int], passages: Mapping[int, str]) -> Iterator[Finding]:
    """In scripts without spaces, where no unit or noun can be told from its figure: its digits alone."""
    if not passages or not _WITHOUT_SPACES.search(says):
        return
    known = set(
        _DIGITS.findall(" ".join(passages[number] for number in cites or passages if number in passages))
    )
    for figure in _DIGITS.findall(says):
        if figure not in known:
            message = f"“{figure}” is in none of the passages cited: check it or leave it out."
            yield Finding("figure_unverified", "warning", message, shorten(says, 160))


def _with_marks(says: str, cites: Sequence[int]) -> str:
    """Each sentence as Markdown with the passages cited behind it."""
    marks = "".join(f"[^{number}]" for number in cites)
    return " ".join(f"{_UNMARKED.sub(r' ', sentence)}{marks}" for sentence in sentences(says))


def _of_length(made: ScriptMade, seconds: int) -> Iterator[Finding]:
    wanted, words = words_in(seconds, made.language), made.words
    if words > (1 + OFF_TARGET) * wanted:
        message = f"{words} words take about {made.seconds:.0f} s, not {seconds}: cut it to about {wanted}."
        yield Finding("too_long", "serious", message)
    elif words < (1 - OFF_TARGET) * wanted:
        message = f"{words} words take about {made.seconds:.0f} s, not {seconds}: about {wanted} are wanted."
        yield Finding("too_short", "serious", message)
    if not made.hook:
        yield Finding("no_hook", "serious", "It has no hook: open with the most telling fact.")


def _of_scenes(made: ScriptMade, seconds: int) -> Iterator[Finding]:
    most = most_scenes(seconds)
    if not FEWEST_SCENES <= len(made.scenes) <= most:
        message = f"It has {len(made.scenes)} scenes: make them {FEWEST_SCENES} to {most}."
        yield Finding("scenes", "serious", message)
    for number, scene in enumerate(made.scenes, 1):
        long = seconds_of(scene.says, made.language)
        if long > LONGEST_SCENE:
            message = (
                f"Scene {number} takes about {long:.0f} s: cut or part it, {LONGEST_SCENE:.0f} s at most."
            )
            yield Finding("scene_too_long", "warning", message, shorten(scene.says, 160))
    yield from _said_twice(made.scenes)


def _said_twice(scenes: Sequence[SceneMade]) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, scene in enumerate(scenes, 1):
        said = " ".join(scene.says.casefold().split())
        if said in seen:
            yield Finding(
                "said_twice", "warning", f"Scene {number} says what one before it says.", scene.says[:160]
            )
        seen.add(said)


def _of_wording(worded: Sequence[str]) -> Iterator[Finding]:
    for says in worded:
        if has_address(says):
            message = "An address cannot be read aloud: it was left out."
            yield Finding("address_read_aloud", "warning", message, shorten(says, 160))
        if _DIRECTION.search(says):
            message = "A stage direction would be read aloud: leave only what is said."
            yield Finding("stage_direction", "serious", message, shorten(says, 160))
