"""Reads a file out of a form (`multipart/form-data`, RFC 7578)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from typing import Any

from fastapi import Request
from fastapi.exceptions import HTTPException, RequestValidationError
from starlette.requests import ClientDisconnect

from nightdesk.faces.api.intake import FORM, kind_of

MOST_PARTS = 20
LARGEST_HEAD = 8192
"""Bytes of a part's header."""

ROOM = 64 * 1024
"""Bytes that a form may take beside its file."""

LONGEST_NAME = 200
FILE = {
    "type": "object",
    "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
    "required": ["file"],
}
FILE_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {FORM: {"schema": FILE}}},
}
"""For a route's `openapi_extra`."""


@dataclass(frozen=True)
class Upload:
    """A file as it was sent; `name` is only its sender's word."""

    name: str
    content: bytes


def uploaded(largest: int) -> Callable[[Request], Awaitable[Upload]]:
    """A dependency: the file `file` of a form, of at most so many bytes."""

    async def found(request: Request) -> Upload:
        return await read_upload(request, largest)

    return found


async def read_upload(request: Request, largest: int) -> Upload:
    """Raises what is answered as 413, 415 or 422."""
    if kind_of(request.headers) != FORM:
        raise HTTPException(415, f"Send the file as `{FORM}`, in a field `file`.")
    declared = Message()
    declared["content-type"] = request.headers["content-type"]
    boundary = declared.get_boundary()
    if not boundary or len(boundary) > 70 or not boundary.isascii():
        raise _wrong("The form's Content-Type names no boundary.")
    body = await _body(request, largest + ROOM)
    for head, content in _parts(body, boundary.encode()):
        if head.get_param("name", header="content-disposition") == "file":
            if len(content) > largest:
                raise _too_large(largest)
            return Upload(_name(head.get_filename("")), content)
    raise _wrong("Send the file in a field `file`.")


async def _body(request: Request, most: int) -> bytes:
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > most:
                raise _too_large(most)
    except ClientDisconnect as error:
        # Whoever stands before us has counted too, and answers in our place.
        raise _too_large(most) from error
    return bytes(body)


def _parts(body: bytes, boundary: bytes) -> list[tuple[Message, bytes]]:
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary, MOST_PARTS + 1)[1:]
    if not pieces or not any(piece.startswith(b"--") for piece in pieces):
        raise _wrong("The form is not whole.")
    found = []
    for piece in pieces:
        if piece.startswith(b"--"):
            break
        head, parted, content = piece.lstrip(b" \t").partition(b"\r\n\r\n")
        if not parted or len(head) > LARGEST_HEAD:
            raise _wrong("A part of the form has no header.")
        found.append((HeaderParser().parsestr(head.strip().decode("utf-8", "replace")), content))
    return found


def _name(told: str) -> str:
    last = told.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in last if character.isprintable())[-LONGEST_NAME:]


def _wrong(message: str) -> RequestValidationError:
    return RequestValidationError([{"type": "value_error", "loc": ("body", "file"), "msg": message}])


def _too_large(most: int) -> HTTPException:
    return HTTPException(
        413, f"At most {most / 2**20:.3g} MB are read here. Nothing was changed; split the file."
    )
