"""Whether the tool servers that accounts go out by answer, and have the tools that are called."""

import asyncio
from dataclasses import dataclass

from sqlalchemy import select

from nightdesk.desk.accounts.opening import Openings
from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.store.tables.publishing import Account

AT_ONCE = 8
SECONDS = 20.0
"""What one may take to answer."""


@dataclass(frozen=True)
class Connector:
    """One account's; `name` is the account's."""

    name: str
    ok: bool
    says: str


async def connectors(openings: Openings, workspace_id: int) -> list[Connector]:
    """Asks each of them, and changes nothing."""
    mine = (Account.workspace_id == workspace_id, Account.way == "mcp", Account.removed_at.is_(None))
    async with openings.store.workspace(workspace_id) as session:
        rows = list(await session.scalars(select(Account).where(*mine).order_by(Account.id)))
    turns = asyncio.Semaphore(AT_ONCE)

    async def asked(row: Account) -> Connector:
        async with turns:
            return await _asked(openings, row)

    return list(await asyncio.gather(*(asked(row) for row in rows)))


async def _asked(openings: Openings, row: Account) -> Connector:
    try:
        async with asyncio.timeout(SECONDS):
            publisher = await openings.publisher(row)
            try:
                standing = await publisher.look()
            finally:
                await publisher.aclose()
    except TimeoutError:
        return Connector(row.name, False, f"It did not answer within {SECONDS:g} seconds.")
    except (Later, NeedsPerson) as ending:
        return Connector(row.name, False, ending.why)
    return Connector(row.name, True, f"It answers: {standing.name}.")
