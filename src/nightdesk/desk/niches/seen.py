"""A site as the niche that automation clients know: its facts, and how many feeds and topics it has."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.store.tables.feeds import Feed, Topic
from nightdesk.store.tables.tenancy import Site

STATES = ("new", "used", "dismissed")


@dataclass(frozen=True)
class Niche:
    """A site with the number of its feeds, and of its topics by state."""

    site: Site
    feeds: int
    topics: Mapping[str, int]


async def seen(session: AsyncSession, workspace_id: int, sites: Sequence[Site]) -> list[Niche]:
    """The sites with their numbers, by as many queries for one as for many."""
    numbers = [site.id for site in sites]
    of_feeds = (
        select(Feed.site_id, func.count())
        .where(Feed.workspace_id == workspace_id, Feed.site_id.in_(numbers))
        .group_by(Feed.site_id)
    )
    of_topics = (
        select(Topic.site_id, Topic.status, func.count())
        .where(Topic.workspace_id == workspace_id, Topic.site_id.in_(numbers))
        .group_by(Topic.site_id, Topic.status)
    )
    feeds: dict[int, int] = dict((await session.execute(of_feeds)).all())
    topics: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(STATES, 0))
    for site_id, status, count in await session.execute(of_topics):
        topics[site_id][status] = count
    return [Niche(site, feeds.get(site.id, 0), topics[site.id]) for site in sites]
