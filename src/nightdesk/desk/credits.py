"""A workspace's credits: what is left, what was granted, and the book of every movement."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from nightdesk.desk.errors import Conflict, Invalid
from nightdesk.desk.paging import Cursor, Order, Page, Paging
from nightdesk.engine.control import Control, NotInThisState
from nightdesk.store import ledger
from nightdesk.store.session import Store
from nightdesk.store.tables.money import CreditTransfer
from nightdesk.store.tables.runs import Run

MOST = 1_000_000_000
NEWEST = Order("newest", CreditTransfer.key, CreditTransfer.key)
"""The order of the ledger: its cursors hold an instant, and the key among the movements of that instant."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LAST_INSTANT = (datetime.max.replace(tzinfo=UTC) - EPOCH) // MICROSECOND


@dataclass(frozen=True)
class Credits:
    """Reads the book, and grants."""

    store: Store
    control: Control

    async def balances(self, workspace_id: int) -> ledger.Balances:
        async with self.store.workspace(workspace_id) as session:
            return await ledger.balances(session, workspace_id)

    async def grant(self, workspace_id: int, amount: int, key: str, note: str = "") -> ledger.Balances:
        """Gives credits, once per key, and resumes the runs that waited for them.

        Raises `Invalid`, and `Conflict` where the key was used before.
        """
        if not 1 <= amount <= MOST:
            raise Invalid("amount", f"A grant is 1 to {MOST:,} credits.")
        async with self.store.workspace(workspace_id) as session:
            if not await ledger.grant(session, workspace_id, key, amount, note):
                raise Conflict("That grant was made already.")
        for run_id in await self._waiting_runs(workspace_id):
            await self._resume(workspace_id, run_id)
        return await self.balances(workspace_id)

    async def transfers(self, workspace_id: int, limit: int = 100) -> list[CreditTransfer]:
        """The newest movements, newest first."""
        async with self.store.workspace(workspace_id) as session:
            query = (
                select(CreditTransfer)
                .where(CreditTransfer.workspace_id == workspace_id)
                .order_by(CreditTransfer.at.desc(), CreditTransfer.key)
                .limit(limit)
            )
            return list(await session.scalars(query))

    async def ledger(self, workspace_id: int, paging: Paging) -> Page[CreditTransfer]:
        """One page of the movements, newest first."""
        query = select(CreditTransfer).where(CreditTransfer.workspace_id == workspace_id)
        if paging.after is not None:
            at, key = _at(paging.after.number), str(paging.after.value)
            later = (CreditTransfer.at == at) & (CreditTransfer.key > key)
            query = query.where((CreditTransfer.at < at) | later)
        query = query.order_by(CreditTransfer.at.desc(), CreditTransfer.key).limit(paging.limit + 1)
        async with self.store.workspace(workspace_id) as session:
            rows = list(await session.scalars(query))
        if len(rows) <= paging.limit:
            return Page(rows, None)
        last = rows[paging.limit - 1]
        cursor = Cursor(NEWEST.name, last.key, (last.at - EPOCH) // MICROSECOND)
        return Page(rows[: paging.limit], cursor.spelled())

    async def _waiting_runs(self, workspace_id: int) -> list[UUID]:
        async with self.store.workspace(workspace_id) as session:
            query = select(Run.id).where(
                Run.workspace_id == workspace_id,
                Run.status == "paused",
                Run.pause_reason == "insufficient_credits",
            )
            return list(await session.scalars(query))

    async def _resume(self, workspace_id: int, run_id: UUID) -> None:
        async with self.store.workspace(workspace_id) as session:
            try:
                await self.control.resume(session, workspace_id, run_id)
            except NotInThisState:
                return


def _at(microseconds: int) -> datetime:
    return EPOCH + MICROSECOND * min(microseconds, LAST_INSTANT)
