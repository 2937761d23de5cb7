"""What a fake platform is asked and what it answers, read from and written to a connection."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

MOST_BODY = 1 << 30
"""Bytes of a request; a fake keeps it whole in memory."""


@dataclass(frozen=True)
class Part:
    """A field or file of a form."""

    name: str
    filename: str
    mime: str
    body: bytes


@dataclass(frozen=True)
class Request:
    """One request. Names of headers are in small letters; of a repeated query name the last counts."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def line(self) -> str:
        """Method and path, by which faults are aimed: `PUT /wp-json/wp/v2/posts/7`."""
        return f"{self.method} {self.path}"

    def json(self) -> Any:
        """The body; an empty object where it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return {}

    def form(self) -> dict[str, str]:
        """The fields of a body as `application/x-www-form-urlencoded`."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def parts(self) -> list[Part]:
        """The parts of a body as `multipart/form-data` or `multipart/related`."""
        head = f"Content-Type: {self.headers.get('content-type', '')}\r\n\r\n".encode("latin-1")
        found = BytesParser(policy=HTTP).parsebytes(head + self.body)
        return [
            Part(
                str(part.get_param("name", "", "content-disposition") or ""),
                part.get_filename() or "",
                part.get_content_type(),
                bytes(part.get_payload(decode=True) or b""),
            )
            for part in (found.iter_parts() if found.is_multipart() else ())
        ]


@dataclass(frozen=True)
class Answer:
    """One answer."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: Any, status: int = 200, **headers: str) -> "Answer":
        """As JSON. Underscores in names of headers stand for dashes."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json"} | named)

    def encoded(self, *, head_only: bool = False) -> bytes:
        """As it goes over the line; each connection is for one answer, so that faults strike one request."""
        lines = [
            f"HTTP/1.1 {self.status} {_PHRASES.get(self.status, 'Status')}",
            *(f"{name}: {text}" for name, text in self.headers.items()),
            f"Content-Length: {len(self.body)}",
            "Connection: close",
        ]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (b"" if head_only else self.body)


_PHRASES = {status.value: status.phrase for status in HTTPStatus}


async def read(reader: asyncio.StreamReader) -> Request:
    """The request that comes. Raises `asyncio.IncompleteReadError` where it breaks off, `ValueError`."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ", 2)
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.strip().lower(): text.strip() for name, _, text in pairs}
    asked = urlsplit(target)
    query = dict(parse_qsl(asked.query, keep_blank_values=True))
    return Request(method, asked.path, query, headers, await _body(reader, headers))


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        size = int(headers.get("content-length", "0"))
        if not 0 <= size <= MOST_BODY:
            raise ValueError("more than a request may carry")
        return await reader.readexactly(size)
    whole = bytearray()
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        if len(whole) + size > MOST_BODY:
            raise ValueError("more than a request may carry")
        whole += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return bytes(whole)
