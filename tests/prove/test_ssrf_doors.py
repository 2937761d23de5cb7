"""No door of feeds, pages and trends leads to a private address, whoever gave it: each is tried with all."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qs, quote, urlsplit
from xml.sax.saxutils import quoteattr

import pytest
from sqlalchemy import delete, insert, select
from test_ssrf import FRONT, PUBLIC, Dialler, Names, corpus

from nightdesk.desk.errors import DeskError
from nightdesk.desk.feeds import Feeds
from nightdesk.desk.founding import Founding
from nightdesk.desk.scraping import Means, Scraping
from nightdesk.desk.sources import Sources
from nightdesk.desk.topics import TopicMeans, Topics
from nightdesk.kit.clock import SetClock
from nightdesk.kit.endings import Later, Refused
from nightdesk.kit.http.fetch import Fetcher, FetchLimits
from nightdesk.kit.http.guard import Guard, Rule, is_public
from nightdesk.sources.feeds.politeness import Manners
from nightdesk.sources.feeds.reading import FeedReader
from nightdesk.sources.trends import ToolServer, ToolServers, Wanted
from nightdesk.sources.trends.google import GoogleTrends
from nightdesk.sources.trends.hackernews import HackerNews
from nightdesk.sources.trends.reddit import Reddit
from nightdesk.store.session import Store
from nightdesk.store.tables.feeds import Entry, Feed, Topic
from nightdesk.store.tables.library import Document
from nightdesk.store.tables.tenancy import Site

TEXT = "A heap of leaves warms up when it is turned, and a bin of wood keeps the rain off it. " * 8


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The public server: what a query names is moved to, shown in a page, or told in a feed."""
    target = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1].decode("latin-1")
    url = parse_qs(urlsplit(target).query).get("u", [""])[0]
    body, head = b"", "200 OK\r\nContent-Type: text/html"
    match urlsplit(target).path:
        case "/to":
            head = f"301 Moved Permanently\r\nLocation: {url}"
        case "/page":
            body = _page(url).encode()
        case "/feed":
            head = "200 OK\r\nContent-Type: application/rss+xml"
            body = _feed(url).encode()
        case _:
            head = "404 Not Found"
    said = f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode(
        "latin-1", "ignore"
    )
    writer.write(said + body)
    writer.close()


def _page(url: str) -> str:
    """Names the address in every way in which a page names what belongs to it."""
    at = quoteattr(url)
    head = "".join(
        f"<link rel={rel!r} type='application/rss+xml' href={at}>"
        for rel in ("alternate", "icon", "stylesheet", "canonical", "preload", "amphtml")
    )
    metas = f"<meta property='og:image' content={at}><meta http-equiv=refresh content='0;url={url}'>"
    body = f"<h1>Heaps</h1><p>{TEXT}</p><img src={at}><iframe src={at}></iframe><p>{TEXT}</p>"
    head = f"<head><title>Heaps</title><base href={at}>{head}{metas}</head>"
    return f"<!doctype html><html>{head}<body><article>{body}"


def _feed(url: str) -> str:
    at, text = quoteattr(url), url.replace("&", "&amp;").replace("<", "&lt;")
    item = (
        f"<item><title>Heaps of {text}</title><link>{text}</link><guid>{text}</guid>"
        f"<enclosure url={at} type='image/png'/><description>{TEXT}</description>"
        f"<media:content url={at} medium='image'/><comments>{text}</comments></item>"
    )
    channel = (
        f"<title>Heaps</title><link>{text}</link><image><url>{text}</url></image><docs>{text}</docs>{item}"
    )
    return (
        "<?xml version='1.0'?><rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'"
        f" xmlns:atom='http://www.w3.org/2005/Atom'><channel><atom:link rel='self' href={at}/>"
        f"<atom:link rel='hub' href={at}/>{channel}</channel></rss>"
    )


