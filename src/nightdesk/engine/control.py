"""Starts, pauses, resumes and cancels runs; each is one transaction, whatever the workers are doing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.engine import claims, jobs
from nightdesk.engine.runner import IN_HAND, Runner, locked
from nightdesk.kit import ids
from nightdesk.stage import Stage
from nightdesk.store.tables.runs import Run
from nightdesk.store.tables.tenancy import Site

ACTIVE = ("running", "paused")


class RunActive(Exception):
    """A run of this site and line is active already; wait for it, resume it or cancel it."""

    def __init__(self, run: Run) -> None:
        self.run = run
        since = run.started_at.strftime("%Y-%m-%d %H:%M UTC")
        super().__init__(
            f"Run {run.id} holds this site since {since} ({run.status}, stage {run.current_stage}); "
            "wait for it, resume it or cancel it."
        )


class NotInThisState(Exception):
    """The run is not in a state in which that can be done."""

    def __init__(self, run: Run, wanted: str) -> None:
        super().__init__(f"The run is {run.status}; it cannot be {wanted}.")


@dataclass(frozen=True)
class Control:
    """What can be asked of runs. Every method acts inside the caller's transaction."""

    runner: Runner

    async def start(
        self, session: AsyncSession, site: Site, line: str, trigger: str, settings: dict[str, Any]
    ) -> Run:
        """Writes a run and takes it to its first batches. Raises `RunActive`, as the index decides."""
        clock = self.runner.clock
        new = (
            insert(Run)
            .values(
                workspace_id=site.workspace_id,
                id=ids.sortable_id(clock),
                site_id=site.id,
                line=line,
                trigger_type=trigger,
                settings=settings,
                started_at=clock.now(),
            )
            .on_conflict_do_nothing()
            .returning(Run.id)
        )
        run_id = await session.scalar(new)
        if run_id is None:
            active = await self.active(session, site, line)
            if active is None:
                return await self.start(session, site, line, trigger, settings)
            raise RunActive(active)
        run, site = await self._lock(session, site.workspace_id, run_id)
        await self.runner.note(session, run, f"A {trigger} run begins.", type="run_progress")
        await self.runner.advance(session, run, site)
        return run

    async def active(self, session: AsyncSession, site: Site, line: str) -> Run | None:
        """The run that holds the site, if there is one."""
        query = select(Run).where(
            Run.workspace_id == site.workspace_id,
            Run.site_id == site.id,
            Run.line == line,
            Run.status.in_(ACTIVE),
        )
        return (await session.scalars(query)).one_or_none()

    async def pause(self, session: AsyncSession, workspace_id: int, run_id: UUID) -> Run:
        """Pauses at the end of the batches in hand. Raises `NotInThisState`."""
        run, site = await self._lock(session, workspace_id, run_id)
        if run.status == "paused" or run.asked == "pause":
            return run
        if run.status != "running" or run.asked:
            raise NotInThisState(run, "paused")
        run.asked, run.pause_reason, run.error_message = "pause", "asked", None
        await self.runner.advance(session, run, site)
        return run

    async def resume(self, session: AsyncSession, workspace_id: int, run_id: UUID) -> Run:
        """Goes on from the stage where the run stopped. Raises `NotInThisState`."""
        run, site = await self._lock(session, workspace_id, run_id)
        if run.status != "paused":
            raise NotInThisState(run, "resumed")
        now = self.runner.clock.now()
        if run.stage_began_at and run.paused_at:
            run.stage_began_at += now - run.paused_at
        run.status, run.resumed_at, run.pause_reason, run.error_message = "running", now, None, None
        self.runner.unmark_partial(run)
        await self.runner.note(session, run, "The run goes on.", type="run_progress")
        await self.runner.advance(session, run, site)
        return run

    async def cancel(
        self, session: AsyncSession, workspace_id: int, run_id: UUID, *, now: bool = False
    ) -> Run:
        """Cancels at the end of the batches in hand; `now` aborts those too. Raises `NotInThisState`."""
        run, site = await self._lock(session, workspace_id, run_id)
        if run.status == "cancelled":
            return run
        if run.status not in ACTIVE:
            raise NotInThisState(run, "cancelled")
        run.status = "running"
        run.asked = "cancel"
        if now:
            await self._abort_in_hand(session, run)
        await self.runner.advance(session, run, site)
        return run

    async def _abort_in_hand(self, session: AsyncSession, run: Run) -> None:
        stage = self.runner.stage_of(run)
        dropped = await claims.withdraw(session, run, stage, IN_HAND, self.runner.clock.now())
        await jobs.abort(session, [claims.job_key(b.id, b.tries) for b in dropped])

    async def _lock(self, session: AsyncSession, workspace_id: int, run_id: UUID) -> tuple[Run, Site]:
        found = await locked(session, workspace_id, run_id)
        if found is None:
            raise LookupError("There is no such run.")
        return found


async def try_again(
    session: AsyncSession,
    stage: Stage[Any],
    workspace_id: int,
    site_id: int,
    items: Sequence[int] | None = None,
) -> int:
    """Takes parked items out of parking, all of the site's or those given; returns how many."""
    table = stage.table
    query = update(table).where(
        table.workspace_id == workspace_id, table.site_id == site_id, table.state == stage.parks
    )
    if items is not None:
        query = query.where(table.id.in_(items))
    done = await session.execute(
        query.values(parked_at=None, error=None, last_run=None, tries=0).returning(table.id)
    )
    return len(done.all())
