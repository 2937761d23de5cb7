"""Connections that give up on a database which stopped answering, where its own time limits cannot reach us.

The server ends statements that take too long, and keepalives find a machine that is gone; neither helps where
something in between (a pooler, a proxy, a firewall that forgot us) keeps the line open and says nothing.
"""

import asyncio
import os
import socket
import threading
from typing import Any

from psycopg import AsyncConnection, Connection
from psycopg.abc import PQGen
from psycopg.rows import TupleRow

PATIENCE = 35.0
"""Seconds, a little more than `statement_timeout`: a server that lives has answered by then."""


class PatientConnection(AsyncConnection[TupleRow]):
    """Fails as if the server had closed it once an answer has taken longer than `patience` seconds."""

    patience = PATIENCE

    async def wait(self, gen: PQGen[Any], *args: Any, **facts: Any) -> Any:
        timer = asyncio.get_running_loop().call_later(self.patience, _hang_up, self)
        try:
            return await super().wait(gen, *args, **facts)
        finally:
            timer.cancel()


class PatientBlocking(Connection[TupleRow]):
    """The same where a thread waits; a `patience` of None waits for as long as it takes."""

    patience: float | None = PATIENCE

    def wait(self, gen: PQGen[Any], *args: Any, **facts: Any) -> Any:
        if self.patience is None:
            return super().wait(gen, *args, **facts)
        timer = threading.Timer(self.patience, _hang_up, [self])
        timer.daemon = True
        timer.start()
        try:
            return super().wait(gen, *args, **facts)
        finally:
            timer.cancel()


def _hang_up(connection: PatientConnection | PatientBlocking) -> None:
    if connection.closed:
        return
    with socket.socket(fileno=os.dup(connection.pgconn.socket)) as line:
        line.shutdown(socket.SHUT_RDWR)


async def connect(address: str = "", *, patience: float = PATIENCE, **facts: Any) -> PatientConnection:
    """Opens one, as `psycopg.AsyncConnection.connect` does."""
    connection = await PatientConnection.connect(address, **facts)
    connection.patience = patience
    return connection
