"""Runs, as people ask for them: start one, stop it, see what it did and what it said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.automation import Automation
from nightdesk.desk.errors import Conflict, InsufficientCredits, NotFound, RunActive
from nightdesk.desk.insights import Insights
from nightdesk.engine import control
from nightdesk.engine.control import ACTIVE, Control, NotInThisState, try_again
from nightdesk.store import ledger
from nightdesk.store.events import log_of_run
from nightdesk.store.session import Store
from nightdesk.store.tables.occasions import Event
from nightdesk.store.tables.runs import Run

HISTORY = 20


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

    async def try_parked_again(
        self, workspace_id: int, site_id: int, line: str, number: int, items: list[int] | None = None
    ) -> int:
        """Takes parked items of a stage out of parking; the next run, or the present one, takes them up."""
        async with self.store.workspace(workspace_id) as session:
            await self.automation.read(session, workspace_id, site_id, line)
            for stage in self.automation.line(line).shown():
                if stage.number == number:
                    return await try_again(session, stage, workspace_id, site_id, items)
        raise NotFound("stage")

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
