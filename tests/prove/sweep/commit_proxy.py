"""Stands between a process and PostgreSQL, sees each commit, and has chosen ones end in uncertainty.

It speaks as much of the protocol (PostgreSQL, "Frontend/Backend Protocol", version 3) as it takes to tell
messages apart: a byte for the type, four for the length. A commit is an explicit `COMMIT`, or the end of a
statement outside any transaction (`Sync`).
"""

import asyncio
import contextlib
import struct
import threading
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Fault = Literal["answer dropped", "commit dropped", "hang"]
FAULTS: tuple[Fault, ...] = ("answer dropped", "commit dropped", "hang")
PORT = 5432
CANCEL = 80877102
IDLE = b"I"


@dataclass
class CommitProxy:
    """Listens in `folder`; `at` are the numbers of the commits that end in `fault`.

    `explicit` and `implicit` count the commits seen; numbers in `at` count the kind that `of` names.
    """

    folder: Path
    server: Path
    fault: Fault = "hang"
    at: Collection[int] = ()
    of: Literal["explicit", "implicit"] = "explicit"
    explicit: int = 0
    implicit: int = 0
    struck: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @contextmanager
    def running(self) -> Iterator["CommitProxy"]:
        """Runs in a thread of its own while the block does."""
        ready, done = threading.Event(), asyncio.Event()
        loops: list[asyncio.AbstractEventLoop] = []

        async def serve() -> None:
            loops.append(asyncio.get_running_loop())
            path = str(self.folder / f".s.PGSQL.{PORT}")
            async with await asyncio.start_unix_server(self._meet, path):
                ready.set()
                await done.wait()
                for task in self.tasks:
                    task.cancel()
                await asyncio.gather(*self.tasks, return_exceptions=True)

        thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
        thread.start()
        ready.wait(10)
        try:
            yield self
        finally:
            loops[0].call_soon_threadsafe(done.set)
            thread.join(10)

    def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = str(self.server / f".s.PGSQL.{PORT}")
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            theirs, to_server = await asyncio.open_unix_connection(path)
            try:
                await _Line(self, reader, writer, theirs, to_server).pass_on()
            finally:
                to_server.close()
        writer.close()

    def strikes(self, kind: str) -> bool:
        """Counts a commit; whether it is one of those that end in the fault."""
        number = getattr(self, kind) + 1
        setattr(self, kind, number)
        hit = kind == self.of and number in self.at
        self.struck += hit
        return hit


@dataclass
class _Line:
    """One connection."""

    proxy: CommitProxy
    client: asyncio.StreamReader
    to_client: asyncio.StreamWriter
    server: asyncio.StreamReader
    to_server: asyncio.StreamWriter
    status: bytes = b""
    swallow: bool = False
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    async def pass_on(self) -> None:
        (length,) = struct.unpack("!I", first := await self.client.readexactly(4))
        start = await self.client.readexactly(length - 4)
        self.to_server.write(first + start)
        if struct.unpack("!I", start[:4])[0] == CANCEL:
            await self.server.read()
            return
        forth, back = asyncio.create_task(self._forth()), asyncio.create_task(self._back())
        try:
            await asyncio.wait((forth, back), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (forth, back):
                task.cancel()
            await asyncio.gather(forth, back, return_exceptions=True)

    async def _forth(self) -> None:
        async for kind, whole in _messages(self.client):
            committing = self._commits(kind, whole)
            if committing and self.proxy.strikes(committing):
                await self._strike(whole)
                return
            self.to_server.write(whole)

    def _commits(self, kind: bytes, whole: bytes) -> str | None:
        if kind == b"Q" and whole[5:].strip(b"\0 ;").upper() == b"COMMIT":
            return "explicit"
        return "implicit" if kind == b"S" and self.status == IDLE else None

    async def _strike(self, whole: bytes) -> None:
        self.swallow = True
        if self.proxy.fault == "commit dropped":
            return
        hangs = self.proxy.fault == "hang"
        if not hangs or self.proxy.struck % 2:
            self.answered.clear()
            self.to_server.write(whole)
            await self.answered.wait()
        if hangs:
            await self.client.read()

    async def _back(self) -> None:
        async for kind, whole in _messages(self.server):
            if kind == b"Z":
                self.status = whole[5:6]
                self.answered.set()
            if not self.swallow:
                self.to_client.write(whole)


async def _messages(reader: asyncio.StreamReader) -> AsyncIterator[tuple[bytes, bytes]]:
    while True:
        head = await reader.readexactly(5)
        yield head[:1], head + await reader.readexactly(struct.unpack("!I", head[1:])[0] - 4)
