"""The rows of a site's feeds: added while there is room, and taken out so that they can be put back."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Invalid
from nightdesk.desk.items import site_of
from nightdesk.desk.planner.undoing import Notes
from nightdesk.sources.feeds.contract import FeedLink
from nightdesk.store.tables.feeds import Entry, Feed
from nightdesk.store.tables.tenancy import Site

MOST = 1000
"""Feeds of one site."""

NOTED = 20_000
"""Entries that are kept with feeds that are taken out; older ones are new again when a feed comes back."""

ROWS_A_STATEMENT = 500


async def site_to_change(session: AsyncSession, workspace_id: int, site_id: int) -> Site:
    """The site, held against others who change its feeds. Raises `NotFound`."""
    site = await site_of(session, workspace_id, site_id)
    await session.refresh(site, with_for_update={"key_share": True})
    return site


async def feeds_of(session: AsyncSession, workspace_id: int, site_id: int) -> list[Feed]:
    """All of a site's feeds, oldest first."""
    query = select(Feed).where(Feed.workspace_id == workspace_id, Feed.site_id == site_id)
    return list(await session.scalars(query.order_by(Feed.id)))


async def add_links(
    session: AsyncSession,
    site: Site,
    links: Iterable[FeedLink],
    *,
    field: str,
    is_default: bool = False,
    kind: str = "",
) -> list[Feed]:
    """Adds those that the site has not; returns them. The caller holds the site.

    Raises `Invalid` for `field` where there is no room for all of them.
    """
    wanted = {link.url: link for link in links}
    where = (Feed.workspace_id == site.workspace_id, Feed.site_id == site.id)
    there = set(await session.scalars(select(Feed.url).where(*where)))
    new = [link for url, link in wanted.items() if url not in there]
    if len(there) + len(new) > MOST:
        raise Invalid(
            field,
            f"A site has at most {MOST:,} feeds; it has {len(there):,}, and {len(new):,} of these are new. "
            "Nothing was added: take out feeds that you do not need, or add fewer.",
        )
    rows = [
        {
            "workspace_id": site.workspace_id,
            "site_id": site.id,
            "url": link.url,
            "title": link.title,
            "home": link.home,
            "kind": kind,
            "is_default": is_default,
        }
        for link in new
    ]
    added: list[Feed] = []
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        statement = insert(Feed).values(rows[start : start + ROWS_A_STATEMENT]).returning(Feed)
        added += await session.scalars(statement)
    return added


async def take_out(session: AsyncSession, site: Site, feeds: Sequence[Feed], notes: Notes) -> None:
    """Deletes feeds with what they gave, and notes them; their topics stay."""
    numbers = [feed.id for feed in feeds]
    mine = (Entry.workspace_id == site.workspace_id, Entry.feed_id.in_(numbers))
    if numbers:
        # In one order everywhere, so that two who take out or save feeds never wait for each other.
        held = select(Feed.id).where(Feed.workspace_id == site.workspace_id, Feed.id.in_(numbers))
        await session.execute(held.order_by(Feed.id).with_for_update())
        newest = select(Entry.id).where(*mine).order_by(Entry.id.desc()).limit(NOTED)
        await notes.remove(Entry, list(await session.scalars(newest)))
        await notes.remove(Feed, numbers)
