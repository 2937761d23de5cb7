"""Settles a batch in one transaction: results, charge, log, events, and the call for the next batch.

Every ending passes here. Where the answer to a commit is lost, the settling is tried again: the fence finds
a batch that is settled already, and leaves it.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from nightdesk.engine import booking, claims, jobs, results
from nightdesk.engine.hand import Hand, items_of
from nightdesk.engine.runner import Runner, progress
from nightdesk.kit import points
from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Ending, Later, NeedsPerson, NoRoom, Refused
from nightdesk.stage import Saved
from nightdesk.store.events import Happening, write
from nightdesk.store.ledger import NotEnoughCredits
from nightdesk.store.session import Store
from nightdesk.store.tables.runs import Batch, Run

LONGEST_WAIT = 300.0
"""Seconds; a longer Retry-After is cut to this (PROMISES, bad input)."""

UNEXPECTED_TRIES = 3
TRIES_TO_REACH_DATABASE = 40


FEW = 50
"""Up to so many items are written one by one."""

_FENCE = (
    select(Batch, Run)
    .join(Run, (Run.workspace_id == Batch.workspace_id) & (Run.id == Batch.run_id))
    .options(
        load_only(
            Batch.run_id, Batch.step, Batch.queue, Batch.tries, Batch.token, Batch.status, raiseload=True
        ),
        load_only(
            Run.site_id,
            Run.line,
            Run.status,
            Run.asked,
            Run.pause_reason,
            Run.error_message,
            Run.position,
            Run.entered,
            Run.current_stage,
            Run.settings,
            Run.results,
            Run.stage_began_at,
            Run.total_credits_used,
            raiseload=True,
        ),
    )
    .where(
        Batch.workspace_id == bindparam("workspace"),
        Batch.id == bindparam("batch"),
        Batch.token == bindparam("token"),
        Batch.status == "working",
    )
    .with_for_update(of=(Batch, Run))
)


@dataclass(frozen=True)
class Locked:
    """A batch that is still ours, with its run, as they are now: of each what settling needs."""

    batch: Batch
    run: Run


@dataclass(frozen=True)
class Settler:
    """Settles what batches came to."""

    store: Store
    runner: Runner
    clock: Clock
    _turns: WeakValueDictionary[UUID, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def settle(self, hand: Hand, made: Any) -> None:
        """Saves what was made. Raises what the stage's `save` raises; then nothing is saved."""
        await self._persist(hand, lambda session, mine: self._save(session, mine, hand, made))

    async def end(self, hand: Hand, ending: Ending) -> None:
        """Has the batch end without a result: later, with a person, or with its items parked."""
        await self._persist(hand, lambda session, mine: self._give_up(session, mine, hand, ending))

    async def _persist(self, hand: Hand, act: Callable[[AsyncSession, Locked], Awaitable[None]]) -> None:
        for tries_left in reversed(range(TRIES_TO_REACH_DATABASE)):
            try:
                points.reach("settle.before")
                async with self._turn(hand), self.store.workspace(hand.batch.workspace_id) as session:
                    mine = await _fenced(session, hand.batch)
                    if mine is None:
                        await booking.calls_in_vain(session, hand, self.clock.now())
                    else:
                        await act(session, mine)
                    points.reach("settle.written")
                points.reach("settle.after")
                return
            except DBAPIError as error:
                if not (tries_left and passing(error)):
                    raise
                await asyncio.sleep(random.uniform(0.1, 0.5))  # noqa: S311 - jitter, no secret

    def _turn(self, hand: Hand) -> asyncio.Lock:
        """The run's row lets its batches settle one by one; those of this process queue before connecting."""
        return self._turns.setdefault(hand.batch.run_id, asyncio.Lock())

    async def _save(self, session: AsyncSession, mine: Locked, hand: Hand, made: Any) -> None:
        stage, run, now = hand.stage, mine.run, self.clock.now()
        items = await _items(session, hand)
        saved = await stage.save(session, hand.site, items, made) if items else Saved()
        refused = {item.id: saved.refused[item.id] for item in items if item.id in saved.refused}
        good = [item for item in items if item.id not in refused]
        cost = saved.cost if saved.cost is not None else stage.estimate(good) if good else 0
        await free(session, hand, good)
        booked = await booking.close(session, hand, "done", now, cost=cost, items=[i.id for i in good])
        facts = {"batches_run": 1, "credits_used": booked.charged, "failed": len(refused)}
        run.total_credits_used += booked.charged
        results.add(run, stage, saved.counts, now, **facts)
        # Items and run are written by one flush, before anything is claimed by their state.
        await session.flush()
        await self._park(session, hand, refused, now)
        await self._tell(session, run, [*saved.lines, *(f"Parked: {why}" for why in refused.values())])
        await self.runner.advance(session, run, hand.site, settled=True, in_hand=booked.in_hand)

    async def _give_up(self, session: AsyncSession, mine: Locked, hand: Hand, ending: Ending) -> None:
        batch, run = mine.batch, mine.run
        batch.tries += 1
        batch.error = ending.why[:2000]
        await session.flush()
        if isinstance(ending, NeedsPerson | NoRoom):
            await self._hand_to_person(session, mine, hand, ending)
        elif isinstance(ending, Refused):
            await self._refuse(session, mine, hand, ending)
        elif batch.tries < self._allowed(hand, ending):
            await booking.note_calls(session, hand, self.clock.now())
            await self._try_later(session, batch, run, ending)
        else:
            await self._park_all(session, run, hand, ending.why)
        await self.runner.advance(session, run, hand.site, settled=True)

    def _allowed(self, hand: Hand, ending: Ending) -> int:
        most = hand.stage.policy.attempts
        return most if isinstance(ending, Later) else min(most, UNEXPECTED_TRIES)

    async def _try_later(self, session: AsyncSession, batch: Batch, run: Run, ending: Ending) -> None:
        asked = ending.seconds if isinstance(ending, Later) else None
        backoff = min(2.0**batch.tries, LONGEST_WAIT) * random.uniform(0.5, 1.0)  # noqa: S311
        delay = min(asked, LONGEST_WAIT) if asked is not None else backoff
        batch.status, batch.due_at = "waiting", self.clock.now() + timedelta(seconds=delay)
        await jobs.defer(session, [claims.order_again(batch, delay)])
        message = f"Try {batch.tries} of {batch.step} ended: {ending.why} Trying again in {delay:.0f} s."
        await self._tell(session, run, [message], level="warning")

    async def _hand_to_person(self, session: AsyncSession, mine: Locked, hand: Hand, ending: Ending) -> None:
        run = mine.run
        await booking.close(session, hand, "returned", self.clock.now())
        await claims.put_back(session, hand.stage, [mine.batch])
        reason = "disk_low" if isinstance(ending, NoRoom) else "needs_person"
        run.asked, run.pause_reason, run.error_message = run.asked or "pause", reason, ending.why
        await self._tell(session, run, [ending.why], level="error")

    async def _refuse(self, session: AsyncSession, mine: Locked, hand: Hand, ending: Refused) -> None:
        """Parks a refused item; of several, finds out by halves which one it was."""
        run, now = mine.run, self.clock.now()
        if len(hand.ids) < 2:
            await self._park_all(session, run, hand, ending.why)
            return
        items = await items_of(session, hand.stage, mine.batch)
        await booking.close(session, hand, "split", now)
        half = len(items) // 2
        parts = (items[:half], items[half:])
        rates = await self.runner.rates(session, hand.site, hand.stage, parts)
        for part, rate in zip(parts, rates, strict=True):
            try:
                await claims.claim_these(session, run, hand.stage, part, rate, now)
            except NotEnoughCredits:
                await self._park(session, hand, {item.id: ending.why for item in part}, now)
        await self._tell(session, run, [f"Refused, trying its halves apart: {ending.why}"], level="warning")

    async def _park_all(self, session: AsyncSession, run: Run, hand: Hand, why: str) -> None:
        now = self.clock.now()
        await booking.close(session, hand, "parked", now)
        await self._park(session, hand, dict.fromkeys(hand.ids, why), now)
        results.add(run, hand.stage, {}, now, batches_run=1, failed=len(hand.ids))
        await self._tell(session, run, [f"Parked {len(hand.ids)}: {why}"], level="error")

    async def _park(self, session: AsyncSession, hand: Hand, why: dict[int, str], now: Any) -> None:
        await park(session, hand, why, now)
        told = self.runner.lines[hand.run.line].parked
        if why and told is not None:
            await told(session, hand.batch.workspace_id, hand.stage, list(why))

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


