"""Reads a provider's script into the scenes that are voiced; a refusal posing as a script is told plainly."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from nightdesk.kit.endings import Refused
from nightdesk.kit.text import shorten
from nightdesk.lines.video.scripting.made import Part, SceneMade, ScriptBrief, ScriptMade
from nightdesk.lines.video.scripting.posting import cut
from nightdesk.lines.video.scripting.speaking import spoken, without_addresses
from nightdesk.providers.text.video_questions import ScriptWritten

_DECLINED = re.compile(
    r"^\W*(?:(?:i['’]m|i am|we are) (?:sorry|unable)|sorry,|as an ai\b"
    r"|i (?:can['’]?t|cannot|can not|won['’]t|am not able to)\b|es tut mir leid|lo siento|no puedo\b"
    r"|ich kann (?:dir |ihnen )?(?:dabei |das |diese\w* )?(?:\w+ )?nicht|je suis désolée?|je ne peux pas"
    r"|mi dispiace|non posso|desculpe|não posso|het spijt me)",
    re.I,
)
_ASKS_ANEW = "Change the topic or its summary, or choose another text model for this site."
_TAG = re.compile(r"[^\w]+")


def script_of(written: ScriptWritten, brief: ScriptBrief, label: str) -> ScriptMade:
    """The script as it is kept, without its checks. Raises `Refused` where nothing in it can be said."""
    first = written.hook or written.scenes[0].says
    if _DECLINED.match(first) or (_DECLINED.match(written.scenes[0].says) and len(written.scenes) <= 2):
        raise Refused(
            f"{label} declined to write this script: “{shorten(first, 200)}” {_ASKS_ANEW}",
            written.model_dump_json(),
        )
    known = {passage.number: passage.document for passage in brief.passages}
    scenes = [scene for scene in _scenes(written, brief, frozenset(known)) if scene.says]
    if not any(scene.part == "body" for scene in scenes):
        raise Refused(
            f"{label} gave a script in which nothing is said. {_ASKS_ANEW}", written.model_dump_json()
        )
    used = dict.fromkeys(known[number] for scene in scenes for number in scene.cites)
    return ScriptMade(
        title=shorten(spoken(written.title) or brief.title, brief.limits.title),
        language=brief.language,
        scenes=scenes,
        description=cut(without_addresses(written.description), brief.limits.description),
        hashtags=_hashtags(written.hashtags)[: brief.limits.hashtags],
        label=label,
        documents=list(used),
    )


def _scenes(written: ScriptWritten, brief: ScriptBrief, known: frozenset[int]) -> Iterator[SceneMade]:
    two = brief.kind == "dialogue"
    prompts = [scene.prompt for scene in written.scenes if scene.prompt] or [f"{brief.title}."]
    hooked = _known(written.hook_cites, known)
    yield SceneMade("hook", "", spoken(written.hook), 0, spoken(prompts[0]), hooked)
    part: Part = "body"
    for scene in written.scenes:
        speaker: Literal[0, 1] = scene.speaker if two else 0
        prompt = spoken(scene.prompt) or f"{scene.heading or brief.title}."
        cites = _known(scene.cites, known)
        yield SceneMade(part, spoken(scene.heading), spoken(scene.says), speaker, prompt, cites)
    yield SceneMade("cta", "", spoken(written.cta), 0, spoken(prompts[-1]))


def _known(cites: Sequence[int], known: frozenset[int]) -> tuple[int, ...]:
    return tuple(number for number in dict.fromkeys(cites) if number in known)


def _hashtags(given: Sequence[str]) -> list[str]:
    """Each once, as `#` and letters, digits and underscores, the only ones that platforms link."""
    bare = (_TAG.sub("", tag) for tag in given)
    return list({tag.casefold(): f"#{tag}" for tag in bare if tag and not tag.isdigit()}.values())
