"""What can be asked of every kind of item: a page of them, one of them, another try for those parked."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, NotFound
from nightdesk.desk.paging import Order, Page, Paging, page_of
from nightdesk.engine.control import Control, try_again
from nightdesk.store.session import Store
from nightdesk.store.tables.columns import Workable
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.workers import Tally

I = TypeVar("I", bound=Workable)  # noqa: E741


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to; a list leaves aside what its rows do not have.

    `status` is the state that is counted by; `search` a piece of the name, whatever its case.
    """

    status: str | None = None
    search: str | None = None
    cluster_id: int | None = None
    content_id: int | None = None
    min_volume: int | None = None


class Items(Generic[I]):
    """One kind of item, in a workspace's sites that are not archived."""

    table: type[I]
    word: ClassVar[str]
    """What one of them is called."""
    orders: ClassVar[Mapping[str, Order]]
    named: ClassVar[str]
    """The column that is searched."""
    light: ClassVar[tuple[Any, ...]] = ()
    """Loader options that leave heavy columns of a list in the database."""

    def __init__(self, store: Store, control: Control) -> None:
        self.store, self.control = store, control

    async def page(self, workspace_id: int, site_id: int, asked: Filter, paging: Paging) -> Page[I]:
        """One page of a site's items, with the counts of all of them. Raises `NotFound` for the site."""
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            mine = (self.table.workspace_id == workspace_id, self.table.site_id == site_id)
            query = select(self.table).where(*mine, *self.narrowed(asked)).options(*self.light)
            items, following = await page_of(session, query, paging)
            return Page(items, following, await self.counts(session, workspace_id, site_id))

    async def get(self, workspace_id: int, number: int) -> I:
        """Raises `NotFound`."""
        async with self.store.workspace(workspace_id) as session:
            return await self.find(session, workspace_id, number)

    async def retry(self, workspace_id: int, site_id: int, numbers: Sequence[int] | None = None) -> int:
        """Takes parked items, all of the site's or those named, out of parking; returns how many.

        The next run takes them up, or the present one where it has not passed their stage. Raises `NotFound`.
        """
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            stages = [stage for line in self.control.runner.lines.values() for stage in line.working()]
            stage = next(stage for stage in stages if stage.table is self.table)
            return await try_again(session, stage, workspace_id, site_id, numbers)

    @asynccontextmanager
    async def writing(self, workspace_id: int) -> AsyncIterator[AsyncSession]:
        """One transaction; where another came first in a way that could not be seen, it is a `Conflict`."""
        try:
            async with self.store.workspace(workspace_id) as session:
                yield session
        except IntegrityError as error:
            raise Conflict(
                "Something that this refers to was changed at this moment. Nothing was done; try again."
            ) from error

    def narrowed(self, asked: Filter) -> list[ColumnElement[bool]]:
        """The conditions of a filter that every kind of item knows."""
        found = []
        if asked.status is not None:
            found.append(self.table.state == asked.status)  # type: ignore[attr-defined]
        if asked.search:
            name = getattr(self.table, self.named)
            found.append(name.icontains(asked.search, autoescape=True))
        return found

    async def counts(self, session: AsyncSession, workspace_id: int, site_id: int) -> dict[str, int]:
        """How many a site has in each state, from the tallies."""
        total = func.sum(Tally.n)
        kind = self.table.__tablename__  # type: ignore[attr-defined]
        query = (
            select(Tally.state, total)
            .where(Tally.workspace_id == workspace_id, Tally.site_id == site_id, Tally.kind == kind)
            .group_by(Tally.state)
            .having(total != 0)
        )
        return {state: int(n) for state, n in await session.execute(query)}

    async def find(self, session: AsyncSession, workspace_id: int, number: int, *, lock: bool = False) -> I:
        """The row, locked until the transaction ends where that is asked for. Raises `NotFound`."""
        table = self.table
        query = (
            select(table)
            .join(Site, (Site.workspace_id == table.workspace_id) & (Site.id == table.site_id))
            .where(table.workspace_id == workspace_id, table.id == number, Site.archived_at.is_(None))
        )
        if lock:
            query = query.with_for_update(of=table).execution_options(populate_existing=True)
        row = (await session.scalars(query)).one_or_none()
        if row is None:
            raise NotFound(self.word)
        return row

    async def take(self, session: AsyncSession, workspace_id: int, number: int) -> I:
        """The row, locked to be changed. Raises `NotFound`, and `Conflict` while a batch has it in hand."""
        row = await self.find(session, workspace_id, number, lock=True)
        if row.batch_id is not None:
            raise in_hand(self.word)
        return row


def in_hand(word: str) -> Conflict:
    """What is said of an item that a run works on."""
    return Conflict(
        f"A run is working on this {word} just now: wait until it is done with it, or cancel the run. "
        "Nothing was changed."
    )


async def site_of(session: AsyncSession, workspace_id: int, site_id: int) -> Site:
    """A site that is not archived. Raises `NotFound`."""
    site = await session.get(Site, (workspace_id, site_id))
    if site is None or site.archived_at is not None:
        raise NotFound("site")
    return site


async def written(session: AsyncSession, row: I) -> I:
    """The row with what the database made of it."""
    await session.flush()
    await session.refresh(row)
    return row
