"""A server that says back what it was sent, as careless platforms do in their complaints."""

import asyncio
import base64
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import unquote_plus


class Echo:
    """Answers each request with `status` and a complaint that holds what was sent, in turn its log-in, its
    log-in decoded, its body and its address; all of it in each field by which platforms complain."""

    def __init__(self) -> None:
        self.status = 400
        self.kind = "application/json"
        self.port = 0
        self.heard: list[bytes] = []
        self._turns = itertools.count()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            headers = {
                name.lower(): value
                for name, _, value in (
                    line.partition(": ") for line in head.decode("latin-1").split("\r\n")[1:]
                )
            }
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.heard.append(head + body)
            said = self._complaint(head, headers, body)
            lines = f"HTTP/1.1 {self.status} Said\r\nContent-Type: {self.kind}\r\nConnection: close\r\n"
            writer.write(f"{lines}Content-Length: {len(said)}\r\n\r\n".encode() + said)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, ValueError):
            pass
        finally:
            writer.close()

    def _complaint(self, head: bytes, headers: dict[str, str], body: bytes) -> bytes:
        login = headers.get("authorization", "") or headers.get("x-api-key", "")
        address = head.split(b" ")[1].decode("latin-1")
        form = body.decode("latin-1").split("&")
        turns = [
            login,
            _decoded(login),
            " ".join(sorted(form, key=lambda one: "secret" not in one and "token" not in one)),
            " ".join(sorted(form, key=lambda one: "verifier" not in one and "refresh" not in one)),
            unquote_plus(" ".join(reversed(form))),
            address[::1],
            address.partition("access_token=")[2] or address.partition("secret=")[2],
        ]
        told = turns[next(self._turns) % len(turns)] or login or address
        if "json" not in self.kind:
            return f"<html><title>Fault</title><body>{told}</body></html>".encode()
        inner = {"message": told, "code": told, "type": told, "error_user_msg": told, "log_id": told}
        said = dict.fromkeys(("message", "error_description", "detail", "title", "description"), told)
        return json.dumps({"error": inner, "errors": [{"message": told, "detail": told}], **said}).encode()


def _decoded(login: str) -> str:
    kind, _, value = login.partition(" ")
    if kind.lower() != "basic":
        return value
    return base64.b64decode(value).decode("utf-8", "replace").partition(":")[2]


@asynccontextmanager
async def echoing() -> AsyncIterator[Echo]:
    echo = Echo()
    server = await asyncio.start_server(echo.serve, "127.0.0.1", 0)
    echo.port = server.sockets[0].getsockname()[1]
    try:
        yield echo
    finally:
        server.close()
