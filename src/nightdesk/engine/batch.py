"""Does one batch: takes it, has its stage work outside any transaction, and has it settled.

The token is the fence: taking a batch raises it, and only the holder of the newest token may settle. So a
worker that froze and wakes up again finds its batch taken, and what it made is dropped.
"""

import errno
import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, load_only

from nightdesk.engine.gpu import OneOwner
from nightdesk.engine.hand import Hand, items_of
from nightdesk.engine.runner import IN_HAND, Runner, locked
from nightdesk.engine.settling import Settler, passing
from nightdesk.kit import points
from nightdesk.kit.clock import Clock
from nightdesk.kit.deadlines import Deadline
from nightdesk.kit.endings import Ending, Later, NoRoom, Refused
from nightdesk.providers.calls import ListMeter
from nightdesk.stage import Bench, BenchMaker, Stage
from nightdesk.store.session import Store
from nightdesk.store.tables.runs import Batch, Run
from nightdesk.store.tables.tenancy import Site

DEATHS = 3
"""How many workers may die over a batch, or stand still past their lease, before its items are parked."""

_FULL = (errno.ENOSPC, errno.EDQUOT)
_NO_ROOM = "A disk of this machine is full. Nothing was kept. Free some space; the work goes on by itself."

TAKEN = ("run_id", "site_id", "step", "stage", "queue", "tries", "token")
"""What is read of a batch."""

_TAKEN = (
    update(Batch)
    .where(
        Batch.workspace_id == bindparam("workspace"),
        Batch.id == bindparam("batch"),
        Batch.status.in_(IN_HAND),
    )
    .values(status="working", token=Batch.token + 1, worker=bindparam("worker"), taken_at=bindparam("now"))
    .returning(Batch)
    .cte("taken")
)
_BATCH = aliased(Batch, _TAKEN)
_TAKE = (
    select(_BATCH, Run, Site)
    .join(Run, (Run.workspace_id == _BATCH.workspace_id) & (Run.id == _BATCH.run_id))
    .join(Site, (Site.workspace_id == _BATCH.workspace_id) & (Site.id == _BATCH.site_id))
    .options(
        load_only(*(getattr(_BATCH, name) for name in TAKEN), raiseload=True),
        load_only(Run.line, Run.settings, Run.site_id, raiseload=True),
    )
)

_log = logging.getLogger(__name__)


class Broken(Ending):
    """Something unexpected went wrong in our own code."""


@dataclass(frozen=True)
class Batches:
    """Does batches for one worker."""

    store: Store
    runner: Runner
    settler: Settler
    make_bench: BenchMaker
    clock: Clock
    worker: str
    announce: Callable[[], None]
    scarce: Mapping[str, OneOwner] = field(default_factory=dict)
    """What this host has only one of, by the name that policies call it."""

    async def do(self, workspace_id: int, batch_id: int) -> None:
        """Takes the batch, works, settles; does nothing where it is not to be done any more."""
        hand = None
        try:
            hand = await self._take(workspace_id, batch_id)
            if hand is None:
                return
            made = await self._work(hand)
            points.reach("batch.worked")
            await self.settler.settle(hand, made)
        except Ending as ending:
            if hand is not None:
                await self.settler.end(hand, ending)
        except Exception as bug:  # noqa: BLE001 - the one place where any error becomes a counted try
            await self._end_broken(hand, workspace_id, batch_id, bug)
        self.announce()

    async def _end_broken(self, hand: Hand | None, workspace_id: int, batch_id: int, bug: Exception) -> None:
        if hand is None and isinstance(bug, DBAPIError) and passing(bug):
            raise bug
        hand = hand or await self._take(workspace_id, batch_id, bare=True)
        if hand is not None:
            _log.error("batch.broken", exc_info=bug, extra={"batch": batch_id, "step": hand.stage.name})
            await self.settler.end(hand, Broken(f"Unexpected error ({type(bug).__name__}): {bug}"[:500]))

    def _turn(self, name: str | None, bench: Bench) -> AbstractAsyncContextManager[None]:
        """Whatever holds the scarce thing that the work needs, if it needs one, while it works."""
        use = bench.use_of(name) if name else None
        if name is None or use is None or name not in self.scarce:
            return nullcontext()
        return self.scarce[name].turn(use)

    async def advance(self, workspace_id: int, run_id: UUID) -> None:
        """Advances a run whose delay is over."""
        async with self.store.workspace(workspace_id) as session:
            found = await locked(session, workspace_id, run_id)
            if found:
                await self.runner.advance(session, *found)
        self.announce()

    async def _take(self, workspace_id: int, batch_id: int, *, bare: bool = False) -> Hand | None:
        meter = ListMeter()
        async with self.store.workspace(workspace_id) as session:
            taken = await self._raise_token(session, workspace_id, batch_id)
            if taken is None:
                return None
            batch, run, site = taken
            stage = self._stage(run, batch)
            items = await items_of(session, stage, batch)
            session.expunge_all()
            hand = Hand(batch, run, site, stage, items, meter, ids=[item.id for item in items])
            if not bare:
                await self._lay_out(session, hand)
        points.reach("batch.taken")
        return hand

    async def _lay_out(self, session: AsyncSession, hand: Hand) -> None:
        try:
            bench = await self.make_bench(session, hand.site, hand.run.settings, hand.meter)
            hand.material = await hand.stage.load(session, hand.site, hand.items)
            hand.bench = hand.stage.equipped(bench, hand.material)
        except Ending as ending:
            hand.ending = ending

    async def _raise_token(
        self, session: AsyncSession, workspace_id: int, batch_id: int
    ) -> tuple[Batch, Run, Site] | None:
        values = {
            "workspace": workspace_id,
            "batch": batch_id,
            "worker": self.worker,
            "now": self.clock.now(),
        }
        row = (await session.execute(_TAKE, values)).one_or_none()
        return (row[0], row[1], row[2]) if row else None

    def _stage(self, run: Run, batch: Batch) -> Stage[Any]:
        return next(s for s in self.runner.lines[run.line].stages if s.name == batch.step)

    async def _work(self, hand: Hand) -> Any:
        if hand.ending is not None:
            raise hand.ending
        if hand.batch.token - 1 - hand.batch.tries >= DEATHS:
            raise Refused(f"Its worker died or froze {DEATHS} times over it; look at the input, then retry.")
        if not hand.items or hand.bench is None:
            return None
        limit = hand.stage.limit(hand.bench)
        points.reach(f"work.{hand.stage.name}.before")
        try:
            async with Deadline(limit), self._turn(hand.stage.policy.scarce, hand.bench):
                return await hand.stage.work(hand.items, hand.material, hand.bench)
        except TimeoutError as error:
            raise Later(f"It took longer than {limit:g} seconds and was stopped.") from error
        except OSError as error:
            if error.errno not in _FULL:
                raise
            raise NoRoom(_NO_ROOM) from error
