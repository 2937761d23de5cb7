"""Finds an account of a workspace, and notes in the book what was done with it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import NotFound
from nightdesk.desk.people import Actor
from nightdesk.desk.people.book import What, note
from nightdesk.store.tables.publishing import Account


async def account_of(session: AsyncSession, workspace_id: int, number: int, *, lock: bool = False) -> Account:
    """Raises `NotFound`, also where it was removed."""
    query = select(Account).where(
        Account.workspace_id == workspace_id, Account.id == number, Account.removed_at.is_(None)
    )
    row = await session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound("account")
    return row


async def noted(session: AsyncSession, by: Actor, what: What, row: Account, at: datetime) -> None:
    """A line of the book, in the transaction of the deed."""
    await note(session, by.workspace_id, by, what, at, f"{row.platform}: {row.name}")
