"""What is going on at all sites of a workspace at once, by as many queries for one site as for many."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select, case, func, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.items import site_of
from nightdesk.desk.paging import Order, Page, Paging, orders, page_of
from nightdesk.desk.parked import ParkedAt, samples
from nightdesk.engine import results
from nightdesk.engine.control import ACTIVE, Control, try_again
from nightdesk.engine.runner import IN_HAND
from nightdesk.stage import Stage
from nightdesk.store.session import Store
from nightdesk.store.tables.automation import LineConfig
from nightdesk.store.tables.runs import Batch, Run
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.workers import Tally

MOST = 12
"""Runs and sites of one list, unless more are asked for."""

T = TypeVar("T")

Counts = Mapping[tuple[str, str], int]
"""A site's items by kind and state."""

_LAST_RUNS = select(Run).from_statement(
    text("""
        select last.* from unnest(cast(:sites as bigint[])) as s(id)
        cross join lateral (
            select r.* from unnest(cast(:lines as text[])) as l(name)
            cross join lateral (
                select * from runs where workspace_id = :workspace and site_id = s.id and line = l.name
                  and status not in ('running', 'paused')
                order by started_at desc limit 1) r
            order by r.started_at desc limit 1) last
    """)
)


@dataclass(frozen=True)
class SiteSeen:
    """A site with what waits for its stages and at its gate, what is parked, and its runs."""

    site: Site
    pending: int
    review: int
    parked: int
    active: Run | None
    last: Run | None
    next_run_at: datetime | None


@dataclass(frozen=True)
class RunSeen:
    """An active run and how far it is through its present stage."""

    run: Run
    site: Site
    stage: int
    stage_name: str
    done: int
    total: int


@dataclass(frozen=True)
class ReviewAt:
    """How many pieces of a site wait for a person, and how many of them are videos."""

    site: Site
    pieces: int
    videos: int = 0


@dataclass(frozen=True)
class Some(Generic[T]):
    """The first of a list, and how many there are in all."""

    shown: Sequence[T]
    total: int


@dataclass(frozen=True)
class NextRun:
    """A planned run."""

    site: Site
    line: str
    at: datetime


