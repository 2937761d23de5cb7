"""How a piece did beside what is usual: against the others of its account, read at the same age."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nightdesk.desk.results.published import Published, Read

LEAST = 3
"""Publications of an account that must have been read at an age before one of them is called usual or not."""

AROUND = 15
"""Publications before it and after it that each is held against: an account that grows makes what came
later look better, whatever it is, and would have the rule praise what it did last."""


@dataclass(frozen=True)
class Compared:
    """`log` is the natural logarithm of what it reached over what is usual; 0 is exactly usual."""

    log: float
    age: int
    others: int

    @property
    def times(self) -> float:
        """2.0 for twice what is usual."""
        return math.exp(self.log)

    @property
    def says(self) -> str:
        age = f"{self.age} hours" if self.age < 48 else f"{self.age // 24} days"
        age = "an hour" if self.age == 1 else "a day" if self.age == 24 else age
        return (
            f"{self.times:.1f} times what is usual of its account after {age}, beside {self.others} others."
        )


def compared(rows: Iterable[Published]) -> dict[int, Compared]:
    """By publication; those that cannot be compared with enough others are left out.

    Counts of audiences differ by powers of ten, so they are compared by their logarithms (of one more, since
    0 has none), whose mean over the account's publications around it at that age is what is usual. The oldest
    age that can be compared is taken.
    """
    at: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.live_at, row.id)):
        for age, value in _by_age(row.reads):
            at[row.account_id, age].append((row.id, math.log1p(value)))
    found: dict[int, Compared] = {}
    for (_, age), some in sorted(at.items(), key=lambda one: one[0][1]):
        if len(some) < LEAST:
            continue
        for place, (number, log) in enumerate(some):
            near = _around(some, place)
            mean = sum(other for _, other in near) / len(near)
            found[number] = Compared(log - mean, age, len(near) - 1)
    return found


def _around(some: Sequence[tuple[int, float]], place: int) -> Sequence[tuple[int, float]]:
    """As many at the ends as in the middle."""
    first = max(min(place - AROUND, len(some) - 2 * AROUND - 1), 0)
    return some[first : first + 2 * AROUND + 1]


def _by_age(reads: Sequence[Read]) -> Iterable[tuple[int, int]]:
    """What was reached at each planned age; what a person asked for in between has none."""
    for read in reads:
        if read.age and (reached := read.reach) is not None:
            yield read.age, reached
