"""Figures over what was published: sums, days, platforms, sites, and what did better or worse than usual."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate, pairwise
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from nightdesk.desk.results.published import COUNTS, Count, Published, Read
from nightdesk.desk.results.usual import Compared

Key = TypeVar("Key")

OLD_ENOUGH = 24.0
"""Hours after which a piece may be called one that did less than usual."""


@dataclass(frozen=True)
class Sums:
    """How many went out, of how many something was told, and the newest counts together; None: none told."""

    published: int
    measured: int
    views: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None


@dataclass(frozen=True)
class DayResult:
    """What went out on a day, and what all pieces gained on it."""

    day: date
    published: int = 0
    gained: Mapping[str, int] = field(default_factory=dict)

    def of(self, name: Count) -> int:
        return self.gained.get(name, 0)


@dataclass(frozen=True)
class Ranked:
    """A publication, its newest counts, and how it did beside what is usual for its account at its age.

    `times` is 2.0 for twice the usual; None where there is too little to compare it with.
    """

    publication: Published
    views: int | None
    likes: int | None
    comments: int | None
    shares: int | None
    times: float | None
    says: str


def sums(rows: Iterable[Published]) -> Sums:
    """Of all of them together."""
    rows = list(rows)
    told: dict[str, int | None] = {}
    for name in COUNTS:
        found = [value for row in rows if (value := row.count(name)) is not None]
        told[name] = sum(found) if found else None
    return Sums(len(rows), sum(bool(row.reads) for row in rows), **told)


def by(rows: Iterable[Published], key: Callable[[Published], Key]) -> dict[Key, Sums]:
    """The sums of each group, that which did most first."""
    groups: dict[Key, list[Published]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    found = {name: sums(of) for name, of in groups.items()}
    return dict(sorted(found.items(), key=lambda one: (-(one[1].views or 0), -one[1].published)))


def days(rows: Iterable[Published], first: date, last: date, zone: ZoneInfo) -> list[DayResult]:
    """Each day of the span. What was gained between two readings is spread evenly over the time between."""
    out: dict[date, int] = defaultdict(int)
    gained: dict[date, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows:
        out[row.live_at.astimezone(zone).date()] += 1
        for name in COUNTS:
            for day, share in _spread(row, name, zone):
                gained[day][name] += share
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    whole = {name: _whole([gained[day][name] for day in span]) for name in COUNTS}
    return [
        DayResult(day, out[day], {name: whole[name][at] for name in COUNTS}) for at, day in enumerate(span)
    ]


def _whole(shares: Sequence[float]) -> list[int]:
    """Whole numbers that add up as the shares do: what is rounded off one day is kept for the next."""
    upto = [round(total, 6) for total in accumulate(shares, initial=0.0)]
    return [round(after) - round(before) for before, after in pairwise(upto)]


def _spread(row: Published, name: Count, zone: ZoneInfo) -> Iterable[tuple[date, float]]:
    before_at, before = row.live_at, 0
    for read in row.reads:
        value = getattr(read, name)
        if value is None:
            continue
        # A platform that takes counts back (of machines) takes nothing from a day on which they stood.
        more = max(value - before, 0)
        if more:
            yield from _over(before_at, read.at, more, zone)
        before_at, before = max(read.at, before_at), max(value, before)


def _over(start: datetime, end: datetime, more: float, zone: ZoneInfo) -> Iterable[tuple[date, float]]:
    whole = (end - start).total_seconds()
    if whole <= 0:
        yield end.astimezone(zone).date(), more
        return
    at = start
    while at < end:
        day = at.astimezone(zone).date()
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)
        upto = min(end, midnight.astimezone(start.tzinfo))
        yield day, more * (upto - at).total_seconds() / whole
        at = upto


def ranked(rows: Sequence[Published], compared: Mapping[int, Compared]) -> list[Ranked]:
    """Each piece once, by the publication of it that did best; the one that did most first."""
    best: dict[Any, Ranked] = {}
    for row in rows:
        last = row.last
        if last is None:
            continue
        one = _ranked(row, compared.get(row.id))
        known = best.get(row.piece)
        if known is None or _order(one) > _order(known):
            best[row.piece] = one
    return sorted(best.values(), key=_order, reverse=True)


def under(rows: Sequence[Published], compared: Mapping[int, Compared], now: datetime) -> list[Ranked]:
    """Pieces that did less than is usual wherever they are, a day or more after they went out."""
    of_piece: dict[Any, list[Ranked]] = defaultdict(list)
    for row in rows:
        if row.reads and now - row.live_at >= timedelta(hours=OLD_ENOUGH):
            one = _ranked(row, compared.get(row.id))
            if one.times is not None:
                of_piece[row.piece].append(one)
    found = [max(some, key=lambda one: one.times or 0.0) for some in of_piece.values()]
    low = [one for one in found if one.times is not None and one.times < 1.0]
    return sorted(low, key=lambda one: one.times or 0.0)


def _ranked(row: Published, compared: Compared | None) -> Ranked:
    counts = {name: row.count(name) for name in COUNTS}
    times = compared.times if compared else None
    return Ranked(row, **counts, times=times, says=compared.says if compared else _UNCOMPARED)


_UNCOMPARED = "Too few pieces of its account were read at its age to say what is usual."


def _order(one: Ranked) -> tuple[int, int]:
    last: Read | None = one.publication.last
    reached = last.reach if last else None
    return (one.views if one.views is not None else -1, reached if reached is not None else -1)
