"""A program on loopback that hears of events: keeps what it is sent, answers what a test tells it to."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Heard:
    """One call as it came over the wire, headers in lower case."""

    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Listener:
    """Answers with `answers` one after the other, then with `status`; 0 closes without an answer."""

    def __init__(self) -> None:
        self.status = 204
        self.answers: list[int] = []
        self.heard: list[Heard] = []
        self.location = ""
        self.port = 0

    async def start(self) -> "Listener":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        self._server.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/events"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            lines = head.split("\r\n")[1:]
            headers = dict(line.split(": ", 1) for line in lines if ": " in line)
            headers = {name.lower(): value for name, value in headers.items()}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            self.heard.append(Heard(headers, body))
            status = self.answers.pop(0) if self.answers else self.status
            if status:
                more = f"Location: {self.location}\r\n" if self.location else ""
                writer.write(f"HTTP/1.1 {status} Said\r\nContent-Length: 0\r\n{more}\r\n".encode())
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
