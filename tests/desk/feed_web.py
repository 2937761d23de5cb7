"""A web server of feeds that behave and misbehave, and the desk's parts that read from it."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpcore2
from sqlalchemy import select, update

from kit.scripted_web import Web
from nightdesk.bootstrap import House
from nightdesk.desk.feeds import Feeds
from nightdesk.desk.scraping import Means, Scraping
from nightdesk.desk.topics import Topics
from nightdesk.kit.clock import SetClock
from nightdesk.kit.http.fetch import Fetcher, FetchLimits
from nightdesk.kit.http.guard import Guard
from nightdesk.sources.feeds.politeness import Manners
from nightdesk.sources.feeds.reading import FeedReader
from nightdesk.store.tables.feeds import Feed

RSS = "Content-Type: application/rss+xml"
HTML = "Content-Type: text/html"
HOSTS = [f"h{number}.example" for number in range(60)]
"""Each path of the server has one of its own, so that manners hold up no test."""


def feed(*titles: str, title: str = "Heap soil") -> bytes:
    """A feed of RSS with a story for each title."""
    items = "".join(
        f"<item><title>{one}</title><link>https://news.example/{one.replace(' ', '-')}</link>"
        f"<description>{one}, told at some length by our own desk.</description></item>"
        for one in titles
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>https://news.example/</link><description>News</description>{items}</channel></rss>"
    ).encode()


def page(*feeds: str) -> bytes:
    """A page that names feeds."""
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{one}">' for one in feeds)
    return f"<!doctype html><html><head><title>News</title>{links}</head><body>Hi</body></html>".encode()


def bomb() -> bytes:
    """A quarter of a megabyte that unpacks to 256 MB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    whole = 256 * (packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH))
    return gzip.compress(b"")[:10] + whole


class FeedWeb(Web):
    """Answers under many names, each of them a host to those who ask."""

    def __init__(self) -> None:
        super().__init__()
        self._hosts: dict[str, str] = {}
        self.says("/robots.txt", b"", status="404 Not Found")

    def gives(self, path: str, body: bytes, tag: str = "", wait: float = 0.0) -> None:
        """The feed `body`; 304 to whoever names `tag`, where there is one."""

        async def handler(_: str, writer: asyncio.StreamWriter) -> None:
            known = bool(tag) and f"if-none-match: {tag}" in self.heads[-1].lower()
            await asyncio.sleep(wait)
            named = f"ETag: {tag}\r\n" if tag else ""
            if known:
                writer.write(f"HTTP/1.1 304 Not Modified\r\n{named}\r\n".encode())
                return
            head = f"HTTP/1.1 200 OK\r\n{RSS}\r\n{named}Content-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)

        self.handlers[path] = handler

    def silent(self, path: str) -> None:
        """Never answers."""

        async def handler(_: str, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(3)

        self.handlers[path] = handler

    def url(self, path: str) -> str:
        host = self._hosts.setdefault(path, HOSTS[len(self._hosts)])
        return f"http://{host}:{self.port}{path}"

    def asked(self, path: str) -> int:
        """How often somebody asked for it."""
        return sum(head.startswith(f"GET {path} ") for head in self.heads)


class Network(httpcore2.AsyncNetworkBackend):
    """Stands for the network: the test's server is where it is, every other address is a canary's."""

    def __init__(self, port: int) -> None:
        self._real, self._port = httpcore2.AnyIOBackend(), port
        self.astray: list[str] = []
        """The addresses that somebody was connected to beside the server."""

    async def connect_tcp(self, host: str, port: int, *rest: Any) -> httpcore2.AsyncNetworkStream:
        if (host, port) != ("127.0.0.1", self._port):
            self.astray.append(f"{host}:{port}")
            raise httpcore2.ConnectError
        return await self._real.connect_tcp(host, port, *rest)


class FeedDesk:
    """The desk of feeds as the house has it, but for what it may reach: the test's own server."""

    def __init__(self, house: House, web: FeedWeb, reader: FeedReader, seconds: float = 2.0) -> None:
        async def to_loopback(host: str, _: int) -> list[str]:
            return ["127.0.0.1"] if host in HOSTS else [host]

        guard = Guard(allow=[(host, web.port) for host in HOSTS], resolve=to_loopback)
        self.store, self.web = house.store, web
        self.network = Network(web.port)
        limits = FetchLimits(seconds=seconds)
        self.fetcher = Fetcher(guard, house.clock, limits=limits, dial=self.network)
        self.feeds = Feeds(house.store, self.fetcher, reader)
        self.topics = Topics(house.store, house.clock)
        self._clock, self._reader = house.clock, reader

    def scraping(self) -> Scraping:
        """As one process has it; each call is another process."""
        manners = Manners(SetClock(datetime(2026, 1, 1, tzinfo=UTC)))
        gather = self.topics.gather
        return Scraping(Means(self.store, self.fetcher, self._reader, self._clock, gather, manners))

    async def have(self, workspace: int, site: int, *paths: str) -> None:
        """Gives the site the feeds at these paths of the server, and no others."""
        await self.feeds.set_all(workspace, site, [self.web.url(path) for path in paths])

    async def feed(self, workspace: int, site: int, path: str) -> Feed:
        url = self.web.url(path)
        return next(feed for feed in await self.feeds.listed(workspace, site) if feed.url == url)

    async def change(self, workspace: int, site: int, **values: object) -> None:
        """Sets columns of all of the site's feeds."""
        async with self.store.workspace(workspace) as session:
            await session.execute(update(Feed).where(Feed.site_id == site).values(**values))

    async def pause(self, workspace: int, number: int) -> timedelta:
        """How long after its last fetch a feed is fetched again."""
        async with self.store.workspace(workspace) as session:
            query = select(Feed.due_at - Feed.fetched_at).where(Feed.id == number)
            return (await session.scalars(query)).one()


@asynccontextmanager
async def feed_desk(house: House) -> AsyncIterator[FeedDesk]:
    """The desk over a server of its own; the feeds of tests before are switched off."""
    async with house.store.everywhere() as session:
        await session.execute(update(Feed).values(enabled=False))
    async with AsyncExitStack() as stack:
        web = FeedWeb()
        await web.start()
        stack.push_async_callback(web.stop)
        reader = await stack.enter_async_context(FeedReader(house.clock))
        yield FeedDesk(house, web, reader)
