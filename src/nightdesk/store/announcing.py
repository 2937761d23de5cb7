"""Wakes the readers of events: many commits, one NOTIFY every so often.

A NOTIFY inside each transaction would make commits wait for each other; a hint that is late or lost does no
harm, because readers look at the table by themselves as well.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Callable

from psycopg import AsyncConnection, OperationalError

from nightdesk.store.events import CHANNEL

PAUSE = 0.075
"""Seconds between two announcements of one process."""

RETRY_PAUSE = 0.5

_log = logging.getLogger(__name__)


class Announcer:
    """Says that there is something new, on a connection of its own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def announce(self) -> None:
        """Costs nothing; the readers hear of it within `PAUSE`."""
        self._news.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._speak(), name="announcer")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _speak(self) -> None:
        while True:
            try:
                async with await AsyncConnection.connect(self._url, autocommit=True) as connection:
                    while True:
                        await self._news.wait()
                        self._news.clear()
                        await connection.execute(f"notify {CHANNEL}".encode())
                        await asyncio.sleep(PAUSE)
            except OperationalError:
                await asyncio.sleep(RETRY_PAUSE)


async def hear(url: str, woken: Callable[[], None], *, seconds: float) -> None:
    """Calls `woken` at each announcement, and at least every `seconds`; ends when cancelled."""
    while True:
        try:
            async with await AsyncConnection.connect(url, autocommit=True) as connection:
                await connection.execute(f"listen {CHANNEL}".encode())
                while True:
                    woken()
                    async with contextlib.aclosing(_notes(connection, seconds)) as notes:
                        async for _ in notes:
                            woken()
        except OperationalError as error:
            _log.warning("announcing.lost", extra={"why": type(error).__name__})
            woken()
            await asyncio.sleep(RETRY_PAUSE)


async def _notes(connection: AsyncConnection, seconds: float) -> AsyncGenerator[None]:
    async for _ in connection.notifies(timeout=seconds):
        yield None
