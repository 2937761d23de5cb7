"""A worker's connections to the job queue: one that asks, one that listens, both found again when lost."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Self

from pgqueuer.core.tm import TaskManager
from psycopg import AsyncConnection, AsyncRawCursor, OperationalError, sql
from psycopg.rows import dict_row

from nightdesk.store.patience import connect

RETRY_PAUSE = 0.3
"""Seconds between two tries to reach a database that is away."""

TOGETHER = 0.02
"""Seconds for which changes of the queue are looked at together: each look is several queries."""

TABLE_CHANGED = '"table_changed_event"'

_log = logging.getLogger(__name__)


class ReconnectingDriver:
    """PgQueuer's driver contract over plain psycopg.

    The library's own driver stops for good when its connection breaks, and lets a listener and the
    queries wait for each other on one connection; a restart of the database must not stop a worker.
    """

    def __init__(self, url: str, patience: float) -> None:
        """`url`: `postgresql://…` of the role that works the queue; `patience`: seconds for an answer."""
        self._url, self._patience = url, patience
        self._asking: AsyncConnection | None = None
        self._lock = asyncio.Lock()
        self._listeners: dict[str, list[Callable[[str | bytes | bytearray], None]]] = {}
        self._watcher: asyncio.Task[None] | None = None
        self._next_look = 0.0
        self._later: asyncio.Task[None] | None = None
        self._shutdown = asyncio.Event()
        self._tm = TaskManager()
        self._entered = 0

    @property
    def shutdown(self) -> asyncio.Event:
        return self._shutdown

    @property
    def tm(self) -> TaskManager:
        return self._tm

    async def fetch(self, query: str, *args: object) -> list[dict[str, Any]]:
        rows, _ = await self._run(query, args, rows=True)
        return rows

    async def execute(self, query: str, *args: object) -> str:
        _, status = await self._run(query, args, rows=False)
        return status

    async def notify(self, channel: str, payload: str) -> None:
        await self.execute("select pg_notify($1, $2)", channel, payload)

    async def add_listener(self, channel: str, callback: Callable[[str | bytes | bytearray], None]) -> None:
        self._listeners.setdefault(channel, []).append(callback)
        if self._watcher is None:
            self._watcher = asyncio.create_task(self._watch(), name="queue listener")

    async def __aenter__(self) -> Self:
        self._entered += 1
        return self

    async def __aexit__(self, *_: object) -> None:
        self._entered -= 1
        if self._entered == 0:
            await self.close()

    async def close(self) -> None:
        self._shutdown.set()
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)
            self._watcher = None
        if self._asking is not None:
            await self._asking.close()
            self._asking = None

    async def _run(self, query: str, args: tuple[object, ...], *, rows: bool) -> tuple[list[Any], str]:
        while True:
            try:
                async with self._lock:
                    if self._asking is None or self._asking.broken or self._asking.closed:
                        self._asking = await connect(self._url, patience=self._patience, autocommit=True)
                    cursor = AsyncRawCursor(self._asking, row_factory=dict_row)
                    await cursor.execute(query.encode(), args or None)
                    return (await cursor.fetchall() if rows else []), cursor.statusmessage or ""
            except OperationalError as error:
                if self._asking is not None and not (self._asking.broken or self._asking.closed):
                    raise
                _log.warning("The database does not answer (%s); trying again.", str(error).splitlines()[:1])
                await asyncio.sleep(RETRY_PAUSE)

    async def _pass_on(self, channel: str, payload: str) -> None:
        """Hands a notice to its listeners; of many changes of the queue in a row, one every `TOGETHER`."""
        now = asyncio.get_running_loop().time()
        if TABLE_CHANGED in payload:
            if now < self._next_look:
                if self._later is None:
                    self._later = asyncio.create_task(
                        self._look_later(channel, payload, self._next_look - now)
                    )
                return
            self._next_look = now + TOGETHER
        for callback in list(self._listeners.get(channel, [])):
            callback(payload)

    async def _look_later(self, channel: str, payload: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._later = None
        await self._pass_on(channel, payload)

    async def _watch(self) -> None:
        while True:
            try:
                async with await AsyncConnection.connect(self._url, autocommit=True) as connection:
                    for channel in self._listeners:
                        await connection.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
                    async for note in connection.notifies():
                        await self._pass_on(note.channel, note.payload)
            except OperationalError:
                await asyncio.sleep(RETRY_PAUSE)
