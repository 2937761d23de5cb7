"""Reads and writes what is usual for a site at an account, or different for one publication: a line each."""

import json
from collections.abc import Mapping
from typing import Any

from nightdesk.desk.errors import Invalid

MOST_OPTIONS = 40
PLAIN = {"true": True, "false": False, "yes": True, "no": False}
NUMBERS = ("cover_ms",)
LISTS = ("tags",)
"""Options that platforms take as a number, and as several with commas between."""


def options_of(typed: str) -> dict[str, Any]:
    """Lines of `name: value`. Raises `Invalid` for a line that is none."""
    found: dict[str, Any] = {}
    for line in typed.splitlines():
        name, colon, value = line.partition(":")
        if not line.strip():
            continue
        if not (colon and name.strip() and value.strip()):
            raise Invalid(
                "options", f"Write one option a line, as in `category: News`; “{line.strip()[:60]}” is none."
            )
        found[name.strip()[:60]] = _value(name.strip(), value.strip()[:1000])
    if len(found) > MOST_OPTIONS:
        raise Invalid("options", f"At most {MOST_OPTIONS} options.")
    return found


def spelled(options: Mapping[str, Any]) -> str:
    """Options as lines that `options_of` reads."""
    return "\n".join(f"{name}: {_spelled(value)}" for name, value in options.items())


def _value(name: str, typed: str) -> Any:
    if name in NUMBERS and typed.isascii() and typed.isdigit():
        return int(typed[:9])
    if name in LISTS:
        return [one.strip() for one in typed.split(",") if one.strip()]
    return PLAIN.get(typed.lower(), typed)


def _spelled(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value)
