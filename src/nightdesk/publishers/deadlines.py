"""How long a platform may take for a call and for an upload: usual numbers, and an account's own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from nightdesk.kit.endings import NeedsPerson
from nightdesk.publishers.fields import Field

CALL, UPLOAD = 60.0, 300.0
"""Seconds for each read and write, where the account says nothing else."""

LEAST, MOST_CALL, MOST_UPLOAD = 5, 100, 1500
"""What an account may set. The engine lets asking take 120 seconds in all, and publishing 1,800: each call is
ended by its own limit before those are over."""

FIELDS = (
    Field(
        "call_seconds",
        "Seconds for a call",
        f"How long the platform may stay silent: {LEAST} to {MOST_CALL}.",
        required=False,
        pattern=r"[5-9]|[1-9]\d|100",
        default=f"{CALL:.0f}",
        seldom=True,
    ),
    Field(
        "upload_seconds",
        "Seconds for an upload",
        f"The same while a file is sent: {LEAST} to {MOST_UPLOAD}.",
        required=False,
        pattern=r"[5-9]|[1-9]\d{1,2}|1[0-4]\d\d|1500",
        default=f"{UPLOAD:.0f}",
        seldom=True,
    ),
)


@dataclass(frozen=True)
class Deadlines:
    """Seconds for each read and write of a call, and of one that carries a file or a part of one."""

    call: float = CALL
    upload: float = UPLOAD


L = TypeVar("L", bound=Deadlines)


def kept_to(config: Mapping[str, Any], usual: L) -> L:
    """The usual limits, with the account's own seconds in them where it has some.

    Raises `NeedsPerson` for what is no number of seconds, or one beyond what it may be.
    """
    own = {
        name: _seconds(field, config[field.name], most)
        for name, field, most in zip(("call", "upload"), FIELDS, (MOST_CALL, MOST_UPLOAD), strict=True)
        if config.get(field.name)
    }
    return replace(usual, **own)


def _seconds(field: Field, given: Any, most: int) -> float:
    said = str(given)
    if not (said.isascii() and said.isdecimal() and LEAST <= int(said[:6]) <= most):
        raise NeedsPerson(f"“{field.title}” must be a whole number from {LEAST} to {most:,}: put it right.")
    return float(said)
