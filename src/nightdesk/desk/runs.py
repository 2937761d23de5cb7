"""Runs, as people ask for them: start one, stop it, see what it did and what it said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.automation import Automation
from nightdesk.desk.errors import Conflict, InsufficientCredits, NotFound, RunActive
from nightdesk.desk.insights import Insights
from nightdesk.desk.paging import Page
from nightdesk.desk.run_story import BatchTold, Parked, Story, batches_of, parked_by, parked_of, tell
from nightdesk.engine import control
from nightdesk.engine.control import ACTIVE, Control, NotInThisState, try_again
from nightdesk.stage import Stage
from nightdesk.store import ledger
from nightdesk.store.events import log_of_run
from nightdesk.store.session import Store
from nightdesk.store.tables.occasions import Event
from nightdesk.store.tables.runs import Run

HISTORY = 20
LEVELS = {"info": ("info", "warning", "error"), "warning": ("warning", "error"), "error": ("error",)}
"""The levels of log lines that are shown by the least of them that is asked for."""


@dataclass(frozen=True)
class Among:
    """Which runs a list is of; what is None narrows nothing."""

    site_id: int | None = None
    line: str | None = None
    status: str | None = None
    trigger: str | None = None


@dataclass(frozen=True)
class Runs:
    """Starts and steers runs, and tells of them. `NotFound` where a run or site is not the workspace's."""

    store: Store
    control: Control
    automation: Automation
    insights: Insights
    announce: Callable[[], None]

    async def run_now(
        self, workspace_id: int, site_id: int, line: str, wishes: Mapping[str, Any] | None = None
    ) -> Run:
        """Starts a run by hand. Raises `RunActive`, `InsufficientCredits`, `NotFound`.

        `wishes` are settings of this one run beside its config: `ideas_per_cluster`, and `most`, the items
        that it takes at most at a stage (`{"2": 24}`).
        """
        async with self.store.workspace(workspace_id) as session:
            settings, site = await self.automation.settings(session, workspace_id, site_id, line)
            settings |= wishes or {}
            if await self.control.active(session, site, line) is None:
                estimate = await self.insights.estimated(session, site, line)
                wallet = (await ledger.balances(session, workspace_id)).wallet
                if not covers(wallet, estimate.total):
                    raise InsufficientCredits(with_margin(estimate.total), wallet)
            try:
                run = await self.control.start(session, site, line, "manual", settings)
            except control.RunActive as error:
                raise RunActive(str(error.run.id), str(error)) from error
        self.announce()
        return run

    async def pause(self, workspace_id: int, run_id: UUID, site_id: int | None = None) -> Run:
        return await self._steer(workspace_id, run_id, site_id, self.control.pause)

    async def resume(self, workspace_id: int, run_id: UUID, site_id: int | None = None) -> Run:
        return await self._steer(workspace_id, run_id, site_id, self.control.resume)

    async def cancel(
        self, workspace_id: int, run_id: UUID, site_id: int | None = None, *, now: bool = False
    ) -> Run:
        async def cancel(session: AsyncSession, workspace_id: int, run_id: UUID) -> Run:
            return await self.control.cancel(session, workspace_id, run_id, now=now)

        return await self._steer(workspace_id, run_id, site_id, cancel)

    async def _steer(self, workspace_id: int, run_id: UUID, site_id: int | None, how: Any) -> Run:
        """Raises `NotFound`, or `Conflict` where the run's state does not allow it."""
        async with self.store.workspace(workspace_id) as session:
            await self._find(session, workspace_id, run_id, site_id)
            try:
                run: Run = await how(session, workspace_id, run_id)
            except NotInThisState as error:
                raise Conflict(str(error)) from error
        self.announce()
        return run

    async def get(self, workspace_id: int, run_id: UUID, site_id: int | None = None) -> Run:
        async with self.store.workspace(workspace_id) as session:
            return await self._find(session, workspace_id, run_id, site_id)

    async def current(self, workspace_id: int, site_id: int, line: str) -> Run | None:
        """The running or paused run of the site's line."""
        async with self.store.workspace(workspace_id) as session:
            _, site = await self.automation.read(session, workspace_id, site_id, line)
            return await self.control.active(session, site, line)

    async def history(self, workspace_id: int, site_id: int, line: str, limit: int = HISTORY) -> list[Run]:
        """The last runs, newest first."""
        async with self.store.workspace(workspace_id) as session:
            await self.automation.read(session, workspace_id, site_id, line)
            query = (
                select(Run)
                .where(Run.workspace_id == workspace_id, Run.site_id == site_id, Run.line == line)
                .order_by(Run.started_at.desc())
                .limit(limit)
            )
            return list(await session.scalars(query))

    async def active(self, workspace_id: int) -> list[Run]:
        """All running and paused runs of the workspace, oldest first."""
        async with self.store.workspace(workspace_id) as session:
            query = (
                select(Run)
                .where(Run.workspace_id == workspace_id, Run.status.in_(ACTIVE))
                .order_by(Run.started_at)
            )
            return list(await session.scalars(query))

    async def log(self, workspace_id: int, run_id: UUID, lines: int) -> list[Event]:
        """The last lines of the run's log, oldest first."""
        async with self.store.workspace(workspace_id) as session:
            await self._find(session, workspace_id, run_id)
            return await log_of_run(session, workspace_id, run_id, lines)

    async def page(
        self, workspace_id: int, among: Among, limit: int = HISTORY, before: UUID | None = None
    ) -> Page[Run]:
        """One page of runs, newest first: those begun before run `before`; the cursor is such a run's id.

        `counts` are of the runs of that site and line by status, whatever the other filters.
        """
        wanted = (
            (Run.site_id, among.site_id),
            (Run.line, among.line),
            (Run.status, among.status),
            (Run.trigger_type, among.trigger),
        )
        mine = [Run.workspace_id == workspace_id]
        narrowed = [column == value for column, value in wanted if value is not None]
        of_site = [column == value for column, value in wanted[:2] if value is not None]
        # The ids of runs grow with time.
        query = select(Run).where(*mine, *narrowed).order_by(Run.id.desc()).limit(limit + 1)
        if before is not None:
            query = query.where(Run.id < before)
        counted = select(Run.status, func.count()).where(*mine, *of_site).group_by(Run.status)
        async with self.store.workspace(workspace_id) as session:
            runs = list(await session.scalars(query))
            counts = {status: int(n) for status, n in await session.execute(counted)}
        cursor = str(runs[limit - 1].id) if len(runs) > limit else None
        return Page(runs[:limit], cursor, counts)

    async def story(self, workspace_id: int, run_id: UUID) -> Story:
        """A run with its stages, what it made, what it asked of providers and what it left parked."""
        async with self.store.workspace(workspace_id) as session:
            run = await self._find(session, workspace_id, run_id)
            return await tell(session, run, self.automation.line(run.line))

    async def batches(
        self,
        workspace_id: int,
        run_id: UUID,
        *,
        status: str | None = None,
        limit: int = HISTORY,
        before: int | None = None,
    ) -> tuple[list[BatchTold], int | None]:
        """The run's newest batches before number `before`, and the number that the next page goes on from."""
        async with self.store.workspace(workspace_id) as session:
            run = await self._find(session, workspace_id, run_id)
            return await batches_of(session, run, status=status, limit=limit, before=before)

    async def parked(self, workspace_id: int, site_id: int, line: str, number: int) -> Parked | None:
        """The items of a site that are parked at a stage; None where there are none."""
        async with self.store.workspace(workspace_id) as session:
            await self.automation.read(session, workspace_id, site_id, line)
            of_line = self.automation.line(line)
            found = await parked_of(session, workspace_id, site_id, of_line, number=number)
        return found[0] if found else None

    async def log_after(
        self, workspace_id: int, run_id: UUID, *, after: int, upto: int, lines: int, level: str = "info"
    ) -> list[Event]:
        """The last `lines` of the run's log with numbers above `after` and not above `upto`, oldest first.

        With `upto` from `Live.upto` no line can come to stand among those that were read; `level` is the
        least that is wanted.
        """
        query = (
            select(Event)
            .where(
                Event.workspace_id == workspace_id,
                Event.run_id == run_id,
                Event.id > after,
                Event.id <= upto,
                Event.message != "",
                Event.level.in_(LEVELS.get(level, LEVELS["info"])),
            )
            .order_by(Event.id.desc())
            .limit(lines)
        )
        async with self.store.workspace(workspace_id) as session:
            await self._find(session, workspace_id, run_id)
            return list(await session.scalars(query))[::-1]

    async def try_parked_again(
        self,
        workspace_id: int,
        site_id: int,
        line: str,
        number: int,
        items: list[int] | None = None,
        kind: str | None = None,
    ) -> int:
        """Takes parked items of a stage out of parking; the next run, or the present one, takes them up.

        `items` are numbers of that `kind`, where the stage has items of several.
        """
        async with self.store.workspace(workspace_id) as session:
            await self.automation.read(session, workspace_id, site_id, line)
            steps = self._steps(line, number, kind)
            return sum([await try_again(session, step, workspace_id, site_id, items) for step in steps])

    async def try_run_again(
        self,
        workspace_id: int,
        run_id: UUID,
        number: int,
        items: list[int] | None = None,
        kind: str | None = None,
    ) -> int:
        """The same for what one run parked at a stage: all of it, or those of `items` that it parked."""
        async with self.store.workspace(workspace_id) as session:
            run = await self._find(session, workspace_id, run_id)
            count = 0
            for step in self._steps(run.line, number, kind):
                parked = await parked_by(session, run, step, items)
                count += await try_again(session, step, workspace_id, run.site_id, parked)
            return count

    def _steps(self, line: str, number: int, kind: str | None) -> list[Stage[Any]]:
        """The steps of a stage that items can be parked at. Raises `NotFound`."""
        steps = [step for step in self.automation.line(line).steps(number) if step.kind != "Manual"]
        if not steps:
            raise NotFound("stage")
        return [step for step in steps if kind in (None, step.table.__tablename__)]

    async def _find(
        self, session: AsyncSession, workspace_id: int, run_id: UUID, site_id: int | None = None
    ) -> Run:
        run = await session.get(Run, (workspace_id, run_id))
        if run is None or (site_id is not None and run.site_id != site_id):
            raise NotFound("run")
        return run


def with_margin(estimate: int) -> int:
    """The estimate and a fifth more, rounded up: what must be there for a run to begin (CONTRACT §1)."""
    return -(-estimate * 6 // 5)


def covers(balance: int, estimate: int) -> bool:
    return balance >= with_margin(estimate)
