"""The facts that a site may be given, each looked at before it is kept."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nightdesk.desk import video_facts
from nightdesk.desk.errors import Invalid
from nightdesk.desk.inputs import storable
from nightdesk.publishers import KINDS

PLATFORMS: Collection[str] = KINDS
"""Where pieces can go: what publishers there are, in the order of their registry."""

MOST_A_DAY = 50
HIGHEST_FLOOR = 500
LARGEST_BUDGET = 10_000_000
MODES = ("review_first", "auto_publish")
"""Pieces wait for a person, or go out by themselves where an owner signed a rule for it."""

LONGEST_PROMPT = 20_000
LONGEST_TEXT = {"subject": 300, "audience": 500, "voice": 2000, "style": 2000}
CALLED = {"subject": "A subject", "audience": "What is said of the readers", "voice": "A voice"}
_COLOUR = (re.compile(r"#[0-9a-fA-F]{6}"), "A colour is written like #1d3557.")
_NAMED = re.compile(r"[a-z]{1,20}")
_LOOKS = {
    "logo": (re.compile(r"[0-9a-f]{64}"), "A logo is named by the SHA-256 of its file."),
    "typeface": (re.compile(r"sans|serif"), "A typeface is `sans` or `serif`."),
}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def checked(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as they are kept. Raises `Invalid` for one that a site has not, or that cannot be taken."""
    kept: dict[str, Any] = {}
    for name, value in facts.items():
        if name not in _CHECKS:
            raise Invalid(name, f"A site has no `{name}` that can be set.")
        kept[name] = _CHECKS[name](name, value)
    return kept


def _name(field: str, value: Any) -> str:
    name = _storable(field, str(value)).strip()
    if not 1 <= len(name) <= 120:
        raise Invalid(field, "A site's name has 1 to 120 characters.")
    return name


def _text(field: str, value: Any) -> str:
    text, most = _storable(field, str(value)), LONGEST_TEXT[field]
    if len(text) > most:
        raise Invalid(field, f"{CALLED.get(field, 'A style')} has {most:,} characters at most.")
    return text


def _storable(field: str, text: str) -> str:
    try:
        return storable(text)
    except ValueError as error:
        raise Invalid(field, f"This cannot be kept: {error}.") from error


def _language(field: str, value: Any) -> str:
    if not _LANGUAGE.fullmatch(str(value)):
        raise Invalid(field, f"`{value}` is no language; write it like `en` or `pt-BR`.")
    return str(value)


def _zone(field: str, value: Any) -> str:
    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(field, f"`{value}` is no time zone; try `Europe/Berlin`.") from error
    return str(value)


def _object(field: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Invalid(field, "This is to be an object.")
    return value


def _brand(field: str, value: Any) -> dict[str, str]:
    """Colours by their names, `logo` by the SHA-256 of its file, `typeface`; what is empty is left out."""
    given = {name: one for name, one in _object(field, value).items() if one not in ("", None)}
    for name, one in given.items():
        if not _NAMED.fullmatch(name):
            raise Invalid(f"{field}.{name}", f"A brand has no `{name}` that can be set.")
        pattern, says = _LOOKS.get(name, _COLOUR)
        if not isinstance(one, str) or not pattern.fullmatch(one):
            raise Invalid(f"{field}.{name}", says)
    return given


def _prompts(field: str, value: Any) -> dict[str, str]:
    """Instructions by the name of their stage."""
    given = _object(field, value)
    for name, one in given.items():
        if not isinstance(one, str) or len(one) > LONGEST_PROMPT:
            raise Invalid(f"{field}.{name}", f"Instructions have at most {LONGEST_PROMPT:,} characters.")
        _storable(f"{field}.{name}", name + one)
    return given


def _hours(field: str, value: Any) -> list[int]:
    """In the order of the day, each once."""
    if not isinstance(value, list) or not all(_whole(one, 0, 23) for one in value):
        raise Invalid(field, "Hours are whole numbers from 0 to 23.")
    return sorted(set(value))


def _platforms(field: str, value: Any) -> list[str]:
    """In our own order, each once."""
    if not isinstance(value, list) or not all(one in PLATFORMS for one in value):
        raise Invalid(field, f"Platforms are some of {', '.join(PLATFORMS)}.")
    return [one for one in PLATFORMS if one in value]


def _mode(field: str, value: Any) -> str:
    if value not in MODES:
        raise Invalid(field, f"One of {', '.join(MODES)}.")
    return str(value)


def _number(least: int, most: int) -> Callable[[str, Any], int]:
    def found(field: str, value: Any) -> int:
        if not _whole(value, least, most):
            raise Invalid(field, f"A whole number from {least} to {most}.")
        return int(value)

    return found


def _whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


_CHECKS: Mapping[str, Callable[[str, Any], Any]] = {
    "name": _name,
    **dict.fromkeys(LONGEST_TEXT, _text),
    "language": _language,
    "timezone": _zone,
    "brand": _brand,
    "prompts": _prompts,
    "hours": _hours,
    "platforms": _platforms,
    "posts_a_day": _number(1, MOST_A_DAY),
    "floor": _number(0, HIGHEST_FLOOR),
    "generation_mode": _mode,
    "videos_a_day": _number(0, MOST_A_DAY),
    "day_budget": _number(0, LARGEST_BUDGET),
    "piece_budget": _number(0, LARGEST_BUDGET),
    "video": video_facts.checked,
}
