"""Places that tell what is talked of: each against a server that behaves and one that does not."""

import asyncio
import socket
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from mcp.server.transport_security import TransportSecuritySettings

from kit.scripted_web import Web
from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.http.fetch import Fetcher, FetchLimits
from nightdesk.kit.http.guard import Guard
from nightdesk.sources.feeds.reading import FeedReader
from nightdesk.sources.trends import ToolServer, ToolServers, Wanted, open_trends
from nightdesk.sources.trends.google import GoogleTrends
from nightdesk.sources.trends.hackernews import HackerNews
from nightdesk.sources.trends.reddit import Reddit
from sources import tool_server
from sources.trend_pages import GOOGLE, HACKERNEWS, REDDIT

MADE: dict[str, Any] = {"google": GoogleTrends, "hackernews": HackerNews, "reddit": Reddit}
PATHS = {
    "google": ("/trending/rss", GOOGLE, "application/xml"),
    "hackernews": ("/api/v1/search", HACKERNEWS, "application/json"),
    "reddit": ("/r/popular/hot/.rss", REDDIT, "application/atom+xml"),
}
FIRST = {
    "google": ("storage heaters", ""),
    "hackernews": ("PostgreSQL 19 is out", "https://b.test/2"),
    "reddit": ("My compost steams in the frost", "https://www.reddit.com/r/gardening/comments/a/"),
}
MAPPED = {
    "tool": "hot",
    "arguments": {"topic": "{subject}", "count": "{limit}"},
    "items": "result.posts",
    "title": "text",
    "link": "href",
    "summary": "note",
    "heat": "stats.views",
}


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    server = Web()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def reader() -> AsyncIterator[FeedReader]:
    async with FeedReader(SystemClock(), children=1) as made:
        yield made


def source(name: str, web: Web, reader: FeedReader) -> Any:
    guard = Guard(allow=[("127.0.0.1", web.port)])
    fetcher = Fetcher(guard, SystemClock(), limits=FetchLimits(seconds=2.0))
    more = () if name == "hackernews" else (reader.read,)
    return MADE[name](fetcher, *more, base=f"http://127.0.0.1:{web.port}")


@pytest.mark.parametrize("name", MADE)
async def test_a_place_tells_what_is_talked_of_hottest_first(name: str, web: Web, reader: FeedReader) -> None:
    path, body, kind = PATHS[name]
    web.says(path, body, f"Content-Type: {kind}")
    found = await source(name, web, reader).trends(Wanted())
    assert (found[0].title, found[0].url) == FIRST[name]
    assert all(trend.title and trend.url.startswith(("http", "")) for trend in found)
    heats = [trend.heat for trend in found]
    assert heats == sorted(heats, reverse=True)
    assert all(0 <= heat < 1 for heat in heats)
    assert not any("javascript" in trend.url for trend in found)
    assert len(await source(name, web, reader).trends(Wanted(limit=1))) == 1


@pytest.mark.parametrize("name", MADE)
async def test_a_place_that_misbehaves_ends_in_one_of_the_known_ways(
    name: str, web: Web, reader: FeedReader
) -> None:
    path = PATHS[name][0]
    asked = source(name, web, reader)
    for body in (b"", b"<html><p>Please log in</p></html>", b'{"hits": 3}', b"\x00\xff" * 50, b"[" * 5000):
        web.says(path, body, "Content-Type: text/html")
        with pytest.raises(Refused):
            await asked.trends(Wanted())
    web.says(path, b" " * 2_500_000, "Content-Type: application/json")
    with pytest.raises(Refused, match="no list of trends"):
        await asked.trends(Wanted())
    for status, ending in (("429 Busy", Later), ("503 Down", Later), ("403 No", Refused)):
        web.says(path, b"", status=status)
        with pytest.raises(ending):
            await asked.trends(Wanted())


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("google", ["", "DE", "US-CA", "us"], ["Germany", "D", "../x"]),
        ("reddit", ["", "gardening"], ["r/gardening", "a", "x?limit=1", "a b"]),
        ("hackernews", [""], ["newest"]),
        ("mcp", [], ["", "nobody"]),
    ],
)
def test_a_place_is_judged_before_it_is_asked_for(name: str, good: list[str], bad: list[str]) -> None:
    asked = open_trends(Fetcher(Guard(), SystemClock()), FeedReader(SystemClock()).read)[name]
    assert [place for place in good if not asked.knows(place)] == []
    assert [place for place in bad if asked.knows(place)] == []