@dataclass
class Doors:
    """The product's parts over a network whose every private address is a canary's."""

    store: Store
    workspace: int
    site: Site
    dialler: Dialler
    hits: list[bytes]
    reader: FeedReader
    ports: Sequence[int]
    rule: Rule = is_public
    endings: Counter[str] = field(default_factory=Counter)

    @property
    def where(self) -> tuple[int, int]:
        return self.workspace, self.site.id

    @property
    def clock(self) -> SetClock:
        return SetClock(datetime(2026, 1, 1, tzinfo=UTC))

    @property
    def fetcher(self) -> Fetcher:
        guard = Guard(resolve=Names(), rule=self.rule)
        return Fetcher(guard, self.clock, limits=FetchLimits(seconds=5.0), dial=self.dialler)

    @property
    def feeds(self) -> Feeds:
        return Feeds(self.store, self.fetcher, self.reader)

    @property
    def sources(self) -> Sources:
        return Sources(self.store, self.fetcher)

    @property
    def topics(self) -> Topics:
        # Of its means, articles need the sources alone.
        return Topics(self.store, self.clock, TopicMeans(None, self.sources, {}))  # type: ignore[arg-type]

    async def scrape(self) -> None:
        topics = Topics(self.store, self.clock)
        means = Means(self.store, self.fetcher, self.reader, self.clock, topics.gather, Manners(self.clock))
        done = await Scraping(means).scrape(*self.where, force=True)
        self.endings.update({"fetched": done.fetched, "failed": len(done.errors)})

    async def ending(self, asked: Awaitable[object]) -> None:
        try:
            await asked
        except (DeskError, Refused, Later) as ending:
            self.endings[type(ending).__name__] += 1
        else:
            self.endings["done"] += 1

    async def clear(self) -> None:
        async with self.store.workspace(self.workspace) as session:
            for table in (Entry, Feed, Document):
                await session.execute(delete(table).where(table.workspace_id == self.workspace))


