"""Settles a batch in one transaction: results, charge, log, events, and the call for the next batch.

Every ending passes here. Where the answer to a commit is lost, the settling is tried again: the fence finds
a batch that is settled already, and leaves it.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.engine import booking, claims, jobs, results
from nightdesk.engine.hand import Hand
from nightdesk.engine.runner import Runner, locked, progress
from nightdesk.kit import points
from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.store.events import Happening, write
from nightdesk.store.files import DiskLow
from nightdesk.store.ledger import NotEnoughCredits
from nightdesk.store.session import Store
from nightdesk.store.tables.runs import Batch, Run
from nightdesk.store.tables.tenancy import Site

LONGEST_WAIT = 300.0
"""Seconds; a longer Retry-After is cut to this (PROMISES, bad input)."""

UNEXPECTED_TRIES = 3
TRIES_TO_REACH_DATABASE = 40


@dataclass(frozen=True)
class Settler:
    """Settles what batches came to."""

    store: Store
    runner: Runner
    clock: Clock

    async def settle(self, hand: Hand, made: Any) -> None:
        """Saves what was made. Raises what the stage's `save` raises; then nothing is saved."""
        await self._persist(hand, lambda session, batch: self._save(session, batch, hand, made))

    async def end(self, hand: Hand, ending: Ending) -> None:
        """Has the batch end without a result: later, with a person, or with its items parked."""
        await self._persist(hand, lambda session, batch: self._give_up(session, batch, hand, ending))

    async def _persist(self, hand: Hand, act: Callable[[AsyncSession, Batch], Awaitable[None]]) -> None:
        for tries_left in reversed(range(TRIES_TO_REACH_DATABASE)):
            try:
                points.reach("settle.before")
                async with self.store.workspace(hand.batch.workspace_id) as session:
                    batch = await _fenced(session, hand.batch)
                    if batch is None:
                        await booking.calls_in_vain(session, hand, self.clock.now())
                    else:
                        await act(session, batch)
                    points.reach("settle.written")
                points.reach("settle.after")
                return
            except DBAPIError as error:
                if not (tries_left and passing(error)):
                    raise
                await asyncio.sleep(random.uniform(0.1, 0.5))  # noqa: S311 - jitter, no secret

    async def _save(self, session: AsyncSession, batch: Batch, hand: Hand, made: Any) -> None:
        stage, now = hand.stage, self.clock.now()
        table = stage.table
        items = list(
            await session.scalars(
                select(table).where(table.workspace_id == batch.workspace_id, table.batch_id == batch.id)
            )
        )
        saved = await stage.save(session, hand.site, items, made) if items else None
        await session.flush()
        run, site = await _run_of(session, batch)
        refused = dict(saved.refused) if saved else {}
        good = [item for item in items if item.id not in refused]
        cost = saved.cost if saved and saved.cost is not None else stage.estimate(good) if good else 0
        batch.charged = await claims.close_hold(session, batch, cost)
        batch.status, batch.ended_at = "done", now
        await park(session, hand, {i.id: refused[i.id] for i in items if i.id in refused}, now)
        await free(session, hand, [item.id for item in good])
        run.total_credits_used += batch.charged
        counts = saved.counts if saved else {}
        tally = {"batches_run": 1, "credits_used": batch.charged, "failed": len(refused)}
        results.add(run, stage, counts, now, **tally)
        await booking.book(session, hand, batch.charged, now)
        lines = [*(saved.lines if saved else ()), *(f"Parked: {why}" for why in refused.values())]
        await self._tell(session, run, lines)
        await self.runner.advance(session, run, site, settled=True)

    async def _give_up(self, session: AsyncSession, batch: Batch, hand: Hand, ending: Ending) -> None:
        batch.tries += 1
        batch.error = ending.why[:2000]
        run, site = await _run_of(session, batch)
        await booking.book(session, hand, 0, self.clock.now())
        if isinstance(ending, NeedsPerson | DiskLow):
            await self._hand_to_person(session, batch, hand, run, ending)
        elif isinstance(ending, Refused):
            await self._refuse(session, batch, hand, run, ending)
        elif batch.tries < self._allowed(hand, ending):
            await self._try_later(session, batch, run, ending)
        else:
            await self._park_all(session, batch, hand, run, ending.why)
        await self.runner.advance(session, run, site, settled=True)

    def _allowed(self, hand: Hand, ending: Ending) -> int:
        most = hand.stage.policy.attempts
        return most if isinstance(ending, Later) else min(most, UNEXPECTED_TRIES)

    async def _try_later(self, session: AsyncSession, batch: Batch, run: Run, ending: Ending) -> None:
        asked = ending.seconds if isinstance(ending, Later) else None
        backoff = min(2.0**batch.tries, LONGEST_WAIT) * random.uniform(0.5, 1.0)  # noqa: S311
        delay = min(asked, LONGEST_WAIT) if asked is not None else backoff
        batch.status, batch.due_at = "waiting", self.clock.now() + timedelta(seconds=delay)
        await jobs.defer(session, [claims.order(batch, delay)])
        message = f"Try {batch.tries} of {batch.step} ended: {ending.why} Trying again in {delay:.0f} s."
        await self._tell(session, run, [message], level="warning")

    async def _hand_to_person(
        self, session: AsyncSession, batch: Batch, hand: Hand, run: Run, ending: Ending
    ) -> None:
        await self._return(session, batch, hand)
        reason = "disk_low" if isinstance(ending, DiskLow) else "needs_person"
        run.asked, run.pause_reason, run.error_message = run.asked or "pause", reason, ending.why
        await self._tell(session, run, [ending.why], level="error")

    async def _refuse(
        self, session: AsyncSession, batch: Batch, hand: Hand, run: Run, ending: Refused
    ) -> None:
        """Parks a refused item; of several, finds out by halves which one it was."""
        if len(hand.items) < 2:
            await self._park_all(session, batch, hand, run, ending.why)
            return
        await claims.close_hold(session, batch, 0)
        batch.status, batch.ended_at = "split", self.clock.now()
        half = len(hand.items) // 2
        for part in (hand.items[:half], hand.items[half:]):
            try:
                await claims.claim_these(session, run, hand.stage, part, self.clock.now())
            except NotEnoughCredits:
                await park(session, hand, {item.id: ending.why for item in part}, self.clock.now())
        await self._tell(session, run, [f"Refused, trying its halves apart: {ending.why}"], level="warning")

    async def _park_all(self, session: AsyncSession, batch: Batch, hand: Hand, run: Run, why: str) -> None:
        now = self.clock.now()
        await claims.close_hold(session, batch, 0)
        batch.status, batch.ended_at = "parked", now
        await park(session, hand, {item.id: why for item in hand.items}, now)
        results.add(run, hand.stage, {}, now, batches_run=1, failed=len(hand.items))
        await self._tell(session, run, [f"Parked {len(hand.items)}: {why}"], level="error")

    async def _return(self, session: AsyncSession, batch: Batch, hand: Hand) -> None:
        await claims.close_hold(session, batch, 0)
        batch.status, batch.ended_at = "returned", self.clock.now()
        await claims.put_back(session, hand.stage, [batch])

    async def _tell(self, session: AsyncSession, run: Run, lines: Sequence[str], level: str = "info") -> None:
        stage = run.current_stage
        log = [Happening("run_log", line, level, stage) for line in lines]
        moved = Happening("run_progress", stage=stage, data=progress(run))
        await write(
            session, run.workspace_id, [*log, moved], at=self.clock.now(), run_id=run.id, site_id=run.site_id
        )


