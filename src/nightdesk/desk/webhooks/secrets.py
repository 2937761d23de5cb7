"""Secrets of webhooks: made, shown once, sealed, and changed with a time in which two hold."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from nightdesk.desk.errors import Unavailable
from nightdesk.kit import ids
from nightdesk.kit.endings import Later
from nightdesk.kit.sealing import Sealer, place

OVERLAP = timedelta(hours=24)
"""How long the secret before holds beside the new one."""


def new_secret() -> str:
    """`whs_` and 43 characters of base 62, which are 256 bits."""
    return f"whs_{ids.new_token(43)}"


def secret_place(table: str, workspace_id: int, number: int, column: str) -> str:
    """What a webhook's secret is sealed to."""
    return place(workspace_id, table, number, column)


def held(row: Any, now: datetime) -> list[tuple[str, str]]:
    """The sealed secrets of a row that hold now, by their columns, the present one first."""
    found = [("sealed", row.sealed)]
    if row.sealed_before and row.before_until and row.before_until > now:
        found.append(("sealed_before", row.sealed_before))
    return found


async def seal(sealer: Sealer, secret: str, where: str) -> str:
    """Raises `Unavailable` where a key vault does not answer."""
    try:
        return await asyncio.to_thread(sealer.seal, secret, where)
    except Later as ending:
        raise Unavailable(ending.why) from ending


async def change(sealer: Sealer, row: Any, now: datetime) -> str:
    """Gives a row a new secret, and has the one before hold for a while. Raises `Unavailable`."""
    table, number = row.__tablename__, row.id
    fresh = new_secret()
    present = secret_place(table, row.workspace_id, number, "sealed")
    before = secret_place(table, row.workspace_id, number, "sealed_before")
    try:
        old = await asyncio.to_thread(sealer.open, row.sealed, present)
    except Later as ending:
        raise Unavailable(ending.why) from ending
    row.sealed_before, row.before_until = await seal(sealer, old, before), now + OVERLAP
    row.sealed = await seal(sealer, fresh, present)
    return fresh
