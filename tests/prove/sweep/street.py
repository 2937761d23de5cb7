"""Serves the fake platforms of attempts from a thread, a fresh one for each attempt."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from nightdesk.rehearsal.platform import FakePlatform
from nightdesk.rehearsal.serving import serving


@contextmanager
def served(platform: FakePlatform) -> Iterator[str]:
    """Serves it while the block runs; its address."""
    ready, loops = threading.Event(), list[asyncio.AbstractEventLoop]()
    done = asyncio.Event()

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        async with serving(platform):
            ready.set()
            await done.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(30)
    try:
        yield platform.address
    finally:
        loops[0].call_soon_threadsafe(done.set)
        thread.join(10)
