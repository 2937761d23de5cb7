"""What a person may do with the feeds of a site."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Invalid, NotFound, Unreadable
from nightdesk.desk.feeds.finding import look, web_address
from nightdesk.desk.feeds.health import WORD
from nightdesk.desk.feeds.rows import MOST, add_links, feeds_of, site_to_change, take_out
from nightdesk.desk.items import Filter, site_of
from nightdesk.desk.paging import Order, Page, Paging, orders, page_of
from nightdesk.desk.planner.undoing import Notes
from nightdesk.kit.endings import Refused
from nightdesk.kit.http.fetch import Fetcher
from nightdesk.sources.feeds import catalogue, opml
from nightdesk.sources.feeds.contract import FeedLink
from nightdesk.sources.feeds.reading import FeedReader
from nightdesk.store.session import Store
from nightdesk.store.tables.feeds import Feed
from nightdesk.store.tables.tenancy import Site

LARGEST_LIST = 5_000_000
"""Bytes of a list of feeds."""


@dataclass(frozen=True)
class AddedFeeds:
    """What came of an address: feeds that are new, those that were there, and those to choose from."""

    added: list[Feed]
    there: list[Feed] = field(default_factory=list)
    offered: Sequence[FeedLink] = ()


@dataclass(frozen=True)
class Progress:
    """How many of a site's feeds wait to be fetched or are being fetched, of those that are switched on."""

    waiting: int
    of: int


@dataclass(frozen=True)
class Replaced:
    """How many feeds the site has now, what changed, and the number by which that is put back."""

    feeds: int
    added: int
    removed: int
    undo: int | None


@dataclass(frozen=True)
class Broken:
    """An address of a list that cannot be fetched, and why."""

    url: str
    why: str


@dataclass(frozen=True)
class TakenList:
    """What a list of feeds holds for a site; `kept` says whether its new feeds were added."""

    new: Sequence[FeedLink]
    already: Sequence[FeedLink]
    broken: Sequence[Broken]
    kept: bool


