"""Hands out a site's topics, each to one caller alone."""

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.store.tables.feeds import Topic

_PICK = """
    update topics set status = 'used', used_for = :used_for, used_at = :now
    where workspace_id = :workspace and id = (
        select id from topics
        where workspace_id = :workspace and site_id = :site and status = 'new'
          and (cast(:source as text) is null or source = :source)
          and (cast(:number as bigint) is null or id = :number)
        order by score desc, id desc
        limit 1 for update {passing})
    returning id
"""
_PASSING, _WAITING = text(_PICK.format(passing="skip locked")), text(_PICK.format(passing=""))
_LEFT = text("""
    select exists (
        select from topics
        where workspace_id = :workspace and site_id = :site and status = 'new'
          and (cast(:source as text) is null or source = :source)
          and (cast(:number as bigint) is null or id = :number))
""")


async def pick(
    session: AsyncSession,
    workspace_id: int,
    site_id: int,
    *,
    used_for: str,
    now: datetime,
    source: str | None = None,
    number: int | None = None,
) -> Topic | None:
    """The best new topic of the site, used from now on; no two callers get the same. None: none is left.

    A topic that another transaction holds is passed over; where only such are left, it is waited for, so
    that one that is given back in that moment is not missed.
    """
    facts: dict[str, Any] = {
        "workspace": workspace_id,
        "site": site_id,
        "used_for": used_for,
        "now": now,
        "source": source,
        "number": number,
    }
    found = await session.scalar(_PASSING, facts)
    while found is None:
        if not await session.scalar(_LEFT, facts):
            return None
        found = await session.scalar(_WAITING, facts)
    return await session.get_one(Topic, (workspace_id, found), populate_existing=True)
