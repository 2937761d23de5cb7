"""Reading back how pieces did: what a publisher may be able to do beside publishing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

MOST_AT_ONCE = 50
"""Pieces that are asked about in one call of `measure`: what YouTube's `videos.list` takes of ids."""


@dataclass(frozen=True)
class Measured:
    """What a platform counted of a piece so far; None for a number that it does not tell."""

    views: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None


@runtime_checkable
class Measures(Protocol):
    """A publisher whose platform tells how its pieces did."""

    async def measure(self, remote_ids: Sequence[str]) -> Mapping[str, Measured]:
        """By their numbers there, at most `MOST_AT_ONCE`; what the platform does not show is left out.

        Asks only, so that it may be repeated. Raises `Later`, `NeedsPerson`, `Refused`.
        """


def counted(value: object) -> int | None:
    """A platform's number, which some write as a text; None where it is none or below 0."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 19:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63:
        return value
    return None
