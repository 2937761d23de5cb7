"""A web server on loopback that receives notices: it remembers them and answers what a test tells it to."""

import asyncio
import json
from typing import Any


class Receiver:
    """Answers every POST with `status` after `delay` seconds; `hang` never answers, `garbled` no HTTP."""

    def __init__(self) -> None:
        self.status, self.delay, self.behaves = 200, 0.0, True
        self.answers: list[int] = []
        self.got: list[dict[str, Any]] = []
        self.connections = 0
        self.location = ""
        self.port = 0

    async def start(self, host: str = "127.0.0.1") -> "Receiver":
        self._server = await asyncio.start_server(self._serve, host, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        self._server.close()

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.port}/hooks/canary-4711"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            length = next(
                int(line.split(":")[1]) for line in head.split("\r\n") if line.lower().startswith("content-l")
            )
            self.got.append(json.loads(await reader.readexactly(length)))
            await asyncio.sleep(self.delay)
            if not self.behaves:
                writer.write(b"\x00\x01\x02 nothing that a browser knows\r\n\r\n")
            else:
                status = self.answers.pop(0) if self.answers else self.status
                more = f"Location: {self.location}\r\n" if self.location else ""
                writer.write(f"HTTP/1.1 {status} Said\r\nContent-Length: 0\r\n{more}\r\n".encode())
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
