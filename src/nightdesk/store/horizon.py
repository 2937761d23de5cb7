"""How far the events can be read: the id below which nothing can be added any more.

Ids are given out before their transactions commit, so a reader that has gone past an id that is not there
yet would never see it. The horizon moves in three steps: note the newest id given out; begin and end a
transaction, whose number is above that of every transaction that could hold an id up to there; wait until
the oldest transaction still open is a later one. From then on all those ids are either readable or void.
"""

import asyncio
from typing import Any

from psycopg import AsyncConnection, AsyncRawCursor

FIRST_PAUSE, LONGEST_PAUSE = 0.002, 0.25
"""Seconds between two looks at whether the older transactions have ended."""

_GIVEN_OUT = "select coalesce(pg_sequence_last_value('public.events_id_seq'), 0)"
_BARRIER = "select pg_current_xact_id()::text::bigint"
_ENDED = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint > $1"
_WHOSE = "select distinct workspace_id from events where id > $1 and id <= $2"


class Horizon:
    """The horizon as one process knows it; `upto` only ever rises."""

    def __init__(self, url: str) -> None:
        """`url`: a connection string of the role that sees all tenants; it learns numbers only."""
        self._url = url
        self._connection: AsyncConnection[Any] | None = None
        self._asking = asyncio.Lock()
        self.upto = 0

    async def advance(self) -> None:
        """Raises the horizon to the newest id.

        Raises `psycopg.OperationalError` where the database is away; the horizon stays where it was.
        """
        given_out = await self.given_out()
        if given_out <= self.upto:
            return
        barrier = await self._one(_BARRIER)
        pause = FIRST_PAUSE
        while not await self._one(_ENDED, barrier):
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        self.upto = given_out

    async def whose(self, after: int, upto: int) -> set[int]:
        """The workspaces with events among those ids."""
        return {row[0] for row in await self._rows(_WHOSE, after, upto)}

    async def given_out(self) -> int:
        """The newest id given out to any transaction, committed or not."""
        return int(await self._one(_GIVEN_OUT))

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    async def _one(self, query: str, *values: object) -> Any:
        rows = await self._rows(query, *values)
        return rows[0][0]

    async def _rows(self, query: str, *values: object) -> list[Any]:
        async with self._asking:
            if self._connection is None or self._connection.closed or self._connection.broken:
                self._connection = await AsyncConnection.connect(self._url, autocommit=True)
            cursor = AsyncRawCursor(self._connection)
            await cursor.execute(query.encode(), values or None)
            return await cursor.fetchall()
