"""Manners towards the hosts that feeds lie on: few requests at once, pauses between them, robots.txt kept."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from nightdesk.kit.clock import Clock
from nightdesk.kit.http.failures import FetchLater, FetchRefused
from nightdesk.kit.http.fetch import Fetcher

if TYPE_CHECKING:
    from protego import Protego

LARGEST_ROBOTS = 500 * 1024
"""Bytes of a robots.txt that are read (RFC 9309, section 2.5)."""

_KEPT = 3600.0
_KEPT_AFTER_ERROR = 600.0
_LONGEST_DELAY = 30.0
_MOST_HOSTS = 5_000


@dataclass
class _Host:
    """How a host is treated just now; `free_at`: when the next request may begin."""

    turns: asyncio.Semaphore
    free_at: float = 0.0
    delay: float = 0.0
    inside: int = 0


@dataclass
class _Robots:
    """What a host's robots.txt allows, until when that holds; read by one asker while the others wait."""

    allows: Callable[[str], bool] = lambda _: True
    until: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Manners:
    """Shared by all that fetch; one for each event loop.

    `agent` is the product's name that robots.txt may address; `pause` the seconds between the beginnings of
    two requests to one host, more where its robots.txt asks for it (`Crawl-delay`, up to half a minute).
    """

    def __init__(
        self, clock: Clock, *, agent: str = "Nightdesk", at_once: int = 2, pause: float = 1.0
    ) -> None:
        self._clock = clock
        self._agent = agent
        self._at_once = at_once
        self._pause = pause
        self._hosts: dict[str, _Host] = {}
        self._robots: dict[str, _Robots] = {}

    @asynccontextmanager
    async def at(self, host: str) -> AsyncIterator[None]:
        """Around one request to the host (as addresses spell it, with its port): waits for its turn."""
        entry = self._hosts.setdefault(host.lower(), _Host(asyncio.Semaphore(self._at_once)))
        entry.inside += 1
        try:
            async with entry.turns:
                now = self._clock.monotonic()
                begin = max(now, entry.free_at)
                entry.free_at = begin + max(self._pause, entry.delay)
                if begin > now:
                    await self._clock.sleep(begin - now)
                yield
        finally:
            entry.inside -= 1
            self._forget_hosts()

    async def may_fetch(self, fetcher: Fetcher, url: str) -> bool:
        """Whether the host's robots.txt lets us fetch `url` (RFC 9309), which is read once an hour.

        None there (4xx) allows everything; one that its server fails to give (5xx) allows nothing for now. A
        host that cannot be reached at all is left for the fetch itself to find out.
        """
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}".lower()
        robots = self._robots.setdefault(site, _Robots())
        async with robots.lock:
            if robots.until <= self._clock.monotonic():
                await self._read(fetcher, site, robots)
        return robots.allows(url)

    async def _read(self, fetcher: Fetcher, site: str, robots: _Robots) -> None:
        kept, robots.allows = _KEPT, lambda _: True
        try:
            fetched = await fetcher.fetch(f"{site}/robots.txt", headers={"Accept": "text/plain, */*;q=0.5"})
            rules = await asyncio.to_thread(_parsed, fetched.body)
            robots.allows = lambda url: rules.can_fetch(url, self._agent)
            self._slow_down(urlsplit(site).netloc, rules.crawl_delay(self._agent))
        except FetchRefused:
            pass
        except FetchLater as later:
            if later.code.startswith("http_5"):
                kept, robots.allows = _KEPT_AFTER_ERROR, lambda _: False
            elif not later.code.startswith("http_4"):
                kept = 0.0
        robots.until = self._clock.monotonic() + kept
        self._forget_robots()

    def _slow_down(self, host: str, delay: float | None) -> None:
        if delay and host in self._hosts:
            self._hosts[host].delay = min(delay, _LONGEST_DELAY)

    def _forget_hosts(self) -> None:
        if len(self._hosts) > _MOST_HOSTS:
            now = self._clock.monotonic()
            waiting = {name: host for name, host in self._hosts.items() if host.inside or host.free_at > now}
            self._hosts = waiting

    def _forget_robots(self) -> None:
        if len(self._robots) > _MOST_HOSTS:
            now = self._clock.monotonic()
            self._robots = {site: each for site, each in self._robots.items() if each.until > now}


def _parsed(body: bytes) -> "Protego":
    from protego import Protego  # noqa: PLC0415 (web and worker start without it)

    return Protego.parse(body[:LARGEST_ROBOTS].decode("utf-8", "replace"))
