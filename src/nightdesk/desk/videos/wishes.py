"""What a video that is asked for is to be like, looked at before anything is kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nightdesk.desk.errors import Invalid
from nightdesk.desk.inputs import storable
from nightdesk.desk.site_facts import PLATFORMS
from nightdesk.desk.video_facts import CAPTIONS, FORMATS, LONGEST, SHORTEST
from nightdesk.kit.endings import Refused
from nightdesk.lines.video.scripting.custom import from_custom
from nightdesk.lines.video.usual import NO_CAPTIONS, captions_of, usual
from nightdesk.store.tables.tenancy import Site

KINDS = ("explainer", "list", "story", "dialogue")
MOST_VARIANTS = 5
USUAL_KIND = "explainer"
USUAL_PLATFORMS = ("youtube", "instagram", "tiktok")
"""Where videos go of a site that names no platform: those that show nothing but videos."""

LONGEST_OF = {"topic": 300, "name": 160, "character": 1000, "voice": 100, "second_voice": 100}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True)
class VideoWish:
    """A video that somebody wants; what is None or empty is as the site has it.

    It is about `topic`, or the site's topic `topic_id`, or says `custom_script`; of none of them it takes the
    site's best topic. `seconds` is how long it shall be, `count` how many variants of it. `model` is who
    films it, by a name of `desk.clip_makers`; one that is not set up is kept, and the site's choice does it.
    """

    topic: str = ""
    topic_id: int | None = None
    custom_script: str = ""
    kind: str = USUAL_KIND
    shape: str = ""
    seconds: int | None = None
    language: str = ""
    voice: str = ""
    second_voice: str = ""
    captions: str = ""
    character: str = ""
    platforms: Sequence[str] = ()
    count: int = 1
    name: str = ""
    publish: bool = False
    music: bool = True
    model: str = ""


def checked(wish: VideoWish, site: Site) -> dict[str, Any]:
    """The columns of such a video, all but its topic. Raises `Invalid` for the first field that is wrong."""
    as_site = usual(site)
    facts: dict[str, Any] = {
        "title": _text("name", wish.name),
        "character": _text("character", wish.character),
        "kind": one_of("kind", wish.kind or USUAL_KIND, KINDS),
        "shape": one_of("shape", wish.shape or as_site["shape"], FORMATS),
        "target": seconds("seconds", wish.seconds or as_site["target"]),
        "language": language("language", wish.language or site.language),
        "voice": _text("voice", wish.voice or site.video.get("voice") or ""),
        "second_voice": _text("second_voice", wish.second_voice),
        "captions": captions("captions", wish.captions or captions_of(site)),
        "platforms": platforms("platforms", wish.platforms or site.platforms or USUAL_PLATFORMS),
        "publish": wish.publish,
        "music": wish.music,
        "model": wish.model.strip()[:120],
    }
    if not isinstance(wish.count, int) or not 1 <= wish.count <= MOST_VARIANTS:
        raise Invalid("count", f"From 1 to {MOST_VARIANTS} variants of a video are made in one go.")
    _text("topic", wish.topic)
    if wish.topic.strip() and wish.topic_id is not None:
        raise Invalid("topic_id", "Name a topic or the number of one, not both.")
    facts["custom_script"] = script("custom_script", wish.custom_script, facts["target"], facts["language"])
    return facts


def changed(facts: dict[str, Any], target: int, spoken: str) -> dict[str, Any]:
    """Facts of a video that are to be changed, as they are kept. Raises `Invalid`.

    `target` seconds and the language `spoken` are those that it has so far.
    """
    checks: dict[str, Any] = {
        "title": lambda value: _text("title", value, 160),
        "character": lambda value: _text("character", value),
        "topic": lambda value: _text("topic", value, least=3),
        "kind": lambda value: one_of("kind", value, KINDS),
        "shape": lambda value: one_of("shape", value, FORMATS),
        "target": lambda value: seconds("target", value),
        "language": lambda value: language("language", value),
        "voice": lambda value: _text("voice", value),
        "second_voice": lambda value: _text("second_voice", value),
        "captions": lambda value: captions("captions", value),
        "platforms": lambda value: platforms("platforms", value),
        "music": lambda value: _yes("music", value),
        "custom_script": lambda value: script(
            "custom_script", value, facts.get("target", target), facts.get("language", spoken)
        ),
    }
    if unknown := facts.keys() - checks.keys():
        raise Invalid(min(unknown), f"A video has no `{min(unknown)}` that can be changed.")
    return {name: checks[name](value) for name, value in facts.items()}


def _yes(field: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Invalid(field, "Either true or false.")
    return value


def one_of(field: str, value: Any, known: Sequence[str]) -> str:
    if value not in known:
        raise Invalid(field, f"One of {', '.join(known)}.")
    return str(value)


def seconds(field: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not SHORTEST <= value <= LONGEST:
        raise Invalid(field, f"Videos take from {SHORTEST} to {LONGEST} whole seconds.")
    return value


def language(field: str, value: Any) -> str:
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise Invalid(field, "A language is written like `en` or `pt-BR`.")
    return value


def captions(field: str, value: Any) -> str:
    """The style as it is kept: empty for none."""
    found = one_of(field, value or NO_CAPTIONS, CAPTIONS)
    return "" if found == NO_CAPTIONS else found


def platforms(field: str, value: Any) -> list[str]:
    """In our own order, each once."""
    for name in value:
        one_of(field, name, tuple(PLATFORMS))
    return [name for name in PLATFORMS if name in value]


def script(field: str, value: Any, target: int, spoken: str) -> str:
    """A person's own script: something in it can be said."""
    if not isinstance(value, str):
        raise Invalid(field, "A script is a text.")
    if not value.strip():
        return ""
    text = _kept(field, value).strip()
    try:
        from_custom(text, target, spoken)
    except Refused as refused:
        raise Invalid(field, refused.why) from refused
    return text


def _text(field: str, value: Any, most: int | None = None, least: int = 0) -> str:
    text = _kept(field, str(value)).strip()
    most = most or LONGEST_OF[field]
    if len(text) > most:
        raise Invalid(field, f"At most {most:,} characters.")
    if len(text) < least:
        raise Invalid(field, f"At least {least} characters.")
    return text


def _kept(field: str, value: str) -> str:
    try:
        return storable(value)
    except ValueError as error:
        raise Invalid(field, f"{error}"[:1].upper() + f"{error}"[1:] + ".") from error
