"""How many requests a caller may make: a bucket of tokens each, in this process's memory and no more of it
than for the callers that were there last."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_BUCKETS = 20_000
"""Kept at once; who has not called for longest is forgotten first, and begins with a full bucket again."""

BURST = 1 / 4
"""Of a minute's requests: how many may come at once."""

HEAVY = 1 / 10
"""Of a minute's requests: how many may be of those that set much work going, with half of them at once."""


@dataclass(frozen=True)
class Rate:
    """Tokens that come back in a second, and how many a bucket holds."""

    a_second: float
    holds: float


class Pace:
    """Says whether a caller may go on; `a_minute` requests of each, or any number where it is 0."""

    def __init__(
        self, a_minute: int, monotonic: Callable[[], float], most_buckets: int = MOST_BUCKETS
    ) -> None:
        self.a_minute, self._monotonic, self._most = a_minute, monotonic, most_buckets
        heavy = a_minute * HEAVY
        self._usual = Rate(a_minute / 60, max(a_minute * BURST, 1.0))
        self._heavy = Rate(heavy / 60, max(heavy / 2, 1.0))
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """What each bucket held, and when."""

    def wait(self, caller: str, weight: float = 1.0, *, heavy: bool = False) -> float:
        """0 where the request may go on, which it then takes `weight` tokens for; else the seconds until
        it may, and it takes nothing. `heavy`: it must have its token in the smaller bucket too."""
        now = self._monotonic()
        left, longest = self._left(caller, weight, heavy, now)
        if longest > 0:
            return longest
        for name, level in left:
            self._levels[name] = level, now
            self._levels.move_to_end(name)
        while len(self._levels) > self._most:
            self._levels.popitem(last=False)
        return 0.0

    def short(self, caller: str, weight: float = 1.0, *, heavy: bool = False) -> float:
        """What `wait` would say; nothing is taken, and who has not been counted yet stays unknown."""
        return self._left(caller, weight, heavy, self._monotonic())[1]

    def _left(
        self, caller: str, weight: float, heavy: bool, now: float
    ) -> tuple[list[tuple[str, float]], float]:
        """What the buckets would hold after the request, and the seconds that it is short of."""
        if not self.a_minute:
            return [], 0.0
        asked = [(f"usual {caller}", self._usual, weight)]
        if heavy:
            asked.append((f"heavy {caller}", self._heavy, 1.0))
        left = [(name, self._level(name, rate, now) - take) for name, rate, take in asked]
        short = (-level / rate.a_second for (_, level), (_, rate, _) in zip(left, asked, strict=True))
        return left, max(0.0, *short)

    def _level(self, name: str, rate: Rate, now: float) -> float:
        level, at = self._levels.get(name, (rate.holds, now))
        return min(level + (now - at) * rate.a_second, rate.holds)

    def __len__(self) -> int:
        """How many buckets are kept."""
        return len(self._levels)