async def test_the_guard_keeps_a_place_from_leading_into_the_house(reader: FeedReader, web: Web) -> None:
    web.says("/r/popular/hot/.rss", REDDIT)
    fetcher = Fetcher(Guard(), SystemClock())
    with pytest.raises(Refused):
        await Reddit(fetcher, reader.read, base=f"http://127.0.0.1:{web.port}").trends(Wanted())
    assert web.heads == []


async def test_google_reads_the_country_of_the_language_and_the_first_headline(
    web: Web, reader: FeedReader
) -> None:
    web.says("/trending/rss", GOOGLE, "Content-Type: application/xml")
    found = await source("google", web, reader).trends(Wanted(language="de"))
    assert "geo=DE" in web.heads[0]
    assert found[1].summary == "First frost & what it means for roses"


@pytest.fixture(scope="module")
def address() -> Any:
    """A tool server over HTTP, in a thread of its own loop."""
    listening = socket.create_server(("127.0.0.1", 0))
    app = tool_server.make().streamable_http_app(
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False)
    )
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
    server.should_exit = True
    thread.join(5)
    listening.close()


def servers(**facts: Any) -> ToolServers:
    return ToolServers([ToolServer(name="xpoz", **(MAPPED | facts))])


WANTED = Wanted(place="xpoz", subject="frost", limit=3)


async def test_a_tool_server_over_http_tells_trends_by_its_mapping(address: str) -> None:
    found = await servers(url=address).trends(WANTED)
    assert [(one.title, one.url) for one in found] == [
        ("First on frost", "https://x.test/1"),
        ("Second on frost", "https://x.test/2"),
        ("Third on frost", ""),
    ]
    assert found[0].summary == "Said by many"


async def test_a_tool_server_that_is_started_as_a_program_tells_the_same() -> None:
    started = {"command": sys.executable, "args": [str(Path(tool_server.__file__))]}
    found = await servers(**started).trends(WANTED)
    assert found[0].title == "First on frost"


async def test_a_tool_that_misbehaves_is_refused_in_words(address: str) -> None:
    for tool, says in (
        ("prose", "prose"),
        ("broken", "failed"),
        ("huge", "MB"),
    ):
        with pytest.raises((Refused, Later), match=says):
            await servers(url=address, tool=tool, arguments={}).trends(WANTED)
    with pytest.raises(NeedsPerson, match="has no tool `nowhere`"):
        await servers(url=address, tool="nowhere", arguments={}).trends(WANTED)
    with pytest.raises(Refused, match="holds no list"):
        await servers(url=address, items="result.nothing").trends(WANTED)


async def test_a_tool_server_that_is_slow_or_away_is_tried_later(address: str) -> None:
    with pytest.raises(Later, match=r"0\.5 seconds"):
        await servers(url=address, tool="slow", arguments={}, seconds=0.5).trends(WANTED)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Later, match="cannot be asked"):
        await servers(url=f"http://127.0.0.1:{port}/mcp", seconds=5).trends(WANTED)
    with pytest.raises(NeedsPerson, match="not installed"):
        await servers(command="/nonexistent/server", seconds=5).trends(WANTED)


async def test_whether_a_tool_server_answers_is_told(address: str) -> None:
    good, missing = ToolServer(name="a", url=address, tool="hot"), ToolServer(name="b", url=address, tool="x")
    gone = ToolServer(name="c", command="/nonexistent/server", tool="hot")
    asked = ToolServers([good, missing, gone])
    told = [await asked.status(server) for server in (good, missing, gone)]
    assert [one.ok for one in told] == [True, False, False]
    with pytest.raises(NeedsPerson):
        await asked.trends(Wanted(place="nobody"))


def test_a_server_has_an_address_or_a_program_and_not_both() -> None:
    for facts in ({}, {"url": "https://a.test", "command": "b"}, {"url": "https://a.test", "shell": "rm"}):
        with pytest.raises(ValueError):
            ToolServer(name="a", tool="t", **facts)
