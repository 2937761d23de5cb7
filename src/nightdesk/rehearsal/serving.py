"""Serves a fake platform on loopback, and makes the faults that it is told to make."""

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from nightdesk.kit.http.guard import Guard
from nightdesk.rehearsal.certificates import Certificate, certificate
from nightdesk.rehearsal.messages import Answer, Request, read
from nightdesk.rehearsal.platform import HTML, FakePlatform

LOOPBACK = "127.0.0.1"
NOBODY = "127.0.0.2"
"""An address of loopback at which nobody listens: the servers here are bound to the other one alone."""


@dataclass(frozen=True)
class Served:
    """A platform while it is served. `address` has no slash at its end; `trusted` is what clients of an
    encrypted one have to trust, in PEM form."""

    platform: FakePlatform
    address: str
    port: int
    trusted: bytes = b""

    def guard(self) -> Guard:
        """A guard that lets clients reach it by any name, and that makes the faults before a connection."""
        names = (LOOPBACK, "localhost")
        return Guard(allow=[(name, self.port) for name in names], resolve=self.resolve)

    async def resolve(self, _host: str, _port: int) -> list[str]:
        """A resolver. Raises `socket.gaierror` where the name is not to be known."""
        fault = self.platform.faults.at_connection("refused", "unknown_host")
        if fault == "unknown_host":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [NOBODY if fault == "refused" else LOOPBACK]


@asynccontextmanager
async def serving(platform: FakePlatform, *, secure: bool = False, port: int = 0) -> AsyncIterator[Served]:
    """Serves it within the block, with `secure` over TLS; on any free port unless one is given.

    Each request has a connection of its own, so that a fault strikes that one request.
    """
    own, foreign = (
        (certificate(LOOPBACK, "localhost"), certificate("other.invalid")) if secure else (None, None)
    )
    doors = _Doors(platform, own, foreign)
    server = await asyncio.start_server(doors.meet, LOOPBACK, port)
    port = server.sockets[0].getsockname()[1]
    platform.address = f"{'https' if secure else 'http'}://{LOOPBACK}:{port}"
    try:
        yield Served(platform, platform.address, port, own.pem if own else b"")
    finally:
        server.close()
        await doors.close()


class _Doors:
    """Meets connections."""

    def __init__(self, platform: FakePlatform, own: Certificate | None, foreign: Certificate | None) -> None:
        self._platform, self._own, self._foreign = platform, own, foreign
        self._open: set[asyncio.Task[None]] = set()

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._served(reader, writer)
        except (
            ConnectionError,
            asyncio.IncompleteReadError,
            ssl.SSLError,
            ValueError,
            asyncio.LimitOverrunError,
        ):
            pass
        finally:
            self._open.discard(task)
            writer.close()

    async def close(self) -> None:
        """Ends what clients left open, and what was answered with silence."""
        waiting = set(self._open)
        for task in waiting:
            task.cancel()
        if waiting:
            await asyncio.wait(waiting)

    async def _served(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        faults = self._platform.faults
        if self._own is not None and self._foreign is not None:
            wrong = faults.at_connection("bad_certificate")
            await writer.start_tls((self._foreign if wrong else self._own).context)
        if faults.at_opening():
            return _reset(writer)
        request = await read(reader)
        fault = faults.at_request(request.line)
        if fault in ("reset_at_once", "reset_after_sending"):
            return _reset(writer)
        self._platform.requests.append(request)
        answer = await self._answer(fault, request)
        if answer is None:
            return _reset(writer)
        if fault == "taken_then_silence":
            await reader.read()
            return None
        sent = answer.encoded(head_only=request.method == "HEAD")
        writer.write(
            sent[: max(len(sent) - len(answer.body) // 2 - 1, 1)] if fault == "taken_then_truncated" else sent
        )
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        return None

    async def _answer(self, fault: str, request: Request) -> Answer | None:
        """None where the connection is reset instead."""
        if fault == "html":
            return HTML
        if fault and not fault.startswith("taken"):
            return self._platform.refusal(fault, request)
        answer = await self._platform.take(request, unseen=fault == "taken_unseen")
        if fault in ("taken_then_reset", "taken_unseen"):
            return None
        if fault == "taken_then_500":
            return self._platform.refusal(fault, request)
        return HTML if fault == "taken_then_html" else answer


def _reset(writer: asyncio.StreamWriter) -> None:
    """Ends the connection with a reset rather than in good order."""
    line = writer.get_extra_info("socket")
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
