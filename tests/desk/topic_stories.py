"""Feeds and stories for the tests of topics."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from api.api_house import Tenant
from api.rows import add
from nightdesk.bootstrap import House
from nightdesk.desk.topics import Gathered, NewTopic
from nightdesk.sources.feeds.contract import FeedEntry
from nightdesk.store.tables.feeds import Feed, Topic


async def feed(house: House, tenant: Tenant, host: str = "paper.test", title: str = "") -> int:
    return await add(house, tenant, Feed, url=f"https://{host}/feed.xml", title=title)


def entry(title: str, text: str = "", url: str = "", published: datetime | None = None) -> FeedEntry:
    return FeedEntry(key=url or title, title=title, url=url, text=text, published=published)


async def bring(house: House, tenant: Tenant, feed_id: int, entries: Sequence[FeedEntry]) -> Gathered:
    """The feed brings those stories."""
    async with house.store.workspace(tenant.workspace) as session:
        told_by = await session.get_one(Feed, (tenant.workspace, feed_id))
        (came,) = await house.desk.topics.gather(session, [(told_by, entries)])
        return came


async def topic(house: House, tenant: Tenant, title: str, **facts: Any) -> Topic:
    return await house.desk.topics.add(tenant.workspace, tenant.site, NewTopic(title=title, **facts))
