"""Keeps to the number of searches that a library allows, by what its answers say of it."""

from collections.abc import Mapping

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Later
from nightdesk.providers.services.complaints import LONGEST_WAIT

_A_MOMENT = 100_000_000


class Allowance:
    """What is left of one account's searches; `who` names the library for people."""

    def __init__(self, who: str, clock: Clock) -> None:
        self._who, self._clock = who, clock
        self._opens = 0.0

    def check(self) -> None:
        """Raises `Later` while nothing is left, without asking."""
        left = self._opens - self._clock.monotonic()
        if left > 0:
            raise Later(f"{self._who} allows no more searches for {left:.0f} s", min(left, LONGEST_WAIT))

    def note(self, headers: Mapping[str, str]) -> float | None:
        """Remembers what an answer says; gives the seconds until there is more, where it says so.

        `X-RateLimit-Reset` is a moment in seconds since 1970 with Pexels, a number of seconds with Pixabay.
        """
        seconds = self._until_reset(headers.get("x-ratelimit-reset", ""))
        if seconds is not None and headers.get("x-ratelimit-remaining", "").strip() == "0":
            self._opens = self._clock.monotonic() + seconds
        return seconds

    def _until_reset(self, spelled: str) -> float | None:
        spelled = spelled.strip()
        if not (spelled.isascii() and spelled.isdigit()):
            return None
        told = float(spelled[:12])
        seconds = told - self._clock.now().timestamp() if told > _A_MOMENT else told
        return min(max(seconds, 0.0), 24 * 3600.0)
