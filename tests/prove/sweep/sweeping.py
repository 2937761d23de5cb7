"""Does many attempts side by side and tells what came of them; every failure names what replays it."""

import os
import queue
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from sweep.attempt import Slot

SHARE = float(os.environ.get("PROVE_SHARE", "1"))
"""Which share of the points `make prove` visits: `PROVE_SHARE=0.1` for a quick look."""

SIDE_BY_SIDE = int(os.environ.get("PROVE_SLOTS", "2"))


@dataclass
class Result:
    """One attempt: `case` replays it (`KILL_AT=57`), `what` says where that is."""

    case: str
    what: str
    reached: bool
    violations: list[str]
    interrupts: int = 1
    waited: float = 0.0
    log: str = ""


@dataclass
class Told:
    """All attempts of a sweep."""

    name: str
    results: list[Result] = field(default_factory=list)
    seconds: float = 0.0

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
        return f"{told} longest_wait={self.longest_wait:.1f}s" if self.longest_wait else told

    def failures(self) -> str:
        """What broke, and the line that replays it."""
        return "\n".join(
            f"{self.name} {one.case} ({one.what}): {'; '.join(one.violations)}\n{one.log[-1500:]}"
            for one in self.broken[:5]
        )


def sweep(
    name: str, slots: Sequence[Slot], cases: Iterable[object], act: Callable[[Slot, object], Result]
) -> Told:
    """Has every case attempted, as many side by side as there are slots."""
    told, free = Told(name), queue.SimpleQueue[Slot]()
    for slot in slots:
        free.put(slot)

    def attempt(case: object) -> Result:
        slot = free.get()
        try:
            return act(slot, case)
        finally:
            free.put(slot)

    began = time.monotonic()
    with ThreadPoolExecutor(len(slots)) as pool:
        told.results = list(pool.map(attempt, cases))
    told.seconds = time.monotonic() - began
    return told


def share(numbers: Sequence[int], of: float = SHARE) -> list[int]:
    """The numbers, or evenly many fewer; `ONLY=57` (or `57,58`) leaves those alone, to replay them."""
    if only := os.environ.get("ONLY"):
        return [int(number) for number in only.split(",")]
    if of >= 1:
        return list(numbers)
    step = min(max(round(1 / of), 1), len(numbers))
    return list(numbers)[step // 2 :: step]