@pytest.fixture
async def doors(store: Store) -> AsyncIterator[Doors]:
    hits: list[bytes] = []

    async def canary(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hits.append(b"connected")
        writer.close()

    servers = [await asyncio.start_server(one, "127.0.0.1", 0) for one in (serve, canary)]
    workspace = await Founding(store).found("Mine")
    site = Site(workspace_id=workspace, slug="heap", name="Heap", subject="Heaps")
    async with store.workspace(workspace) as session:
        session.add(site)
        await session.flush()
        await session.refresh(site)
        session.expunge(site)
    async with FeedReader(SetClock(datetime(2026, 1, 1, tzinfo=UTC))) as reader:
        ports = [server.sockets[0].getsockname()[1] for server in servers]
        yield Doors(store, workspace, site, Dialler(*ports), hits, reader, ports)
    for server in servers:
        server.close()


def front(way: str, url: str) -> str:
    return f"http://{FRONT}/{way}?u={quote(url, safe='')}"


async def adds_a_feed(doors: Doors, urls: Sequence[str]) -> None:
    for url in urls:
        await doors.ending(doors.feeds.add(*doors.where, url))
        await doors.ending(doors.feeds.add(*doors.where, front("to", url)))


async def discovers_from_a_page(doors: Doors, urls: Sequence[str]) -> None:
    """The page names feeds at the address; both what is offered and what is followed is tried."""
    for url in urls:
        await doors.ending(doors.feeds.add(*doors.where, front("page", url)))


async def sets_all_feeds(doors: Doors, urls: Sequence[str]) -> None:
    for url in urls:
        await doors.ending(doors.feeds.set_all(*doors.where, [url]))
    stored = [url for url in urls if _passes(doors.fetcher, url)]
    await doors.feeds.set_all(*doors.where, stored)
    await doors.scrape()


async def takes_a_list(doors: Doors, urls: Sequence[str]) -> None:
    outlines = "".join(f"<outline type='rss' text='x' xmlUrl={quoteattr(url)}/>" for url in urls)
    await doors.feeds.opml_in(*doors.where, f"<opml version='2.0'><body>{outlines}</body></opml>".encode())
    await doors.scrape()


async def scrapes_rows_that_lie_there(doors: Doors, urls: Sequence[str]) -> None:
    """As if an older version or a restored copy had let them in."""
    async with doors.store.workspace(doors.workspace) as session:
        of = {"workspace_id": doors.workspace, "site_id": doors.site.id}
        await session.execute(insert(Feed), [of | {"url": url} for url in dict.fromkeys(urls)])
    await doors.scrape()


async def scrapes_feeds_that_move(doors: Doors, urls: Sequence[str]) -> None:
    await doors.feeds.set_all(*doors.where, [front("to", url) for url in urls])
    await doors.scrape()


async def scrapes_what_feeds_tell(doors: Doors, urls: Sequence[str]) -> None:
    """Entries, pictures, enclosures, icons and hubs at the address: kept or dropped, never fetched."""
    await doors.feeds.set_all(*doors.where, [front("feed", url) for url in urls])
    await doors.scrape()
    await scrapes_again(doors)


async def scrapes_again(doors: Doors) -> None:
    await doors.scrape()


async def uses_topics_for_articles(doors: Doors, urls: Sequence[str]) -> None:
    """Topics and entries that point there, as a feed or a trend may have left them."""
    async with doors.store.workspace(doors.workspace) as session:
        of = {"workspace_id": doors.workspace, "site_id": doors.site.id}
        for number, url in enumerate(urls):
            row = of | {"title": f"Topic {number}", "normal": f"topic {number}", "source": "rss", "url": url}
            topic = await session.scalar(insert(Topic).values(row).returning(Topic.id))
            told = [{"url": url, "host": "one.example"}, {"url": front("to", url), "host": "two.example"}]
            entries = [of | one | {"topic_id": topic, "key": f"{number}", "title": "x"} for one in told]
            if number % 2:
                await session.execute(insert(Entry), entries)
    async with doors.store.workspace(doors.workspace) as session:
        query = select(Topic.id).where(Topic.workspace_id == doors.workspace, Topic.title.like("Topic %"))
        topics = list(await session.scalars(query))
    for number in topics:
        await doors.ending(doors.topics.use_for_article(*doors.where, number))


async def adds_a_page(doors: Doors, urls: Sequence[str]) -> None:
    for url in urls:
        await doors.ending(doors.sources.add_page(*doors.where, url))
        await doors.ending(doors.sources.add_page(*doors.where, front("to", url)))
        await doors.ending(doors.sources.add_text(*doors.where, url, TEXT))


async def reads_a_page_that_names_pictures(doors: Doors, urls: Sequence[str]) -> None:
    for url in urls[:: max(len(urls) // 40, 1)]:
        await doors.ending(doors.sources.add_page(*doors.where, front("page", url)))


async def asks_what_trends(doors: Doors, urls: Sequence[str]) -> None:
    for url in urls:
        for base in (url.rstrip("/"), front("to", url)):
            for place in (
                HackerNews(doors.fetcher, base=base),
                GoogleTrends(doors.fetcher, doors.reader.read, base=base),
                Reddit(doors.fetcher, doors.reader.read, base=base),
            ):
                await doors.ending(place.trends(Wanted()))


def _passes(fetcher: Fetcher, url: str) -> bool:
    try:
        fetcher.inspect(url)
    except Refused:
        return False
    return True


Door = Callable[[Doors, Sequence[str]], Awaitable[None]]
DOORS: Sequence[Door] = (
    adds_a_feed,
    discovers_from_a_page,
    sets_all_feeds,
    takes_a_list,
    scrapes_rows_that_lie_there,
    scrapes_feeds_that_move,
    scrapes_what_feeds_tell,
    uses_topics_for_articles,
    adds_a_page,
    reads_a_page_that_names_pictures,
    asks_what_trends,
)


async def through(doors: Doors, door: Door, urls: Sequence[str]) -> str:
    doors.endings.clear()
    started = time.monotonic()
    await door(doors, urls)
    await asyncio.sleep(0.05)
    assert [host for host in doors.dialler.dialled if host != PUBLIC] == []
    assert doors.hits == []
    await doors.clear()
    told = ", ".join(f"{name} {count}" for name, count in sorted(doors.endings.items()))
    return f"{door.__name__}: {told}, {time.monotonic() - started:.1f} s"


async def test_a_sample_of_private_addresses_is_let_in_by_no_door(doors: Doors) -> None:
    chosen = random.Random(15)
    for door in DOORS:
        await through(doors, door, chosen.sample(corpus(), 3))
        assert doors.endings.total() > 0


@pytest.mark.prove
@pytest.mark.timeout(1500)
async def test_no_door_connects_to_any_address_of_the_corpus(doors: Doors) -> None:
    urls = corpus()
    print(f"\n{len(DOORS)} doors, {len(urls)} addresses each, 0 connections")
    for door in DOORS:
        print(await through(doors, door, urls))


async def test_a_tool_server_that_redirects_inside_is_not_followed(doors: Doors) -> None:
    """Its address is the operator's; what it answers is not."""
    inside = f"http://127.0.0.1:{doors.ports[1]}/mcp"
    at = f"http://127.0.0.1:{doors.ports[0]}/to?u={quote(inside, safe='')}"
    servers = ToolServers([ToolServer(name="tools", url=at, tool="trends", seconds=5)])
    await doors.ending(servers.trends(Wanted("tools")))
    assert doors.endings == {"Later": 1}
    assert doors.hits == []


async def test_each_door_is_seen_to_lead_inside_under_a_weaker_rule(doors: Doors) -> None:
    """But for what is never fetched at all, each connects where the rule lets it."""
    doors.rule = lambda _: True
    closed = {scrapes_what_feeds_tell, reads_a_page_that_names_pictures}
    for door in DOORS:
        doors.hits.clear()
        await door(doors, ["http://10.1.2.3/", "http://192.168.1.1/"])
        await asyncio.sleep(0.05)
        await doors.clear()
        assert bool(doors.hits) != (door in closed), door.__name__
