"""Bench (h): a scrape of 500 feeds beside fetching and parsing them one by one, and a second pass.

A server of ours in its own process answers real HTTP after 50 ms, as a network would. One by one: `httpx2`
(one client, connections kept) and `feedparser`, nothing saved. Ours, in three passes: fetched and parsed
alone (guard, robots.txt, limited parser children, each feed's health), which is what one by one does too;
then anew with entries and topics made and saved, for ten sites of one workspace; then with conditional
requests. Each feed has a host name of its own (they lead to one address by a resolver that is handed in), as
the feeds of a site mostly have: of one host ours would ask at most two at once, with pauses. Run
`python -m bench.scraping`.
"""

import argparse
import asyncio
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import feedparser
import httpx2
from sqlalchemy import func, insert, select, text

from bench.figures import Figure, cpu, each_child, report, table
from bench.ground import Ground, ground
from nightdesk.desk.scraping import Means, Scraped, Scraping
from nightdesk.desk.topics import Topics
from nightdesk.kit.clock import SystemClock
from nightdesk.kit.http.fetch import Fetcher
from nightdesk.kit.http.guard import Guard
from nightdesk.sources.feeds.contract import FeedRead
from nightdesk.sources.feeds.politeness import Manners
from nightdesk.sources.feeds.reading import FeedReader
from nightdesk.store.tables.feeds import Entry, Feed, Topic

FEEDS, DELAY_MS, SITES = 500, 50.0, 10
A_TENTH = 0.1


@dataclass(frozen=True)
class Pass:
    """One pass: its seconds, and CPU seconds of this process, its parsers and the database."""

    seconds: float
    own: float
    parsers: float
    database: float

    @property
    def cpu(self) -> float:
        return self.own + self.parsers + self.database


@contextmanager
def server(feeds: int, delay_ms: float) -> Iterator[tuple[int, int]]:
    """The server while the block runs; gives its port, and the number of its process."""
    command = [sys.executable, "-m", "bench.feed_server", "--feeds", str(feeds), "--delay-ms", str(delay_ms)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        yield int(child.stdout.readline()), child.pid
        child.terminate()


def one_by_one(port: int, feeds: int) -> tuple[float, float, int]:
    """Seconds, CPU seconds, and entries of fetching and parsing each feed after the one before."""
    began, used, entries = time.monotonic(), time.process_time(), 0
    with httpx2.Client(trust_env=False) as client:
        for number in range(feeds):
            body = client.get(f"http://127.0.0.1:{port}/{number}/feed.xml").content
            entries += len(feedparser.parse(body).entries)
    return time.monotonic() - began, time.process_time() - used, entries


async def fill(on: Ground, workspace: int, port: int, feeds: int) -> None:
    sites = [await on.site(workspace, f"site-{n}") for n in range(SITES)]
    rows = [
        {
            "workspace_id": workspace,
            "site_id": sites[n % SITES].id,
            "url": f"http://f{n}.example:{port}/{n}/feed.xml",
        }
        for n in range(feeds)
    ]
    async with on.store.workspace(workspace) as session:
        await session.execute(insert(Feed), rows)


class Plain(FeedReader):
    """Reads, and leaves out what is found out of stories to make topics of them."""

    async def read(
        self, body: bytes, content_type: str = "", url: str = "", *, outlet: str | None = None
    ) -> FeedRead:
        return await super().read(body, content_type, url)


@dataclass(frozen=True)
class Nothing:
    """What becomes of entries where no topic is made of them."""

    new_topics: int = 0
    entries: int = 0


async def nothing(session: object, brought: Sequence[object]) -> list[Nothing]:
    return [Nothing() for _ in brought]


def means(on: Ground, reader: FeedReader, port: int, feeds: int, *, making: bool = True) -> Means:
    async def to_loopback(_: str, __: int) -> list[str]:
        return ["127.0.0.1"]

    clock = on.control.runner.clock
    guard = Guard(allow=[(f"f{n}.example", port) for n in range(feeds)], resolve=to_loopback)
    topics = Topics(on.store, clock)
    gather = topics.gather if making else nothing
    return Means(on.store, Fetcher(guard, clock), reader, clock, gather, Manners(clock))


async def one_pass(
    on: Ground, scraping: Scraping, workspace: int, besides: Sequence[int], *, force: bool = False
) -> tuple[Pass, Scraped]:
    async with on.store.workspace(workspace) as session:
        await session.execute(text("update feeds set due_at = now()"))
    before, began = _parsers(besides), time.monotonic()
    with cpu(on.postgres) as spent:
        scraped = await scraping.scrape(workspace, patience=600, force=force)
    seconds = time.monotonic() - began
    return Pass(seconds, spent[0], _parsers(besides) - before, spent[1]), scraped


def _parsers(besides: Sequence[int]) -> float:
    """CPU seconds of our children so far: of those that live and, for they are replaced, those that ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(each_child(besides).values()) + ended.ru_utime + ended.ru_stime


async def measured(feeds: int, delay_ms: float) -> int:
    with server(feeds, delay_ms) as (port, pid):
        async with (
            ground() as on,
            FeedReader(on.control.runner.clock) as reader,
            Plain(SystemClock()) as plain,
        ):
            workspace = await on.workspace()
            await fill(on, workspace, port, feeds)
            others = [pid, on.postgres.status().pid or 0]
            parsing = Scraping(means(on, plain, port, feeds, making=False))
            alone, _ = await one_pass(on, parsing, workspace, others)
            scraping = Scraping(means(on, reader, port, feeds))
            first, scraped = await one_pass(on, scraping, workspace, others, force=True)
            second, again = await one_pass(on, scraping, workspace, others)
            async with on.store.workspace(workspace) as session:
                counted = [await session.scalar(select(func.count()).select_from(t)) for t in (Entry, Topic)]
        seconds, used, entries = one_by_one(port, feeds)
    shown = [("one by one", f"{seconds:.2f}", f"{used:.2f}", "", "")]
    shown += [
        (name, *(f"{figure:.2f}" for figure in (one.seconds, one.own, one.parsers, one.database)))
        for name, one in (
            ("ours, fetched and parsed", alone),
            ("ours, with topics saved", first),
            ("ours, a second time", second),
        )
    ]
    table(
        f"(h) {feeds} feeds, {entries} entries, each answer after {delay_ms:g} ms",
        ("", "seconds", "CPU: own", "parsers", "database"),
        shown,
    )
    whole = (scraped.fetched, again.fetched, counted[0], len(scraped.errors) + len(again.errors))
    figures = [
        Figure.fact("every feed fetched, every entry kept", whole == (feeds, feeds, entries, 0), str(whole)),
        Figure.most("fetched and parsed, of one by one", alone.seconds / seconds, A_TENTH, "", 3),
        Figure("with topics made and saved, of one by one", f"{first.seconds / seconds:.3f}"),
        Figure.most("CPU of the second pass, of the first", second.cpu / first.cpu, A_TENTH, "", 3),
        Figure("seconds of the second pass, of the first", f"{second.seconds / first.seconds:.3f}"),
    ]
    return report(f"(h) Scraping; {counted[1]} topics", figures)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--feeds", type=int, default=FEEDS)
    parser.add_argument("--delay-ms", type=float, default=DELAY_MS)
    given = parser.parse_args()
    return asyncio.run(measured(given.feeds, given.delay_ms))


if __name__ == "__main__":
    sys.exit(main())
