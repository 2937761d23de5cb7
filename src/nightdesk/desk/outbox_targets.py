"""Targets that are told of events: which of them have something to hear, each in one hand at a time."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Executable, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.store.horizon import Horizon
from nightdesk.store.session import Store
from nightdesk.store.tables.notices import NoticeTarget
from nightdesk.store.tables.occasions import Event
from nightdesk.store.tables.webhooks import WebhookTarget

Target = TypeVar("Target", NoticeTarget, WebhookTarget)


@dataclass(frozen=True)
class OutboxTargets(Generic[Target]):
    """Those of all workspaces that are in one table.

    `url` is a connection string of the role that sees all tenants, for the horizon.
    """

    store: Store
    table: type[Target]
    url: str

    async def are_there(self) -> bool:
        """Whether there is any."""
        async with self.store.everywhere() as session:
            return await session.scalar(select(self.table.id).limit(1)) is not None

    async def read_on(self, read: Callable[[AsyncSession, Target, int], Awaitable[None]], most: int) -> None:
        """Has `read` take each that has events to hear over them, up to the one that it is given; at the most
        so many targets, those first that are furthest behind."""
        upto, table = await self._upto(), self.table
        unheard = exists().where(
            Event.workspace_id == table.workspace_id, Event.id > table.seen, Event.id <= upto
        )
        behind = select(table.workspace_id, table.id).where(unheard).order_by(table.seen).limit(most)

        async def heard(session: AsyncSession, target: Target) -> None:
            await read(session, target, upto)

        await self.each(behind, heard)

    async def each(
        self, query: Executable, act: Callable[[AsyncSession, Target], Awaitable[None]], **facts: Any
    ) -> None:
        """Acts on each that the query names by workspace and number, in a transaction of its own, unless
        another process has it in hand."""
        async with self.store.everywhere() as session:
            named = (await session.execute(query, facts)).all()
        table = self.table
        for workspace_id, number in named:
            one = select(table).where(table.workspace_id == workspace_id, table.id == number)
            async with self.store.workspace(workspace_id) as session:
                target = await session.scalar(one.with_for_update(skip_locked=True))
                if target is not None:
                    await act(session, target)

    async def _upto(self) -> int:
        """The event up to which nothing can be added any more."""
        horizon = Horizon(self.url)
        try:
            await horizon.advance()
            return horizon.upto
        finally:
            await horizon.close()
