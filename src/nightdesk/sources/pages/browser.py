"""Reads pages that scripts draw, in a browser without a network: each of its requests goes by our guard."""

import asyncio
import base64
import json
import struct
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.http.failures import shown
from nightdesk.kit.http.fetch import Fetched
from nightdesk.kit.points import reach
from nightdesk.kit.processes import ChildLimits, end_all, launch
from nightdesk.sources.documents import Document, DocumentRefused, read_page
from nightdesk.sources.pages.contract import PageMeans

AT_ONCE = 1
"""Browsers of one process; each takes some 300 MB."""

SECONDS = 20.0
MOST_BYTES = 20_000_000
MOST_REQUESTS = 60
LARGEST_FRAME = 32 << 20
LIMITS = ChildLimits(
    seconds=SECONDS,
    cpu_seconds=25,
    # A browser reserves terabytes that it never touches; its scripts' memory has a limit of its own.
    memory=1 << 46,
    file_size=64 << 20,
    open_files=1024,
)
MISSING = (
    "This page is drawn by scripts, and reading such needs the library Playwright: install "
    "`nightdesk[browser]`, or copy the text of the page into a file and add that."
)
_CHILD = Path(__file__).with_name("browser_child.py")
_LENGTH = struct.Struct(">I")
_PASSED_ON = ("content-type", "access-control-allow-origin", "access-control-allow-headers")


class PageTooSlow(Later):
    """The page was not drawn in time."""


@dataclass
class _Budget:
    requests: int = MOST_REQUESTS
    bytes: int = MOST_BYTES


class BrowserPages:
    """Any page, where the operator named a browser."""

    name = "browser"

    def __init__(self, means: PageMeans, *, limits: ChildLimits = LIMITS) -> None:
        self._means, self._limits = means, limits
        self._turns = asyncio.Semaphore(AT_ONCE)

    def reads(self, _url: str, /) -> bool:
        return self._means.browser is not None

    async def read(self, url: str) -> Document:
        """The document that the page's own scripts make of it; pictures and media are never loaded."""
        if self._means.browser is None:
            raise NeedsPerson("No browser is switched on: name one in NIGHTDESK_BROWSER.")
        first = await self._means.fetcher.fetch(url)
        async with self._turns:
            drawn = await self._drawn(first, self._means.browser)
        return await read_page(drawn)

    async def _drawn(self, first: Fetched, browser: Path) -> Fetched:
        with tempfile.TemporaryDirectory(prefix="nightdesk-browser-", ignore_cleanup_errors=True) as folder:
            reach("pages.browser.start")
            program = [sys.executable, "-I", "-B", str(_CHILD)]
            process = await launch(program, self._limits, Path(folder), overheard=False)
            reach("pages.browser.started")
            try:
                async with asyncio.timeout(self._limits.seconds):
                    await _tell(process, {"url": first.url, "browser": str(browser)})
                    return await self._served(process, first)
            except TimeoutError:
                why = f"'{shown(first.url)}' was not drawn within {self._limits.seconds:g} seconds."
                raise PageTooSlow(why) from None
            except (asyncio.IncompleteReadError, ConnectionError, ValueError) as error:
                raise Later(f"The browser ended before it had drawn '{shown(first.url)}'.") from error
            finally:
                await end_all(process)
                reach("pages.browser.exit")

    async def _served(self, process: asyncio.subprocess.Process, first: Fetched) -> Fetched:
        """Answers what the page asks for until the browser has drawn it."""
        budget, asked = _Budget(), set[asyncio.Task[None]]()
        try:
            while True:
                told = await _heard(process)
                if "html" in told:
                    return _page(told, first)
                if "failed" in told:
                    raise _ending(told, first.url)
                asked.add(asyncio.create_task(self._answer(process, told, first, budget)))
        finally:
            for one in asked:
                one.cancel()
            await asyncio.gather(*asked, return_exceptions=True)

    async def _answer(
        self, process: asyncio.subprocess.Process, told: Mapping[str, Any], first: Fetched, budget: _Budget
    ) -> None:
        found = await self._got(str(told["url"]), first, budget)
        answer: dict[str, Any] = {"number": told["number"], "status": 0}
        if found is not None and len(found.body) <= budget.bytes:
            budget.bytes -= len(found.body)
            headers = {name: found.headers[name] for name in _PASSED_ON if name in found.headers}
            body = base64.b64encode(found.body).decode("ascii")
            answer |= {"status": found.status, "headers": headers, "body": body}
        with suppress(ConnectionError):
            await _tell(process, answer)

    async def _got(self, url: str, first: Fetched, budget: _Budget) -> Fetched | None:
        if url == first.url:
            return first
        budget.requests -= 1
        if budget.requests < 0 or budget.bytes <= 0:
            return None
        try:
            return await self._means.fetcher.fetch(url)
        except (Refused, Later):
            return None


def _page(told: Mapping[str, Any], first: Fetched) -> Fetched:
    """The page as it was drawn. Raises `DocumentRefused` where its scripts led to nowhere."""
    url = str(told["url"])
    if not url.startswith(("http://", "https://")):
        why = f"'{shown(first.url)}' leads on to an address that cannot be opened."
        raise DocumentRefused("no_text", f"{why} Give the address that a browser ends up at.")
    headers = {**first.headers, "content-type": "text/html; charset=utf-8"}
    body = str(told["html"]).encode("utf-8", "replace")
    return Fetched(first.asked, url, first.status, headers, body, first.at)


def _ending(told: Mapping[str, Any], url: str) -> NeedsPerson | Refused:
    """Of a page that was not drawn."""
    said = shown(str(told.get("says", "")), 200)
    if told["failed"] == "missing":
        return NeedsPerson(MISSING)
    if told["failed"] == "start":
        return NeedsPerson(f"The browser does not start: {said} See what NIGHTDESK_BROWSER names.")
    return DocumentRefused("no_text", f"The browser could not draw '{shown(url)}': {said}")


async def _tell(process: asyncio.subprocess.Process, said: Mapping[str, Any]) -> None:
    assert process.stdin is not None
    body = json.dumps(said).encode()
    process.stdin.write(_LENGTH.pack(len(body)) + body)
    await process.stdin.drain()


async def _heard(process: asyncio.subprocess.Process) -> dict[str, Any]:
    """Raises ValueError where it says nothing that can be read."""
    assert process.stdout is not None
    (length,) = _LENGTH.unpack(await process.stdout.readexactly(_LENGTH.size))
    if length > LARGEST_FRAME:
        raise ValueError("too much")
    told = json.loads(await process.stdout.readexactly(length))
    if not isinstance(told, dict):
        raise ValueError("no object")
    return told