@dataclass(frozen=True)
class Overview:
    """Answers questions about many sites at once."""

    orders = orders(
        Order("name", Site.name, Site.id, descending=False),
        Order("newest", Site.id, Site.id),
    )

    store: Store
    control: Control

    async def sites(
        self, workspace_id: int, paging: Paging, *, archived: bool = False, search: str = ""
    ) -> Page[SiteSeen]:
        """One page of the sites, or of the archived ones alone; `search` is a piece of name or subject."""
        query = _sites(workspace_id, archived)
        if search:
            named = Site.name.icontains(search, autoescape=True)
            query = query.where(named | Site.subject.icontains(search, autoescape=True))
        async with self.store.workspace(workspace_id) as session:
            sites, following = await page_of(session, query, paging)
            return Page(await self._seen(session, workspace_id, sites), following)

    async def has_sites(self, workspace_id: int) -> bool:
        """Whether there is a site, be it archived."""
        async with self.store.workspace(workspace_id) as session:
            return bool(
                await session.scalar(select(Site.id).where(Site.workspace_id == workspace_id).limit(1))
            )

    async def active(self, workspace_id: int, status: str, most: int = MOST) -> Some[RunSeen]:
        """The runs in that status, `running` or `paused`, the oldest first, with their progress."""
        of_site = (Site.workspace_id == Run.workspace_id) & (Site.id == Run.site_id)
        query = (
            select(Run, Site, func.count().over())
            .join(Site, of_site)
            .where(Run.workspace_id == workspace_id, Run.status == status)
            .order_by(Run.started_at)
            .limit(most)
        )
        async with self.store.workspace(workspace_id) as session:
            rows = (await session.execute(query)).all()
            counts = await _counts(session, workspace_id, [site.id for _, site, _ in rows])
            in_hand = await _in_hand(session, workspace_id, [run.id for run, _, _ in rows])
        shown = [
            self._through(run, site, counts.get(site.id, {}), in_hand.get(run.id, 0)) for run, site, _ in rows
        ]
        return Some(shown, rows[0][2] if rows else 0)

    async def review(self, workspace_id: int, most: int = MOST) -> Some[ReviewAt]:
        """The sites at whose gate pieces wait, those with most first."""
        gates = [_waits(stage) for stage in self._stages() if stage.kind == "Manual"]
        total, films = func.sum(Tally.n), func.sum(case((Tally.kind == "videos", Tally.n), else_=0))
        query = (
            select(Site, total, films, func.count().over())
            .join(Tally, (Tally.workspace_id == Site.workspace_id) & (Tally.site_id == Site.id))
            .where(Site.workspace_id == workspace_id, Site.archived_at.is_(None))
            .where(tuple_(Tally.kind, Tally.state).in_(gates))
            .group_by(Site.workspace_id, Site.id)
            .having(total > 0)
            .order_by(total.desc(), Site.id)
            .limit(most)
        )
        async with self.store.workspace(workspace_id) as session:
            rows = (await session.execute(query)).all()
        return Some([ReviewAt(site, int(n), int(v)) for site, n, v, _ in rows], rows[0][3] if rows else 0)

    async def parked(self, workspace_id: int, most: int = 8) -> list[ParkedAt]:
        """The first sites with parked items, each with the error of one of its items."""
        stages, total = self._stages(), func.sum(Tally.n)
        parks = {stage.parks for stage in stages}
        some = (
            select(Tally.site_id)
            .join(Site, (Site.workspace_id == Tally.workspace_id) & (Site.id == Tally.site_id))
            .where(Tally.workspace_id == workspace_id, Tally.state.in_(parks), Site.archived_at.is_(None))
            .group_by(Tally.site_id)
            .having(total > 0)
            .order_by(Tally.site_id)
            .limit(most)
        )
        async with self.store.workspace(workspace_id) as session:
            numbers = list(await session.scalars(some))
            counts = await _counts(session, workspace_id, numbers, parks)
            mine = (Site.workspace_id == workspace_id, Site.id.in_(numbers))
            sites = {site.id: site for site in await session.scalars(select(Site).where(*mine))}
            found = {number: _by_kind(counts[number]) for number in numbers}
            why = await samples(session, workspace_id, found, stages)
        kinds = list(dict.fromkeys(stage.table.__tablename__ for stage in stages))
        return [
            ParkedAt(sites[number], [(kind, by[kind]) for kind in kinds if kind in by], why.get(number, ""))
            for number, by in found.items()
        ]

    async def try_parked_again(self, workspace_id: int, site_id: int) -> int:
        """Takes all parked items of a site out of parking; returns how many. Raises `NotFound`.

        The next run takes them up, or the present one where it has not passed their stage.
        """
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            return sum([await try_again(session, stage, workspace_id, site_id) for stage in self._stages()])

    async def next_runs(self, workspace_id: int, most: int = 8) -> list[NextRun]:
        """The planned runs, the next first."""
        of_site = (LineConfig.workspace_id == Site.workspace_id) & (LineConfig.site_id == Site.id)
        query = (
            select(Site, LineConfig.line, LineConfig.next_run_at)
            .join(LineConfig, of_site)
            .where(Site.workspace_id == workspace_id, Site.archived_at.is_(None), *_PLANNED)
            .order_by(LineConfig.next_run_at, Site.id)
            .limit(most)
        )
        async with self.store.workspace(workspace_id) as session:
            return [NextRun(site, line, at) for site, line, at in await session.execute(query) if at]

    async def _seen(self, session: AsyncSession, workspace_id: int, sites: Sequence[Site]) -> list[SiteSeen]:
        numbers = [site.id for site in sites]
        counts = await _counts(session, workspace_id, numbers)
        active = {run.site_id: run for run in await session.scalars(_held(workspace_id, numbers))}
        asked = {"workspace": workspace_id, "sites": numbers, "lines": list(self.control.runner.lines)}
        last = {run.site_id: run for run in await session.scalars(_LAST_RUNS, asked)}
        planned = dict((await session.execute(_planned(workspace_id, numbers))).all())
        waits = {_waits(stage) for stage in self._stages() if stage.kind != "Manual"}
        gates = {_waits(stage) for stage in self._stages() if stage.kind == "Manual"}
        parks = {stage.parks for stage in self._stages()}
        return [
            SiteSeen(
                site,
                _sum(counts.get(site.id, {}), waits),
                _sum(counts.get(site.id, {}), gates),
                sum(n for (_, state), n in counts.get(site.id, {}).items() if state in parks),
                active.get(site.id),
                last.get(site.id),
                planned.get(site.id),
            )
            for site in sites
        ]

    def _through(self, run: Run, site: Site, counts: Counts, in_hand: int) -> RunSeen:
        stage = self.control.runner.stage_of(run)
        steps = self.control.runner.lines[run.line].steps(stage.number)
        done = results.through(run, steps)
        ahead = sum(results.ahead(run, step, counts.get(_waits(step), 0), in_hand) for step in steps)
        return RunSeen(run, site, stage.number, stage.title, done, done + in_hand + ahead)

    def _stages(self) -> list[Stage[Any]]:
        return [stage for line in self.control.runner.lines.values() for stage in line.working()]


