"""A workspace's credits: what is left, what was granted, and the book of every movement."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select

from nightdesk.desk.errors import Conflict, Invalid
from nightdesk.desk.paging import Cursor, Order, Page, Paging
from nightdesk.engine.control import Control, NotInThisState
from nightdesk.store import ledger
from nightdesk.store.session import Store
from nightdesk.store.tables.money import CreditTransfer
from nightdesk.store.tables.runs import Run
from nightdesk.store.tables.tenancy import Site

MOST = 1_000_000_000
NEWEST = Order("newest", CreditTransfer.key, CreditTransfer.key)
"""The order of the ledger: its cursors hold an instant, and the key among the movements of that instant."""

KINDS = ("grant", "hold", "charge", "release", "adjust")
A_PIECE = 1000
"""Movements that an export reads at once."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LAST_INSTANT = (datetime.max.replace(tzinfo=UTC) - EPOCH) // MICROSECOND


@dataclass(frozen=True)
class Wanted:
    """Which movements are asked for: of a kind, of a run, of a site's runs, from `since`, before `until`."""

    kind: str | None = None
    run_id: UUID | None = None
    site_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


EVERYTHING = Wanted()


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

    async def ledger(
        self, workspace_id: int, paging: Paging, wanted: Wanted = EVERYTHING
    ) -> Page[CreditTransfer]:
        """One page of the movements, newest first."""
        query = select(CreditTransfer).where(*_narrowed(workspace_id, wanted))
        if paging.after is not None:
            at, key = _at(paging.after.number), str(paging.after.value)
            later = (CreditTransfer.at == at) & (CreditTransfer.key > key)
            query = query.where((CreditTransfer.at < at) | later)
        query = query.order_by(CreditTransfer.at.desc(), CreditTransfer.key).limit(paging.limit + 1)
        async with self.store.workspace(workspace_id) as session:
            rows = list(await session.scalars(query))
        if len(rows) <= paging.limit:
            return Page(rows, None)
        cursor = _after(rows[paging.limit - 1])
        return Page(rows[: paging.limit], cursor.spelled())

    async def every(
        self, workspace_id: int, wanted: Wanted = EVERYTHING
    ) -> AsyncIterator[tuple[CreditTransfer, Site | None]]:
        """All the movements, newest first, with the sites of their runs; read piece by piece."""
        after: Cursor | None = None
        while True:
            page = await self.ledger(workspace_id, Paging(NEWEST, A_PIECE, after), wanted)
            sites = await self.sites_of(workspace_id, page.items)
            for row in page.items:
                yield row, sites.get(row.run_id)
            if page.next_cursor is None:
                return
            after = _after(page.items[-1])

    async def sites_of(
        self, workspace_id: int, transfers: Sequence[CreditTransfer]
    ) -> dict[UUID | None, Site]:
        """The sites of the runs that the movements belong to, by run."""
        runs = {row.run_id for row in transfers if row.run_id is not None}
        query = (
            select(Run.id, Site)
            .join(Site, (Site.workspace_id == Run.workspace_id) & (Site.id == Run.site_id))
            .where(Run.workspace_id == workspace_id, Run.id.in_(runs))
        )
        if not runs:
            return {}
        async with self.store.workspace(workspace_id) as session:
            found = (await session.execute(query)).all()
        return {row[0]: row[1] for row in found}

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


def _narrowed(workspace_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [CreditTransfer.workspace_id == workspace_id]
    if wanted.kind:
        found.append(CreditTransfer.kind == wanted.kind)
    if wanted.run_id:
        found.append(CreditTransfer.run_id == wanted.run_id)
    if wanted.site_id:
        of_site = (Run.workspace_id == workspace_id, Run.site_id == wanted.site_id)
        found.append(CreditTransfer.run_id.in_(select(Run.id).where(*of_site)))
    if wanted.since:
        found.append(CreditTransfer.at >= wanted.since)
    if wanted.until:
        found.append(CreditTransfer.at < wanted.until)
    return found


def _after(row: CreditTransfer) -> Cursor:
    return Cursor(NEWEST.name, row.key, (row.at - EPOCH) // MICROSECOND)


def _at(microseconds: int) -> datetime:
    return EPOCH + MICROSECOND * min(microseconds, LAST_INSTANT)
