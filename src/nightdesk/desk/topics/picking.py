"""Hands out topics, each to one caller alone, and takes them back when nothing becomes of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, NotFound
from nightdesk.store import picking
from nightdesk.store.tables.feeds import Topic

NONE_LEFT = "unused topic. Scrape the feeds, add topics of your own, or have some proposed"


async def pick(
    session: AsyncSession,
    workspace_id: int,
    site_id: int,
    *,
    used_for: str,
    now: datetime,
    source: str | None = None,
    number: int | None = None,
) -> Topic:
    """The best new topic of the site, used from now on; no two callers get the same.

    See `store.picking`. Raises `NotFound` where none is left.
    """
    found = await picking.pick(
        session, workspace_id, site_id, used_for=used_for, now=now, source=source, number=number
    )
    if found is None:
        raise NotFound(NONE_LEFT)
    return found


async def take(session: AsyncSession, workspace_id: int, number: int, used_for: str, now: datetime) -> Topic:
    """That topic, used from now on; using it again for the same changes nothing. Raises as `find`."""
    topic = await find(session, workspace_id, number, lock=True)
    if topic.status == "dismissed":
        raise Conflict("This topic was dismissed: bring it back first.")
    if topic.status == "new":
        topic.status, topic.used_for, topic.used_at = "used", used_for, now
        await session.flush()
    return topic


async def give_back(session: AsyncSession, workspace_id: int, numbers: Sequence[int]) -> int:
    """Those of the topics that were used are new again; returns how many were."""
    back = (
        update(Topic)
        .where(Topic.workspace_id == workspace_id, Topic.id.in_(numbers), Topic.status == "used")
        .values(status="new", used_for="", used_at=None)
        .returning(Topic.id)
        .execution_options(synchronize_session=False)
    )
    return len((await session.execute(back)).all())


async def find(session: AsyncSession, workspace_id: int, number: int, *, lock: bool = False) -> Topic:
    """Raises `NotFound`."""
    query = select(Topic).where(Topic.workspace_id == workspace_id, Topic.id == number)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    topic = (await session.scalars(query)).one_or_none()
    if topic is None:
        raise NotFound("topic")
    return topic
