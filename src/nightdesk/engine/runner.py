"""Advances a run: what was asked of it, what it can claim and afford, and when a stage or the run is over.

`advance` is always called inside a transaction that has locked the run's row, so that one caller at a time
decides what a run does next; the call and its consequences commit together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.engine import claims, jobs, results
from nightdesk.kit.clock import Clock
from nightdesk.stage import Line, Pricer, Stage, one_credit
from nightdesk.store.events import Happening, write
from nightdesk.store.ledger import NotEnoughCredits
from nightdesk.store.tables.runs import Batch, Run
from nightdesk.store.tables.tenancy import Site

IN_HAND = ("waiting", "working")


@dataclass(frozen=True)
class Runner:
    """Walks runs along their lines."""

    lines: Mapping[str, Line]
    clock: Clock
    pricer: Pricer = one_credit

    async def advance(
        self,
        session: AsyncSession,
        run: Run,
        site: Site,
        *,
        settled: bool = False,
        in_hand: int | None = None,
    ) -> None:
        """Takes the run as far as it can go now.

        `run` is locked; `settled`: a batch has just ended; `in_hand`: its batches, where they were counted.
        """
        if in_hand is None:
            in_hand = await batches_in_hand(session, run)
        while run.status == "running":
            if run.asked:
                await self._obey(session, run, in_hand)
                return
            stage = self.stage_of(run)
            if not run.entered and not await self._enter(session, run, site, stage):
                continue
            room = stage.policy.concurrency - in_hand
            claimed = await self._claim(session, run, site, stage, room, settled=settled)
            if run.status != "running" or claimed or in_hand:
                return
            if await self._leave(session, run, stage):
                return
            settled = False

    def stage_of(self, run: Run) -> Stage[Any]:
        return self.lines[run.line].stages[run.position]

    def batch_size(self, run: Run, stage: Stage[Any]) -> int:
        sizes = {} if stage.preparatory else run.settings.get("batch_sizes", {})
        return int(sizes.get(str(stage.number), stage.policy.batch_size))

    async def rate(self, session: AsyncSession, site: Site, stage: Stage[Any], asked: str = "") -> int:
        """By what the stage's estimates are multiplied for this site, or for items that ask for somebody."""
        return 1 if stage.priced_by is None else await self.pricer(session, site, stage.priced_by, asked)

    async def rates(
        self, session: AsyncSession, site: Site, stage: Stage[Any], batches: Sequence[Sequence[Any]]
    ) -> list[int]:
        """By what the estimate of each batch is multiplied: the most that any of its items is."""
        if stage.priced_by is None:
            return [1] * len(batches)
        asked = await stage.asked(session, [item for items in batches for item in items])
        wanted = [{asked.get(item.id, "") for item in items} for items in batches]
        rates = {name: await self.rate(session, site, stage, name) for name in set[str]().union(*wanted)}
        return [max(rates[name] for name in names) for names in wanted]

    async def _enter(self, session: AsyncSession, run: Run, site: Site, stage: Stage[Any]) -> bool:
        """Begins a stage; False where there is nothing to work on in it and the run has moved on."""
        now = self.clock.now()
        first_step = results.begin(run, stage, now)
        run.entered = True
        reason = await stage.skip(session, site)
        if reason:
            results.mark(run, stage.number, now, skipped=True, skip_reason=reason)
            await self.note(session, run, f"Stage {stage.number} skipped: {reason}")
            return not self._move_on(run)
        brought = await stage.gather(session, site)
        if brought:
            results.add(run, stage, brought, now)
        if first_step:
            await self.note(session, run, f"Stage {stage.number}, {stage.title}, begins.")
        return True

    async def _leave(self, session: AsyncSession, run: Run, stage: Stage[Any]) -> bool:
        """Ends a stage with nothing left; True where the run is over or waits before the next."""
        now = self.clock.now()
        results.mark(run, stage.number, now)
        if self._move_on(run):
            if self.stage_of(run).number == stage.number:
                return False
            await self.note(session, run, f"Stage {stage.number}, {stage.title}, is done.")
            delay = float(run.settings.get("between_stage_delay", 0))
            if delay:
                await self._call_again(session, run, delay)
            return delay > 0
        run.status, run.completed_at = "completed", now
        await self.note(session, run, "The run is complete.", type="run_finished")
        return True

    def _move_on(self, run: Run) -> bool:
        """Steps to the next stage; False where that was the last."""
        if run.position + 1 >= len(self.lines[run.line].stages):
            return False
        run.position += 1
        run.entered = False
        return True

    async def _claim(
        self, session: AsyncSession, run: Run, site: Site, stage: Stage[Any], room: int, *, settled: bool
    ) -> int:
        """Claims up to `room` batches; pauses the run where credits do not cover even one."""
        if stage.kind == "Manual" or room < (_together(stage) if settled else 1):
            return 0
        delay = float(run.settings.get("within_stage_delay", 0)) if settled else 0.0
        size = self.batch_size(run, stage)
        left = await self._left(session, run, stage)
        if left is not None:
            size = min(size, left)
            room = min(room, left // size) if size else 0
        if room == 0:
            return 0
        try:
            batches = await claims.pick(session, run, site, stage, size, room)
            rates = await self.rates(session, site, stage, batches)
            return await claims.claim(session, run, stage, batches, rates, delay, self.clock.now())
        except NotEnoughCredits as error:
            if not await batches_in_hand(session, run):
                await self.pause(session, run, "insufficient_credits", str(error))
            return 0

    async def _left(self, session: AsyncSession, run: Run, stage: Stage[Any]) -> int | None:
        """Items that the run may still take at this stage; None where there is no limit."""
        most = results.most(run, stage)
        if most is None or stage.preparatory:
            return None
        return max(most - results.done(run, stage) - await items_in_hand(session, run), 0)

    async def _obey(self, session: AsyncSession, run: Run, in_hand: int) -> None:
        """Pauses or cancels as asked, once nothing is in hand; what nobody has begun is put back at once."""
        taken_back = await claims.withdraw(session, run, self.stage_of(run), ("waiting",), self.clock.now())
        if in_hand > len(taken_back):
            return
        if run.asked == "pause":
            await self.pause(session, run, run.pause_reason or "asked", run.error_message)
        else:
            await self.end_cancelled(session, run)

    async def pause(self, session: AsyncSession, run: Run, reason: str, message: str | None) -> None:
        now = self.clock.now()
        run.status, run.asked, run.paused_at = "paused", None, now
        run.pause_reason, run.error_message = reason, message
        results.mark(run, run.current_stage, now, partial=True)
        await self.note(session, run, message or "The run is paused.", type="run_progress", level="warning")

    async def end_cancelled(self, session: AsyncSession, run: Run) -> None:
        now = self.clock.now()
        run.status, run.asked, run.cancelled_at = "cancelled", None, now
        results.mark(run, run.current_stage, now, partial=True)
        await self.note(session, run, "The run is cancelled; what was finished is kept.", type="run_finished")

    def unmark_partial(self, run: Run) -> None:
        results.mark(run, run.current_stage, self.clock.now(), partial=False)

    async def _call_again(self, session: AsyncSession, run: Run, delay: float) -> None:
        carries = {"workspace": run.workspace_id, "run": str(run.id)}
        key = f"{jobs.ADVANCE}:{run.id}:{run.position}"
        await jobs.defer(session, [jobs.Order(jobs.ADVANCE, carries, key, delay)])

    async def note(
        self, session: AsyncSession, run: Run, message: str, *, type: str = "run_log", level: str = "info"
    ) -> None:
        happening = Happening(type, message, level, run.current_stage, progress(run))
        await write(
            session, run.workspace_id, [happening], at=self.clock.now(), run_id=run.id, site_id=run.site_id
        )


def _together(stage: Stage[Any]) -> int:
    """For how many batches there has to be room before more are claimed: claiming several costs as one."""
    return max(stage.policy.concurrency // 4, 1)


def progress(run: Run) -> dict[str, Any]:
    """What a live page is told of a run with each event."""
    told = {
        "status": run.status,
        "current_stage": run.current_stage,
        "result": results.of(run, run.current_stage),
        "total_credits_used": run.total_credits_used,
    }
    return told | ({"pause_reason": run.pause_reason} if run.status == "paused" else {})


async def batches_in_hand(session: AsyncSession, run: Run) -> int:
    """How many batches of the run wait for a worker or are with one."""
    # Sessions do not flush by themselves: a batch that was settled a moment ago must not count any more.
    await session.flush()
    query = select(func.count()).where(
        Batch.workspace_id == run.workspace_id, Batch.run_id == run.id, Batch.status.in_(IN_HAND)
    )
    return (await session.scalar(query)) or 0


async def items_in_hand(session: AsyncSession, run: Run) -> int:
    """How many items those batches hold."""
    await session.flush()
    query = select(func.coalesce(func.sum(func.jsonb_array_length(Batch.items)), 0)).where(
        Batch.workspace_id == run.workspace_id, Batch.run_id == run.id, Batch.status.in_(IN_HAND)
    )
    return int((await session.scalar(query)) or 0)


async def locked(session: AsyncSession, workspace_id: int, run_id: object) -> tuple[Run, Site] | None:
    """The run, locked against everybody else who would decide about it, and its site."""
    query = (
        select(Run, Site)
        .join(Site, (Site.workspace_id == Run.workspace_id) & (Site.id == Run.site_id))
        .where(Run.workspace_id == workspace_id, Run.id == run_id)
        .with_for_update(of=Run)
        .execution_options(populate_existing=True)
    )
    row = (await session.execute(query)).one_or_none()
    return (row[0], row[1]) if row else None
