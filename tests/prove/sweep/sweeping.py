"""Does many attempts side by side and tells what came of them; every failure names what replays it."""

import os
import queue
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from sweep.attempt import Result

C = TypeVar("C")
S = TypeVar("S")
SHARE = float(os.environ.get("PROVE_SHARE", "1"))
"""Which share of the points `make prove` visits: `PROVE_SHARE=0.1` for a quick look."""

SIDE_BY_SIDE = int(os.environ.get("PROVE_SLOTS", "2"))

OVERLOADED = 3 * (os.cpu_count() or 1)
"""The load average above which a lease, here a tenth of that in service, may be lost without an interrupt."""

BY_BEING_SLOW = ("not brought to its end", "not within", "an item was parked", "the provider was asked")
"""How the violations begin that a lost lease brings about. What is in the database is wrong at any load."""


@dataclass
class Told:
    """All attempts of a sweep."""

    name: str
    results: list[Result] = field(default_factory=list)
    seconds: float = 0.0
    repeated: list[str] = field(default_factory=list)

    @property
    def reached(self) -> list[Result]:
        return [result for result in self.results if result.reached]

    @property
    def interrupts(self) -> int:
        return sum(result.interrupts for result in self.reached)

    @property
    def broken(self) -> list[Result]:
        return [result for result in self.results if result.violations]

    @property
    def longest_wait(self) -> float:
        return max((result.waited for result in self.results), default=0.0)

    def line(self, unit: str = "points") -> str:
        told = (
            f"{self.name} {unit}={self.interrupts} violations={len(self.broken)} seconds={self.seconds:.0f}"
        )
        told += f" longest_wait={self.longest_wait:.1f}s" if self.longest_wait else ""
        return f"{told} repeated={len(self.repeated)}: {'; '.join(self.repeated)}" if self.repeated else told

    def failures(self) -> str:
        """What broke, and what replays it."""
        return "\n".join(
            f"{self.name}: ONLY='{one.case}' {one.what}: {'; '.join(one.violations)}\n{one.log[-1500:]}"
            for one in self.broken[:5]
        )

    def missed(self) -> list[str]:
        """The places that were not come by: there are a few that only some runs pass."""
        return [result.case for result in self.results if not result.reached]


def sweep(name: str, slots: Sequence[S], cases: Iterable[C], act: Callable[[S, C], Result]) -> Told:
    """Has every case attempted, as many side by side as there are slots.

    What seems to have failed by the machine's overload alone is attempted again by itself, and told.
    """
    told, free = Told(name), queue.SimpleQueue[S]()
    for slot in slots:
        free.put(slot)

    def attempt(case: C) -> tuple[C, Result, bool]:
        slot = free.get()
        try:
            result = act(slot, case)
            if result.violations:
                print(f"\n{name} {result.case}: {result.violations[0][:300]}", flush=True)
            return case, result, _too_slow(result)
        finally:
            free.put(slot)

    began = time.monotonic()
    with ThreadPoolExecutor(len(slots)) as pool:
        attempted = list(pool.map(attempt, cases))
    for case, result, again in attempted:
        if again:
            told.repeated.append(f"{result.case}: {result.violations[0][:200]}")
        told.results.append(act(slots[0], case) if again else result)
    told.seconds = time.monotonic() - began
    return told


def _too_slow(result: Result) -> bool:
    """Whether all that is wrong may come of the machine's overload."""
    slow = bool(result.violations) and all(one.startswith(BY_BEING_SLOW) for one in result.violations)
    return slow and os.getloadavg()[0] > OVERLOADED


def share(cases: Sequence[C], of: float = SHARE) -> list[C]:
    """The cases, or evenly many fewer; `ONLY='settle.written#3'` leaves that one alone, to replay it."""
    if only := os.environ.get("ONLY"):
        return [case for case in cases if str(case) == only]
    if of >= 1 or not cases:
        return list(cases)
    step = min(max(round(1 / of), 1), len(cases))
    return list(cases)[step // 2 :: step]