async def free(session: AsyncSession, hand: Hand, items: Sequence[Any]) -> None:
    """Releases the claim on items that are done; the same run may take again what was only prepared.

    A few are released with the changes that the stage made to them, many by one statement.
    """
    released: dict[str, Any] = {"batch_id": None, "error": None}
    if hand.stage.preparatory:
        released["last_run"] = None
    if len(items) <= FEW:
        for item in items:
            for name, value in released.items():
                setattr(item, name, value)
        return
    table = hand.stage.table
    await session.flush()
    await session.execute(
        update(table)
        .where(table.workspace_id == hand.batch.workspace_id, table.id.in_([item.id for item in items]))
        .values(released)
        .execution_options(synchronize_session=False)
    )


async def _items(session: AsyncSession, hand: Hand) -> Sequence[Any]:
    """The items to save into: those that were read when the batch was taken, or after a failure read anew."""
    if hand.saved_once:
        return await items_of(session, hand.stage, hand.batch)
    hand.saved_once = True
    session.add_all(hand.items)
    return hand.items


async def _fenced(session: AsyncSession, mine: Batch) -> Locked | None:
    """The batch with its run, both rows locked, if the batch is still ours."""
    values = {"workspace": mine.workspace_id, "batch": mine.id, "token": mine.token}
    row = (await session.execute(_FENCE, values)).one_or_none()
    return Locked(row[0], row[1]) if row else None
