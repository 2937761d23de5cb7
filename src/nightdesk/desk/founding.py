"""Founds workspaces: the rows that a tenant starts with, and its first credits."""

from dataclasses import dataclass

from sqlalchemy import func, insert, select

from nightdesk.store import ledger
from nightdesk.store.session import Store
from nightdesk.store.tables.money import CreditAccount
from nightdesk.store.tables.tenancy import Workspace

FIRST_CREDITS = 10_000
ACCOUNTS = ("source", "wallet", "held", "spent")


@dataclass(frozen=True)
class Founding:
    """Makes workspaces. It acts before any tenant is known, and is therefore let see all of them."""

    store: Store

    async def found(self, name: str, credits: int = FIRST_CREDITS) -> int:
        """A new workspace with its accounts and first credits; returns its number."""
        async with self.store.everywhere() as session:
            workspace = Workspace(name=name)
            session.add(workspace)
            await session.flush()
            rows = [{"workspace_id": workspace.id, "kind": kind} for kind in ACCOUNTS]
            await session.execute(insert(CreditAccount), rows)
            if credits:
                await ledger.grant(
                    session, workspace.id, "start", credits, "What a new workspace starts with."
                )
            return workspace.id

    async def known(self, workspace_id: int) -> bool:
        """Whether there is a workspace of that number."""
        async with self.store.everywhere() as session:
            found = await session.scalar(select(Workspace.id).where(Workspace.id == workspace_id))
            return found is not None

    async def first(self) -> int:
        """The first workspace; made where there is none yet, once however many ask at the same time."""
        async with self.store.everywhere() as session:
            await session.execute(select(func.pg_advisory_xact_lock(7204112)))
            found = await session.scalar(select(func.min(Workspace.id)))
            if found is not None:
                return int(found)
            return await self.found("My newsroom")
