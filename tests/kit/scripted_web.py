"""A web server on loopback that answers whatever a test tells it to, byte by byte."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable

Handler = Callable[[str, asyncio.StreamWriter], Awaitable[None]]


class Web:
    """Serves one handler for each path; remembers the head of every request."""

    def __init__(self) -> None:
        self.handlers: dict[str, Handler] = {}
        self.heads: list[str] = []
        self.port = 0
        self._servers: list[asyncio.Server] = []

    async def start(self, certificates: ssl.SSLContext | None = None) -> int:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=certificates)
        self._servers.append(server)
        self.port = server.sockets[0].getsockname()[1]
        return self.port

    def says(self, path: str, body: bytes, *headers: str, status: str = "200 OK") -> None:
        async def handler(_: str, writer: asyncio.StreamWriter) -> None:
            head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
            writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)

        self.handlers[path] = handler

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.heads.append(head)
            path = head.split(" ")[1].partition("?")[0]
            await self.handlers[path](path, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def stop(self) -> None:
        for server in self._servers:
            server.close()
