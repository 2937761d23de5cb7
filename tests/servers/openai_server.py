"""A small OpenAI-compatible server on loopback that answers the desk's questions, or misbehaves.

In a test: `async with OpenAIServer() as server: ... server.base_url`. By itself, for measurements:
`PYTHONPATH=tests python -m servers.openai_server --delay-ms 200` prints one JSON line with its base URL and
serves until it is ended.
"""

import argparse
import asyncio
import base64
import hashlib
import json
import ssl
import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from servers.model_wires import anthropic_message, google_content
from servers.openai_answers import answer_to, data_of

Json = dict[str, Any]


@dataclass
class Asked:
    """One request as it arrived, and the connection to answer it on."""

    path: str
    headers: dict[str, str]
    raw: bytes
    transport: asyncio.Transport

    @property
    def body(self) -> Json:
        return dict(json.loads(self.raw))

    def reply(self, payload: bytes, status: int = 200, **headers: str) -> None:
        """A whole HTTP answer; header names are given with `_` for `-`."""
        named = {"content_type": "application/json", "content_length": str(len(payload)), **headers}
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items())
        if not self.transport.is_closing():
            self.transport.write(f"HTTP/1.1 {status} Status\r\n{lines}\r\n".encode() + payload)

    def reply_json(self, document: Json, status: int = 200, **headers: str) -> None:
        self.reply(json.dumps(document).encode(), status, **headers)


Behaviour = Callable[["OpenAIServer", Asked], None]


class _Connection(asyncio.Protocol):
    def __init__(self, server: "OpenAIServer") -> None:
        self.server = server
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.server.open.add(transport)
        if self.server.on_connect is not None:
            self.server.on_connect(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.server.open.discard(self.transport)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, _, rest = self.buffer.partition(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
            length = int(headers.get("content-length", "0"))
            if len(rest) < length:
                return
            self.buffer = rest[length:]
            self.server.received(Asked(first.split(" ")[1], headers, rest[:length], self.transport))


@dataclass
class OpenAIServer:
    """Serves `/v1/chat/completions` and `/v1/embeddings`.

    `behaviours` are used up, one a request; after them `behaviour` holds, which is to answer well unless set.
    """

    delay: float = 0.0
    dimensions: int = 64
    tls: ssl.SSLContext | None = None
    port: int = 0
    behaviour: Behaviour | None = None
    behaviours: deque[Behaviour] = field(default_factory=deque)
    on_connect: Callable[[asyncio.Transport], None] | None = None
    keep: bool = True
    asked: list[Asked] = field(default_factory=list)
    open: set[asyncio.Transport] = field(default_factory=set)
    busiest: int = 0
    _busy: int = 0

    @property
    def base_url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}/v1"

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Connection(self), "127.0.0.1", self.port, ssl=self.tls, backlog=512
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for transport in list(self.open):
            transport.abort()

    def received(self, asked: Asked) -> None:
        if self.keep:
            self.asked.append(asked)
        behave = self.behaviours.popleft() if self.behaviours else self.behaviour or OpenAIServer.answer
        self._busy += 1
        self.busiest = max(self.busiest, self._busy)
        if self.delay:
            asyncio.get_running_loop().call_later(self.delay, self._finish, behave, asked)
        else:
            self._finish(behave, asked)

    def _finish(self, behave: Behaviour, asked: Asked) -> None:
        self._busy -= 1
        behave(self, asked)

    def answer(self, asked: Asked) -> None:
        """Behaves: a valid answer to whichever question was asked."""
        body = asked.body
        if asked.path.endswith("/embeddings"):
            asked.reply_json(embeddings(body, self.dimensions))
        else:
            asked.reply_json(on_the_wire(asked, json.dumps(answer_to(data_of(body)))))


def on_the_wire(asked: Asked, said: str, cut: bool = False) -> Json:
    """An answer that says `said` on the wire of the request: Anthropic's, Google's or OpenAI's."""
    body = asked.body
    if asked.path.split("?")[0].endswith("/messages"):
        return anthropic_message(body, said, cut)
    if ":generateContent" in asked.path:
        return google_content(body, said, cut)
    return completion(body, said, "length" if cut else "stop")


def completion(body: Json, content: str | None, finish_reason: str = "stop", **message: Any) -> Json:
    """A chat completion that says `content`, by a tool call where the request forces one."""
    said: Json = {"role": "assistant", "content": content, **message}
    if body.get("tools"):
        call = {"name": body["tools"][0]["function"]["name"], "arguments": content}
        said |= {"content": None, "tool_calls": [{"id": "call_1", "type": "function", "function": call}]}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": body["model"],
        "choices": [{"index": 0, "message": said, "finish_reason": finish_reason}],
        "usage": {
            "prompt_tokens": sum(len(str(m["content"])) for m in body["messages"]) // 4,
            "completion_tokens": len(content or "") // 4,
            "total_tokens": 0,
        },
    }


def embeddings(body: Json, dimensions: int) -> Json:
    """A vector for each phrase, drawn from its hash; in base64 where that was asked for."""
    rows = [_vector(phrase, dimensions) for phrase in body["input"]]
    if body.get("encoding_format") == "base64":
        packed = [base64.b64encode(struct.pack(f"<{dimensions}f", *row)).decode() for row in rows]
        data: list[Any] = packed
    else:
        data = rows
    return {
        "object": "list",
        "model": body["model"],
        "data": [{"object": "embedding", "index": i, "embedding": row} for i, row in enumerate(data)],
        "usage": {"prompt_tokens": sum(len(p) for p in body["input"]) // 4, "total_tokens": 0},
    }


def _vector(phrase: str, dimensions: int) -> list[float]:
    drawn = hashlib.shake_128(phrase.encode()).digest(dimensions)
    return [byte / 127.5 - 1 for byte in drawn]


async def _serve(delay_ms: int, port: int, dimensions: int) -> None:
    async with OpenAIServer(delay_ms / 1000, dimensions, port=port, keep=False) as server:
        print(json.dumps({"base_url": server.base_url}), flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--delay-ms", type=int, default=0)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--dimensions", type=int, default=64)
    given = parser.parse_args()
    asyncio.run(_serve(given.delay_ms, given.port, given.dimensions))


if __name__ == "__main__":
    main()
