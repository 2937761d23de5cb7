"""What looking at a finished video hands back: a verdict a check, and the worst of them for the whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["ok", "warn", "fail"]
_RANK: Mapping[Status, int] = {"ok": 0, "warn": 1, "fail": 2}


@dataclass(frozen=True)
class Check:
    """One verdict; `message` says what was found and, where it is not well, what to do about it."""

    name: str
    status: Status
    message: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "status": self.status,
            "message": self.message,
            "facts": dict(self.facts),
        }


@dataclass(frozen=True)
class Report:
    """All verdicts on one file.

    `signature`: a number for each second, by which later videos find out whether they show the same again;
    to be kept with the video and handed in as the past of those that follow.
    """

    checks: tuple[Check, ...]
    signature: tuple[int, ...] = ()

    @property
    def status(self) -> Status:
        return max((check.status for check in self.checks), key=lambda status: _RANK[status], default="ok")

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that should keep the video from being published."""
        return tuple(check for check in self.checks if check.status == "fail")

    def as_json(self) -> dict[str, Any]:
        """Plain lists, dicts, strings and numbers, ready for a JSON column."""
        return {
            "status": self.status,
            "checks": [check.as_json() for check in self.checks],
            "signature": list(self.signature),
        }