_PLANNED = (LineConfig.is_enabled, LineConfig.next_run_at.is_not(None))


def _sites(workspace_id: int, archived: bool = False) -> Select[Site]:
    of_kind = Site.archived_at.is_not(None) if archived else Site.archived_at.is_(None)
    return select(Site).where(Site.workspace_id == workspace_id, Site.removed_at.is_(None), of_kind)


def _held(workspace_id: int, sites: Collection[int]) -> Select[Run]:
    mine = (Run.workspace_id == workspace_id, Run.site_id.in_(sites))
    return select(Run).where(*mine, Run.status.in_(ACTIVE)).order_by(Run.started_at.desc())


def _planned(workspace_id: int, sites: Collection[int]) -> Select[int, datetime | None]:
    mine = (LineConfig.workspace_id == workspace_id, LineConfig.site_id.in_(sites))
    return (
        select(LineConfig.site_id, func.min(LineConfig.next_run_at))
        .where(*mine, *_PLANNED)
        .group_by(LineConfig.site_id)
    )


def _by_kind(counts: Counts) -> dict[str, int]:
    found = Counter[str]()
    for (kind, _), n in counts.items():
        found[kind] += n
    return dict(found)


async def _counts(
    session: AsyncSession, workspace_id: int, sites: Collection[int], states: Collection[str] = ()
) -> dict[int, Counts]:
    """The counts of those sites that have anything, of all states or of those given."""
    total = func.sum(Tally.n)
    query = (
        select(Tally.site_id, Tally.kind, Tally.state, total)
        .where(Tally.workspace_id == workspace_id, Tally.site_id.in_(sites))
        .group_by(Tally.site_id, Tally.kind, Tally.state)
        .having(total != 0)
        .order_by(Tally.site_id)
    )
    if states:
        query = query.where(Tally.state.in_(states))
    found: dict[int, dict[tuple[str, str], int]] = {}
    for site, kind, state, n in await session.execute(query):
        found.setdefault(site, {})[kind, state] = int(n)
    return {**found}


async def _in_hand(session: AsyncSession, workspace_id: int, runs: Collection[UUID]) -> dict[UUID, int]:
    """How many items the open batches of each run hold."""
    query = (
        select(Batch.run_id, func.sum(func.jsonb_array_length(Batch.items)))
        .where(Batch.workspace_id == workspace_id, Batch.run_id.in_(runs), Batch.status.in_(IN_HAND))
        .group_by(Batch.run_id)
    )
    return {run: int(n) for run, n in await session.execute(query)}


def _waits(stage: Stage[Any]) -> tuple[str, str]:
    """Which items wait for the stage: their kind and state."""
    return stage.table.__tablename__, stage.waits


def _sum(counts: Counts, of: Collection[tuple[str, str]]) -> int:
    return sum(counts.get(one, 0) for one in of)
