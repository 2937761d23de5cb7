"""What is going on: counts by stage, the work in hand, and what a run would cost.

Counts come from the tallies, which the database keeps with every change of an item's state; a test holds
them against the stages' own pending queries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.automation import Automation
from nightdesk.desk.errors import NotFound
from nightdesk.engine import results
from nightdesk.engine.control import ACTIVE, Control
from nightdesk.stage import Stage
from nightdesk.store import ledger
from nightdesk.store.session import Store
from nightdesk.store.tables.runs import Batch, Run
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.workers import Tally

SHOWN = 20
"""Items shown as being worked on, and as next."""


@dataclass(frozen=True)
class Estimate:
    """Credits that a run started now would take, stage by stage."""

    total: int
    stages: list[dict[str, Any]]


@dataclass(frozen=True)
class StageNow:
    """A stage as it stands: what waits and what is parked at it, and how far the run shown has come there.

    `standing` is `ahead`, `active`, `paused`, `done`, `skipped`, or `stopped` where the run ended in it.
    """

    number: int
    name: str
    kind: str
    pending: int
    parked: int
    counts: Mapping[str, int]
    standing: str = "ahead"
    done: int = 0
    total: int = 0
    result: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LineNow:
    """A line of a site as it stands: the run that holds it, else its last; its stages; the work in hand."""

    run: Run | None
    held: bool
    stages: Sequence[StageNow]
    hand: Mapping[str, Any] | None
    next_run_at: datetime | None


@dataclass(frozen=True)
class Insights:
    """Answers questions; changes nothing."""

    store: Store
    control: Control
    automation: Automation

    async def pipeline(self, workspace_id: int, site_id: int, line: str) -> list[dict[str, Any]]:
        """The stages of the line with what waits for each, and the counts by state of its items."""
        async with self.store.workspace(workspace_id) as session:
            _, site = await self.automation.read(session, workspace_id, site_id, line)
            counts = await self._counts(session, site)
        of_line = self.automation.line(line)
        return [
            {
                "number": stage.number,
                "name": stage.title,
                "type": stage.kind,
                "pending": sum(_waiting(step, counts) for step in of_line.steps(stage.number)),
                "counts": counts.get(stage.table.__tablename__, {}),
            }
            for stage in of_line.shown()
        ]

    async def line(self, workspace_id: int, site_id: int, line: str) -> LineNow:
        """The line as it stands, for a page that shows all of it. Raises `NotFound`."""
        async with self.store.workspace(workspace_id) as session:
            config, site = await self.automation.read(session, workspace_id, site_id, line)
            counts = await self._counts(session, site)
            run = await self._shown(session, site, line)
            held = run is not None and run.status in ACTIVE
            hand = await self._processing(session, run, site) if run and run.status == "running" else None
        of_line = self.automation.line(line)
        stages = [self._stage_now(of_line.steps(number), counts, run, hand) for number in of_line.numbers()]
        return LineNow(run, held, stages, hand, config.next_run_at)

    async def _shown(self, session: AsyncSession, site: Site, line: str) -> Run | None:
        """The run that holds the line, else the last one that did."""
        active = await self.control.active(session, site, line)
        if active is not None:
            return active
        last = (
            select(Run)
            .where(Run.workspace_id == site.workspace_id, Run.site_id == site.id, Run.line == line)
            .order_by(Run.started_at.desc())
            .limit(1)
        )
        return (await session.scalars(last)).one_or_none()

    def _stage_now(
        self,
        steps: Sequence[Stage[Any]],
        counts: Mapping[str, Mapping[str, int]],
        run: Run | None,
        hand: Mapping[str, Any] | None,
    ) -> StageNow:
        stage = steps[-1]
        mine = counts.get(stage.table.__tablename__, {})
        waiting = sum(_waiting(step, counts) for step in steps)
        parked = 0 if stage.kind == "Manual" else sum(_waiting(step, counts, step.parks) for step in steps)
        now = StageNow(stage.number, stage.title, stage.kind, waiting, parked, mine)
        if run is None:
            return now
        result = results.of(run, stage.number)
        done, at = results.through(run, steps), int(hand["stage"]) if hand else run.current_stage
        if stage.number == at and run.status in ACTIVE:
            standing = "paused" if run.status == "paused" else "active"
            total = int(hand["total"]) if hand else done + now.pending
            return replace(now, standing=standing, done=done, total=total, result=result)
        standing = _standing(result)
        return replace(now, standing=standing, done=done, total=done, result=result)

    async def estimate(self, workspace_id: int, site_id: int, line: str) -> dict[str, Any]:
        """The estimate beside the balance; `sufficient` asks for a fifth more than the estimate."""
        async with self.store.workspace(workspace_id) as session:
            _, site = await self.automation.read(session, workspace_id, site_id, line)
            estimate = await self.estimated(session, site, line)
            balance = (await ledger.balances(session, workspace_id)).wallet
        return {
            "estimated_credits": estimate.total,
            "current_balance": balance,
            "sufficient": balance * 5 >= estimate.total * 6,
            "stages": estimate.stages,
        }

    async def estimated(self, session: AsyncSession, site: Site, line: str) -> Estimate:
        """What is pending now, priced by each stage; what later stages will make of it is not guessed at."""
        stages: list[dict[str, Any]] = []
        counts = await self._counts(session, site)
        of_line = self.automation.line(line)
        for stage in of_line.shown():
            steps = of_line.steps(stage.number)
            priced = [await self._priced(session, site, step, _waiting(step, counts)) for step in steps]
            stages.append(
                {
                    "number": stage.number,
                    "name": stage.title,
                    "pending": sum(pending for _, pending in priced),
                    "estimated_credits": sum(credits for credits, _ in priced),
                }
            )
        return Estimate(sum(int(stage["estimated_credits"]) for stage in stages), stages)

    async def _priced(
        self, session: AsyncSession, site: Site, stage: Stage[Any], waiting: int
    ) -> tuple[int, int]:
        each = stage.credits_each()
        if stage.kind != "AI" and isinstance(each, Decimal) and not each:
            return 0, waiting
        credits, pending = await stage.price(session, site, waiting)
        rate = self.control.runner.rate
        usual = await rate(session, site, stage)
        cost = credits * usual
        asking = await stage.asking(session, site) if credits else {}
        for name, share in asking.items():
            cost += share * (await rate(session, site, stage, name) - usual)
        return cost, pending

    async def _counts(self, session: AsyncSession, site: Site) -> dict[str, dict[str, int]]:
        query = (
            select(Tally.kind, Tally.state, func.sum(Tally.n))
            .where(Tally.workspace_id == site.workspace_id, Tally.site_id == site.id)
            .group_by(Tally.kind, Tally.state)
        )
        counts: dict[str, dict[str, int]] = {}
        for of_kind, state, n in (await session.execute(query)).all():
            if n:
                counts.setdefault(of_kind, {})[state] = int(n)
        return counts

    async def processing(self, workspace_id: int, site_id: int, run_id: UUID) -> dict[str, Any] | None:
        """What the run works on now; None when it is not running. Raises `NotFound`."""
        async with self.store.workspace(workspace_id) as session:
            run = await session.get(Run, (workspace_id, run_id))
            if run is None or run.site_id != site_id:
                raise NotFound("run")
            if run.status != "running":
                return None
            site = await session.get_one(Site, (workspace_id, site_id))
            return await self._processing(session, run, site)

    async def _processing(self, session: AsyncSession, run: Run, site: Site) -> dict[str, Any]:
        stage = self.control.runner.stage_of(run)
        hand = await self._in_hand(session, run, stage)
        following = await session.scalars(stage.next_items(site, SHOWN))
        in_hand = await self._count_in_hand(session, run)
        steps = self.automation.line(run.line).steps(stage.number)
        processed, counts = results.through(run, steps), await self._counts(session, site)
        ahead = sum(results.ahead(run, step, _waiting(step, counts), in_hand) for step in steps)
        total = processed + in_hand + ahead
        return {
            "stage": stage.number,
            "stage_name": stage.title,
            "processed": processed,
            "total": total,
            "in_progress": hand,
            "next": [{"id": item.id, "title": stage.heading(item)} for item in list(following)[:SHOWN]],
            "percent": round(100 * processed / total, 1) if total else 100.0,
        }

    async def _in_hand(self, session: AsyncSession, run: Run, stage: Stage[Any]) -> list[dict[str, Any]]:
        table = stage.table
        query = (
            select(table, Batch.taken_at)
            .join(Batch, (Batch.workspace_id == table.workspace_id) & (Batch.id == table.batch_id))
            .where(Batch.workspace_id == run.workspace_id, Batch.run_id == run.id, Batch.status == "working")
            .order_by(Batch.taken_at)
            .limit(SHOWN)
        )
        now = self.control.runner.clock.now()
        return [
            {
                "id": item.id,
                "title": stage.heading(item),
                "seconds": round(max((now - taken).total_seconds(), 0.0), 1) if taken else 0.0,
                "percent": item.progress if isinstance(item, Video) else None,
            }
            for item, taken in (await session.execute(query)).all()
        ]

    async def _count_in_hand(self, session: AsyncSession, run: Run) -> int:
        batches: Sequence[list[Any]] = list(
            await session.scalars(
                select(Batch.items).where(
                    Batch.workspace_id == run.workspace_id,
                    Batch.run_id == run.id,
                    Batch.status.in_(("waiting", "working")),
                )
            )
        )
        return sum(len(items) for items in batches)


def _waiting(step: Stage[Any], counts: Mapping[str, Mapping[str, int]], state: str = "") -> int:
    """How many items wait for a step, or are in that state of its kind."""
    return counts.get(step.table.__tablename__, {}).get(state or step.waits, 0)


def _standing(result: Mapping[str, Any]) -> str:
    """How a stage stands that the run is not at (any more), by its result."""
    if not result:
        return "ahead"
    if result.get("skipped"):
        return "skipped"
    return "stopped" if result.get("partial") else "done"
