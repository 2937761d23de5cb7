"""Hands out a site's topics, each to one caller alone."""

import asyncio
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit.endings import Later
from nightdesk.store.growth import RANGES, SLICE, next_arm
from nightdesk.store.tables.feeds import Topic

PAUSE, TRIES = 0.03, 100
"""Seconds between two looks for a topic that others hold, and how many: as long as locks are waited for."""

_BY_SCORE = "score desc, id desc"
_BY_PART = f"({SLICE} >= :low and {SLICE} < :high) desc, {_BY_SCORE}"
_PICK = """
    update topics set status = 'used', used_for = :used_for, used_at = :now
    where workspace_id = :workspace and id = (
        select id from topics
        where workspace_id = :workspace and site_id = :site and status = 'new'
          and (cast(:source as text) is null or source = :source)
          and (cast(:number as bigint) is null or id = :number)
        order by {order}
        limit 1 for update skip locked)
    returning id
"""
_BEST = """
    select id from topics where workspace_id = :workspace and site_id = :site and status = 'new'
    order by {order} limit 1
"""
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

    A topic that another transaction holds is passed over; where only such are left, it is looked for again
    and again, so that one that is given back in that moment is not missed. Waiting for its lock instead would
    keep the locks of those that were passed over meanwhile, and two who wait so may wait for each other.
    Raises `Later` where they stay held for three seconds.
    """
    facts: dict[str, Any] = {
        "workspace": workspace_id,
        "site": site_id,
        "used_for": used_for,
        "now": now,
        "source": source,
        "number": number,
    }
    order, due = await _order(session, workspace_id, site_id) if number is None else (_BY_SCORE, {})
    facts |= due
    for _ in range(TRIES):
        found = await session.scalar(text(_PICK.format(order=order)), facts)
        if found is not None:
            return await session.get_one(Topic, (workspace_id, found), populate_existing=True)
        if not await session.scalar(_LEFT, facts):
            return None
        await asyncio.sleep(PAUSE)
    raise Later("All topics that are left are just being taken or given back: try again in a moment.")


async def best(session: AsyncSession, workspace_id: int, site_id: int) -> Topic | None:
    """The one that `pick` would give now, not taken."""
    order, due = await _order(session, workspace_id, site_id)
    query = text(_BEST.format(order=order))
    found = await session.scalar(query, {"workspace": workspace_id, "site": site_id, **due})
    return await session.get(Topic, (workspace_id, found)) if found is not None else None


async def _order(session: AsyncSession, workspace_id: int, site_id: int) -> tuple[str, dict[str, int]]:
    """By score alone; where the site follows its results, topics of the part that is due come first."""
    arm = await next_arm(session, workspace_id, site_id)
    if arm is None:
        return _BY_SCORE, {}
    low, high = RANGES[arm]
    return _BY_PART, {"low": low, "high": high}
