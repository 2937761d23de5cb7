"""What a site's results teach: which hooks, formats, hours and topics did better than usual, how surely."""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.results.credibility import Believed, believed
from nightdesk.desk.results.hooks import format_of, hook_of
from nightdesk.desk.results.published import Published, published
from nightdesk.desk.results.usual import compared
from nightdesk.quality.words import content_words
from nightdesk.store import growth
from nightdesk.store.growth import ENOUGH, Arm, arm_of
from nightdesk.store.tables.tenancy import Site

Key = TypeVar("Key")

LOOKED_BACK = timedelta(days=180)
LIKE = 0.3
"""Share of words that two titles have in common from which their topics are of one kind, as topics are
scored by."""


@dataclass(frozen=True)
class Subject:
    """Pieces whose titles are alike: the first one's title stands for all."""

    title: str
    stems: frozenset[str]
    believed: Believed


@dataclass(frozen=True)
class ArmResult:
    """How the pieces of one part did: how many, the mean of their logarithms, and its standard error."""

    count: int
    mean: float
    error: float | None


@dataclass(frozen=True)
class Learned:
    """Of `pieces` that could be compared; every estimate is a logarithm, 0 is as usual."""

    pieces: int = 0
    hooks: Mapping[str, Believed] = field(default_factory=dict)
    formats: Mapping[str, Believed] = field(default_factory=dict)
    hours: Mapping[tuple[str, int], Believed] = field(default_factory=dict)
    """By platform and hour of the day in the site's zone."""
    subjects: Sequence[Subject] = ()
    arms: Mapping[Arm, ArmResult] = field(default_factory=dict)

    def subject(self, stems: frozenset[str]) -> Subject | None:
        """The one that a title is most like."""
        near = ((_likeness(stems, one.stems), one) for one in self.subjects if stems & one.stems)
        found = max(near, key=lambda pair: pair[0], default=None)
        return found[1] if found and found[0] >= LIKE else None


async def learned_of(session: AsyncSession, site: Site, now: datetime) -> Learned:
    """From what the site published in the last half year."""
    rows = await published(session, site.workspace_id, now - LOOKED_BACK, now, site.id)
    begun, over = await growth.followed(session, site.workspace_id, site.id)
    of_rule = frozenset(row.id for row in rows if begun <= row.live_at < (over or now))
    return learn(rows, ZoneInfo(site.timezone), site.id, of_rule)


def learn(
    rows: Sequence[Published], zone: ZoneInfo, site_id: int, of_rule: Collection[int] | None = None
) -> Learned:
    """From a site's publications. A piece that went to several accounts counts once, by its mean.

    `of_rule`: those that went out while results were followed; all, unless told.
    """
    logs = {number: one.log for number, one in compared(rows).items()}
    known = [row for row in rows if row.id in logs]
    pieces: dict[tuple[str, int], list[Published]] = defaultdict(list)
    for row in known:
        pieces[row.piece].append(row)
    one_each = sorted(
        ((of[0], sum(logs[row.id] for row in of) / len(of)) for of in pieces.values()),
        key=lambda one: (one[0].live_at, one[0].id),
    )
    hours = _grouped(((row, logs[row.id]) for row in known), lambda row: _hour(row, zone))
    by_platform: dict[tuple[str, int], Believed] = {}
    for platform in {key[0] for key in hours}:
        by_platform |= believed({key: some for key, some in hours.items() if key[0] == platform})
    return Learned(
        len(one_each),
        believed(_grouped(one_each, hook_of)),
        believed(_grouped(one_each, format_of)),
        by_platform,
        _subjects(one_each),
        # Of those before, results were not followed yet, whatever their part.
        _arms([one for one in one_each[ENOUGH:] if of_rule is None or one[0].id in of_rule], site_id),
    )


def _grouped(
    some: Iterable[tuple[Published, float]], key: Callable[[Published], Key]
) -> dict[Key, list[float]]:
    groups: dict[Key, list[float]] = defaultdict(list)
    for row, log in some:
        groups[key(row)].append(log)
    return groups


def _hour(row: Published, zone: ZoneInfo) -> tuple[str, int]:
    return row.platform, row.live_at.astimezone(zone).hour


def _subjects(pieces: Sequence[tuple[Published, float]]) -> list[Subject]:
    """Each piece joins the first subject that its title is like, else it begins one; so no chain of likes
    joins what is not alike."""
    leaders: list[tuple[str, frozenset[str]]] = []
    groups: dict[int, list[float]] = defaultdict(list)
    for row, log in pieces:
        stems = content_words(row.title)
        near = ((_likeness(stems, one[1]), -at) for at, one in enumerate(leaders))
        best = max(near, default=(0.0, 0))
        at = -best[1] if best[0] >= LIKE else len(leaders)
        if at == len(leaders):
            leaders.append((row.title, stems))
        groups[at].append(log)
    found = believed(groups)
    return [Subject(*leaders[at], one) for at, one in found.items()]


def _arms(pieces: Sequence[tuple[Published, float]], site_id: int) -> dict[Arm, ArmResult]:
    groups = _grouped(
        ((row, log) for row, log in pieces if row.topic), lambda row: arm_of(f"{site_id}:{row.topic}")
    )
    return {arm: _result(values) for arm, values in groups.items()}


def _result(values: Sequence[float]) -> ArmResult:
    mean = sum(values) / len(values)
    if len(values) < 2:
        return ArmResult(len(values), mean, None)
    spread = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    return ArmResult(len(values), mean, math.sqrt(spread / len(values)))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    both = len(one | other)
    return len(one & other) / both if both else 0.0
