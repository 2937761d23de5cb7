"""Bench (f): what a person waits for: the weight of the first page, and each page's time on a large site.

A site with a million keywords; the pages of the newsroom are asked for over HTTP at a web server in a process
of its own, by someone signed in. The weight is what Chromium loads for the first page with an empty cache,
compressed as it came. Run `python -m bench.pages`.
"""

import argparse
import asyncio
import shutil
import statistics
import sys
from collections.abc import Sequence

import httpx2
from playwright.async_api import CDPSession, async_playwright

from bench.figures import Figure, report, table
from bench.overview import fill, house, percentile, timed
from bench.web import Web, web
from nightdesk.bootstrap import House
from nightdesk.faces.web.app import PAGES
from nightdesk.faces.web.identity import COOKIE

KEYWORDS, CONTENTS, CALLS = 1_000_000, 10_000, 60
MOST_MS, MOST_KB = 60.0, 200.0
NOT_PAGES = ("/live", "/sign-in", "/start", "/invitation")
"""Open to guests, or no page."""

SITE = {"{slug}": "bench", "{site}": "bench"}


async def begin(on: House) -> tuple[int, str]:
    """The first workspace, and the session of its owner."""
    token = await on.desk.entrance.begin(
        str(await on.desk.entrance.pending_token()),
        email="owner@bench.test",
        name="Owner",
        password="a bench has no secrets",
        workspace_name="Bench",
        language="en",
        timezone="UTC",
        address="127.0.0.1",
        agent="bench",
    )
    return await on.desk.founding.first(), token


def addresses() -> list[str]:
    """Every page that needs no number of a row in its address."""
    found = []
    for module in PAGES:
        for route in module.ROUTES:
            path = str(getattr(route, "path", ""))
            for part, value in SITE.items():
                path = path.replace(part, value)
            if "GET" in (getattr(route, "methods", None) or ()) and "{" not in path:
                found.append(path)
    return [path for path in dict.fromkeys(found) if path not in NOT_PAGES]


async def page_times(served: Web, token: str, calls: int) -> dict[str, list[float]]:
    """Milliseconds of each call, by page; what answers with no whole page is left out."""
    times: dict[str, list[float]] = {}
    async with httpx2.AsyncClient(base_url=served.address, cookies={COOKIE: token}, timeout=30) as client:
        for path in addresses():
            answer = await client.get(path)
            if answer.status_code >= 500:
                raise RuntimeError(f"{path} answers {answer.status_code}")
            if answer.status_code != 200 or "text/html" not in answer.headers["content-type"]:
                continue
            await timed(3, lambda path=path: client.get(path))  # type: ignore[misc]
            times[path] = await timed(calls, lambda path=path: client.get(path))  # type: ignore[misc]
    return times


async def first_page_kb(served: Web, token: str) -> float | None:
    """Kilobytes on the wire for the first page with all that it loads; None without Chromium."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        return None
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = await browser.new_context()
        await context.add_cookies([{"name": COOKIE, "value": token, "url": served.address}])
        page = await context.new_page()
        wire: CDPSession = await context.new_cdp_session(page)
        sizes: list[float] = []
        await wire.send("Network.enable")
        wire.on("Network.loadingFinished", lambda done: sizes.append(done["encodedDataLength"]))
        await page.goto(served.address + "/", wait_until="load")
        await asyncio.sleep(1)
        await browser.close()
    return sum(sizes) / 1000


async def measured(keywords: int, contents: int, calls: int) -> int:
    """Prints the figures; returns the exit status."""
    async with house() as on:
        workspace, token = await begin(on)
        site = (await on.desk.sites.create(workspace, "Bench")).id
        await fill(on, workspace, site, keywords, contents)
        async with web(on) as served:
            times = await page_times(served, token, calls)
            weight = await first_page_kb(served, token)
    _show(times)
    slowest = max(times, key=lambda path: percentile(95, times[path]))
    figures = [
        Figure("rows", f"{keywords:,} keywords, {contents:,} contents"),
        Figure.most(f"slowest page ({slowest}), p95", percentile(95, times[slowest]), MOST_MS, "ms"),
    ]
    if weight is not None:
        figures.append(Figure.most("first page with everything, compressed", weight, MOST_KB, "kB", 0))
    return report("(f) The pages of a large site", figures)


def _show(times: dict[str, Sequence[float]] | dict[str, list[float]]) -> None:
    rows = [
        (path, f"{statistics.median(took):.1f}", f"{percentile(95, list(took)):.1f}")
        for path, took in times.items()
    ]
    table("(f) Pages, milliseconds over HTTP", ("page", "median", "p95"), rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--keywords", type=int, default=KEYWORDS)
    parser.add_argument("--contents", type=int, default=CONTENTS)
    parser.add_argument("--calls", type=int, default=CALLS)
    given = parser.parse_args()
    return asyncio.run(measured(given.keywords, given.contents, given.calls))


if __name__ == "__main__":
    sys.exit(main())