def passing(error: DBAPIError) -> bool:
    """True where the database may take the same transaction a moment later: away, locked, or deadlocked."""
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or not state or state[:2] in {"08", "40", "53", "55", "57"}


async def park(session: AsyncSession, hand: Hand, why: dict[int, str], now: Any) -> None:
    """Sets items aside with their error until a person has them tried again."""
    table = hand.stage.table
    for item_id, reason in why.items():
        await session.execute(
            update(table)
            .where(table.workspace_id == hand.batch.workspace_id, table.id == item_id)
            .values(parked_at=now, error=reason[:2000], batch_id=None, tries=table.tries + 1)
            .execution_options(synchronize_session=False)
        )


async def free(session: AsyncSession, hand: Hand, items: Sequence[int]) -> None:
    """Releases the claim on items that are done; the same run may take again what was only prepared."""
    if items:
        table = hand.stage.table
        again = {"last_run": None} if hand.stage.preparatory else {}
        await session.execute(
            update(table)
            .where(table.workspace_id == hand.batch.workspace_id, table.id.in_(items))
            .values(batch_id=None, error=None, **again)
            .execution_options(synchronize_session=False)
        )


async def _fenced(session: AsyncSession, mine: Batch) -> Batch | None:
    """The batch, locked, if it is still ours."""
    query = (
        select(Batch)
        .where(
            Batch.workspace_id == mine.workspace_id,
            Batch.id == mine.id,
            Batch.token == mine.token,
            Batch.status == "working",
        )
        .with_for_update()
    )
    return (await session.scalars(query)).one_or_none()


async def _run_of(session: AsyncSession, batch: Batch) -> tuple[Run, Site]:
    found = await locked(session, batch.workspace_id, batch.run_id)
    if found is None:
        raise LookupError("The run of this batch is gone.")
    return found