@dataclass(frozen=True)
class Feeds:
    """The feeds of a workspace's sites. `NotFound` where a site or feed is not the workspace's."""

    orders = orders(
        Order("newest", Feed.id, Feed.id),
        Order("oldest", Feed.id, Feed.id, descending=False),
        Order("title", Feed.title, Feed.id, descending=False),
        Order("failures", Feed.failures, Feed.id),
    )

    store: Store
    fetcher: Fetcher
    reader: FeedReader

    async def page(self, workspace_id: int, site_id: int, asked: Filter, paging: Paging) -> Page[Feed]:
        """One page of a site's feeds, with the counts of all of them by health."""
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            mine = (Feed.workspace_id == workspace_id, Feed.site_id == site_id)
            query = select(Feed).where(*mine)
            if asked.status is not None:
                query = query.where(WORD.in_([asked.status]))
            if asked.search:
                named = (column.icontains(asked.search, autoescape=True) for column in (Feed.title, Feed.url))
                query = query.where(or_(*named))
            feeds, following = await page_of(session, query, paging)
            counted = await session.execute(select(WORD, func.count()).where(*mine).group_by(WORD))
            return Page(feeds, following, dict(counted.all()))

    async def progress(self, workspace_id: int, site_id: int) -> Progress:
        """What is still to be fetched of what is due now."""
        due = func.count().filter(or_(Feed.due_at <= func.now(), Feed.claimed_until > func.now()))
        query = select(due, func.count()).where(
            Feed.workspace_id == workspace_id, Feed.site_id == site_id, Feed.enabled
        )
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            waiting, of = (await session.execute(query)).one()
        return Progress(waiting, of)

    async def listed(self, workspace_id: int, site_id: int) -> list[Feed]:
        """All of a site's feeds, oldest first."""
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            return await feeds_of(session, workspace_id, site_id)

    async def get(self, workspace_id: int, number: int) -> Feed:
        """One feed."""
        async with self.store.workspace(workspace_id) as session:
            return await _find(session, workspace_id, number)

    async def add(self, workspace_id: int, site_id: int, address: str) -> AddedFeeds:
        """Looks at an address and adds its feed; of a page that names several, none: they are offered.

        Raises `Invalid` for `url`; nothing was added then.
        """
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
        seen = await look(self.fetcher, self.reader, web_address(self.fetcher, address))
        if len(seen.named) > 1:
            return AddedFeeds([], offered=tuple(seen.named))
        if seen.named:
            seen = await look(self.fetcher, self.reader, web_address(self.fetcher, seen.named[0].url))
        if seen.read is None:
            raise Invalid(
                "url", "What the page names as its feed is a page again. (not_a_feed) Nothing was added."
            )
        async with self.store.workspace(workspace_id) as session:
            site = await site_to_change(session, workspace_id, site_id)
            added = await add_links(session, site, [seen.link], field="url", kind=seen.read.kind)
            mine = (Feed.workspace_id == workspace_id, Feed.site_id == site_id)
            query = select(Feed).where(*mine, Feed.url == seen.url)
            return AddedFeeds(added, [] if added else list(await session.scalars(query)))

    async def set_all(self, workspace_id: int, site_id: int, addresses: Sequence[str]) -> Replaced:
        """Has the site have these feeds and no others; those that it keeps stay as they are.

        Nothing is fetched. Raises `Invalid` for `feeds` or `feeds.N`; nothing was changed then.
        """
        if len(addresses) > MOST:
            raise Invalid("feeds", f"A site has at most {MOST:,} feeds. Nothing was changed.")
        wanted = [
            web_address(self.fetcher, address, f"feeds.{n}", "Nothing was changed.")
            for n, address in enumerate(addresses)
        ]
        async with self.store.workspace(workspace_id) as session:
            site = await site_to_change(session, workspace_id, site_id)
            notes = Notes(session, workspace_id, site_id)
            there = await feeds_of(session, workspace_id, site_id)
            gone = [feed for feed in there if feed.url not in wanted]
            await take_out(session, site, gone, notes)
            added = await add_links(session, site, map(FeedLink, wanted), field="feeds")
            for feed in added:
                notes.made(Feed, feed.id)
            total = len(there) - len(gone) + len(added)
            return Replaced(total, len(added), len(gone), await notes.keep())

    async def switch(self, workspace_id: int, number: int, *, on: bool) -> Feed:
        """Switches a feed on or off. One that is switched on is due at once, whatever it failed with."""
        async with self.store.workspace(workspace_id) as session:
            feed = await _find(session, workspace_id, number, lock=True)
            if on and not feed.enabled:
                feed.due_at = await session.scalar(select(func.now())) or feed.due_at
                feed.failures, feed.code, feed.error = 0, "", ""
            feed.enabled = on
            await session.flush()
            return feed

    async def delete(self, workspace_id: int, number: int) -> int | None:
        """Takes a feed out; its topics stay. Returns the number by which `planner.undoing` puts it back."""
        async with self.store.workspace(workspace_id) as session:
            feed = await _find(session, workspace_id, number)
            site = await site_of(session, workspace_id, feed.site_id)
            notes = Notes(session, workspace_id, feed.site_id)
            await take_out(session, site, [feed], notes)
            return await notes.keep()

    async def seed(self, workspace_id: int, site_id: int) -> list[Feed]:
        """Adds the feeds that the catalogue has for the site's subject and language; returns the new ones.

        Raises `Invalid` for `subject` where it has none.
        """
        async with self.store.workspace(workspace_id) as session:
            site = await site_to_change(session, workspace_id, site_id)
            links = catalogue.feeds_for(site.subject, site.language)
            if not links:
                known = ", ".join(catalogue.subjects())
                raise Invalid(
                    "subject",
                    f"The catalogue has no feeds for this subject. It knows: {known}. "
                    "Nothing was added: change the site's subject, or add feeds by their address.",
                )
            return await add_links(session, site, links, field="subject", is_default=True)

    async def opml_in(
        self, workspace_id: int, site_id: int, content: bytes, *, keep: bool = True
    ) -> TakenList:
        """Reads a list of feeds (OPML) and adds those that are new, or only tells of them.

        Nothing is fetched. Raises `Unreadable`, or `Invalid` for `file` where there is no room for all.
        """
        try:
            links = await asyncio.to_thread(opml.read, content)
        except Refused as error:
            raise Unreadable(f"{error.why} Nothing was added.") from error
        sound, broken = self._sorted(links)
        async with self.store.workspace(workspace_id) as session:
            site = await site_to_change(session, workspace_id, site_id)
            there = {feed.url for feed in await feeds_of(session, workspace_id, site_id)}
            new = [link for link in sound if link.url not in there]
            already = [link for link in sound if link.url in there]
            if keep:
                await add_links(session, site, new, field="file")
        return TakenList(new, already, broken, keep)

    async def opml_out(self, workspace_id: int, site_id: int) -> bytes:
        """The site's feeds as a list that other readers take (OPML 2)."""
        async with self.store.workspace(workspace_id) as session:
            site = await site_of(session, workspace_id, site_id)
            feeds = await feeds_of(session, workspace_id, site_id)
        return opml.write(site.name, [FeedLink(feed.url, feed.title, feed.home) for feed in feeds])

    def _sorted(self, links: Sequence[FeedLink]) -> tuple[list[FeedLink], list[Broken]]:
        """Those that may be fetched, each address once, and those that may not."""
        sound: dict[str, FeedLink] = {}
        broken = []
        for link in links:
            try:
                url = web_address(self.fetcher, link.url)
            except Invalid as error:
                broken.append(Broken(link.url[:200], str(error).removesuffix(" Nothing was added.")))
                continue
            sound.setdefault(url, FeedLink(url, link.title, link.home))
        return list(sound.values()), broken


async def _find(session: AsyncSession, workspace_id: int, number: int, *, lock: bool = False) -> Feed:
    query = (
        select(Feed)
        .join(Site, (Site.workspace_id == Feed.workspace_id) & (Site.id == Feed.site_id))
        .where(Feed.workspace_id == workspace_id, Feed.id == number, Site.archived_at.is_(None))
    )
    feed = (await session.scalars(query.with_for_update(of=Feed) if lock else query)).one_or_none()
    if feed is None:
        raise NotFound("feed")
    return feed
