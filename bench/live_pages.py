"""Bench (g): a thousand open pages on one web process: the memory of each, and from event to page.

Each page's stream is a connection that reads and notes when it is told of each event. Events are written one
by one, far enough apart to be told of singly. Run `python -m bench.live_pages`.
"""

import argparse
import asyncio
import contextlib
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import func, select

from bench.figures import Figure, report
from bench.overview import house, percentile
from bench.pages import begin
from bench.web import Web, web
from nightdesk.bootstrap import House
from nightdesk.faces.web.identity import COOKIE
from nightdesk.store.events import Happening, write
from nightdesk.store.tables.occasions import Event

PAGES, EVENTS = 1_000, 20
MOST_KB, MOST_MS = 30.0, 500.0
APART = 0.6
"""Seconds between two events: more than the quarter of a second in which changes are told of together."""

OPENING = 50
"""Streams that are opened at once."""


@dataclass
class Listener:
    """One open page: up to which event it was told, and when."""

    told: list[tuple[int, float]] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self, served: Web, token: str) -> None:
        """Reads the stream until it is cancelled."""
        where = urlsplit(served.address)
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        writer.write(
            f"GET /live HTTP/1.1\r\nHost: {where.netloc}\r\nCookie: {COOKIE}={token}\r\n"
            "Accept: text/event-stream\r\n\r\n".encode()
        )
        try:
            async for line in reader:
                if line.startswith(b"retry:"):
                    self.open.set()
                elif line.startswith(b"id: "):
                    self.told.append((int(line[4:]), time.perf_counter()))
        finally:
            writer.close()

    def when(self, event: int) -> float | None:
        """When it was told of that event, be it together with later ones; None where it never was."""
        return next((at for last, at in self.told if last >= event), None)


def resident_kb(pid: int) -> float:
    """Kilobytes of memory that a process holds."""
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return float(line.split()[1])
    return 0.0


async def happen(on: House, workspace: int, events: int) -> dict[int, float]:
    """Writes the events as a worker does; by their numbers, when each was committed."""
    moments = {}
    for number in range(events):
        async with on.store.workspace(workspace) as session:
            await write(session, workspace, [Happening("run_log", f"Event {number}.")], at=on.clock.now())
            newest = await session.scalar(select(func.max(Event.id)))
        moments[int(newest or 0)] = time.perf_counter()
        on.announcer.announce()
        await asyncio.sleep(APART)
    return moments


async def measured(pages: int, events: int) -> int:
    """Prints the figures; returns the exit status."""
    async with house() as on, contextlib.AsyncExitStack() as open_pages:
        workspace, token = await begin(on)
        served = await open_pages.enter_async_context(web(on))
        await _opened(open_pages, served, token, OPENING)
        before = resident_kb(served.pid)
        listeners = await _opened(open_pages, served, token, pages)
        await asyncio.sleep(1)
        each = (resident_kb(served.pid) - before) / pages
        moments = await happen(on, workspace, events)
        await asyncio.sleep(2)
    found = [(listener.when(event), at) for listener in listeners for event, at in moments.items()]
    waits = [1000 * (told - at) for told, at in found if told is not None]
    lost = len(found) - len(waits)
    figures = [
        Figure("open pages on one web process", f"{pages:,}"),
        Figure.most("memory of each", each, MOST_KB, "kB"),
        Figure.most(f"from event to page, p99 of {len(waits):,}", percentile(99, waits), MOST_MS, "ms", 0),
        Figure("from event to page, median", f"{percentile(50, waits):.0f} ms"),
        Figure.fact("no event is lost", lost == 0, f"{lost} lost"),
    ]
    return report("(g) Live pages", figures)


async def _opened(
    open_pages: contextlib.AsyncExitStack, served: Web, token: str, count: int
) -> list[Listener]:
    listeners = [Listener() for _ in range(count)]
    for first in range(0, count, OPENING):
        some = listeners[first : first + OPENING]
        for listener in some:
            task = asyncio.create_task(listener.listen(served, token))
            open_pages.callback(task.cancel)
        await asyncio.gather(*(listener.open.wait() for listener in some))
    return listeners


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--events", type=int, default=EVENTS)
    given = parser.parse_args()
    return asyncio.run(measured(given.pages, given.events))


if __name__ == "__main__":
    sys.exit(main())
