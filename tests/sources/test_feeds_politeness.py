"""Hosts are asked seldom, few times at once, and only for what their robots.txt allows."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from kit.scripted_web import Web
from nightdesk.kit.clock import SetClock
from nightdesk.kit.http.fetch import Fetcher, FetchLimits
from nightdesk.kit.http.guard import Guard
from nightdesk.sources.feeds.politeness import LARGEST_ROBOTS, Manners

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    server = Web()
    await server.start()
    yield server
    await server.stop()


class Asking:
    """Somebody who asks whether they may fetch from the server on loopback."""

    def __init__(self, web: Web, robots: bytes | None = b"", status: str = "200 OK", *headers: str) -> None:
        self.web = web
        self.clock = SetClock(NOW)
        self.manners = Manners(self.clock)
        guard = Guard(allow=[("127.0.0.1", web.port)])
        self._fetcher = Fetcher(guard, self.clock, limits=FetchLimits(seconds=2))
        if robots is not None:
            web.says("/robots.txt", robots, *headers, status=status)

    async def may(self, path: str = "/feed.xml") -> bool:
        return await self.manners.may_fetch(self._fetcher, f"http://127.0.0.1:{self.web.port}{path}")


async def test_what_robots_txt_disallows_is_not_fetched(web: Web) -> None:
    asking = Asking(
        web, b"User-agent: *\nDisallow: /private\n\nUser-agent: nightdesk\nDisallow: /desk\nAllow: /desk/in$"
    )
    assert await asking.may("/feed.xml")
    assert await asking.may("/private/feed.xml")
    assert not await asking.may("/desk/feed.xml")
    assert await asking.may("/desk/in")


async def test_robots_txt_is_read_once_an_hour_however_many_ask(web: Web) -> None:
    asking = Asking(web, b"User-agent: *\nDisallow: /")
    assert await asyncio.gather(*(asking.may() for _ in range(20))) == [False] * 20
    assert len(web.heads) == 1
    asking.clock.move(3599)
    await asking.may()
    assert len(web.heads) == 1
    web.says("/robots.txt", b"")
    asking.clock.move(2)
    assert await asking.may()
    assert len(web.heads) == 2


@pytest.mark.parametrize(
    ("status", "headers", "allowed"),
    [
        ("404 Not Found", (), True),
        ("403 Forbidden", (), True),
        ("429 Too Many Requests", (), True),
        ("500 Internal Server Error", (), False),
        ("503 Unavailable", (), False),
        ("302 Found", ("Location: /robots.txt",), True),
    ],
)
async def test_a_robots_txt_that_is_not_there_allows_all_and_one_that_fails_nothing(
    web: Web, status: str, headers: tuple[str, ...], allowed: bool
) -> None:
    assert await Asking(web, b"User-agent: *\nDisallow: /", status, *headers).may() is allowed


async def test_a_server_that_failed_is_asked_again_after_ten_minutes(web: Web) -> None:
    asking = Asking(web, b"", "503 Unavailable")
    assert not await asking.may()
    web.says("/robots.txt", b"")
    asking.clock.move(590)
    assert not await asking.may()
    asking.clock.move(11)
    assert await asking.may()


async def test_a_host_that_does_not_answer_is_left_for_the_fetch_to_find_out(web: Web) -> None:
    asking = Asking(web, None)
    assert await asking.may()
    web.says("/robots.txt", b"User-agent: *\nDisallow: /")
    assert not await asking.may()


async def test_no_more_of_a_robots_txt_is_read_than_the_standard_asks_for(web: Web) -> None:
    line = b"Disallow: /a/very/long/path/of/no/importance\n"
    kept = b"User-agent: *\nDisallow: /first\n" + line * (LARGEST_ROBOTS // len(line) + 1)
    asking = Asking(web, kept + b"Disallow: /last\n")
    assert not await asking.may("/first")
    assert await asking.may("/last")


@pytest.mark.parametrize("robots", [bytes(1000), b"\xff\xfe\x00U", b"<html>No</html>", b"Disallow: /\n" * 3])
async def test_a_robots_txt_that_is_none_allows_all(web: Web, robots: bytes) -> None:
    assert await Asking(web, robots).may()


async def test_two_are_at_a_host_at_once_and_a_second_lies_between_their_beginnings() -> None:
    clock = SetClock(NOW)
    manners = Manners(clock)
    inside = most = 0
    begun: list[float] = []

    async def visit(host: str) -> None:
        nonlocal inside, most
        async with manners.at(host):
            if host == "a.example":
                begun.append(clock.monotonic())
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0.001)
                inside -= 1

    await asyncio.gather(*(visit("a.example") for _ in range(6)))
    assert most <= 2
    assert len(begun) == 6
    assert clock.monotonic() == 5.0
    await visit("b.example")
    assert clock.monotonic() == 5.0


async def test_a_visit_that_fails_or_is_given_up_makes_room() -> None:
    manners = Manners(SetClock(NOW), at_once=1, pause=0)
    with pytest.raises(ValueError, match="no"):
        async with manners.at("a.example"):
            raise ValueError("no")
    async with manners.at("a.example"):
        waiting = asyncio.create_task(manners.at("a.example").__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
    async with asyncio.timeout(1), manners.at("A.example"):
        pass


async def test_a_host_may_ask_for_longer_pauses(web: Web) -> None:
    asking = Asking(web, b"User-agent: *\nCrawl-delay: 7")
    host = f"127.0.0.1:{web.port}"
    async with asking.manners.at(host):
        await asking.may()
    async with asking.manners.at(host):
        pass
    begun = asking.clock.monotonic()
    async with asking.manners.at(host):
        pass
    assert asking.clock.monotonic() - begun == 7
