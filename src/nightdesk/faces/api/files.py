"""Sends stored files: with a tag that names the content, in part where that is asked for (RFC 9110)."""

from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol

from fastapi import Request
from starlette.responses import Response, StreamingResponse

from nightdesk.kit.http.ranges import piece

RASTER = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/avif")
"""What a browser may show in place; anything else is a download."""

PLAYED = ("video/mp4", "audio/wav", "text/vtt", "application/x-subrip")
"""What a player takes; sent as what it is."""

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    # The address stays while the picture may be made again, so the tag is asked for each time.
    "Cache-Control": "private, no-cache",
    "Accept-Ranges": "bytes",
}
FILE_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {kind: {} for kind in RASTER}},
    206: {"description": "The part that `Range` asks for.", "content": {kind: {} for kind in RASTER}},
    304: {"description": "`If-None-Match` names what is there."},
    416: {"description": "The file ends before `Range` begins."},
}


def file_answers(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """The same for files of other kinds."""
    content: dict[str, Any] = {kind: {} for kind in kinds}
    return {
        status: {**answer, "content": content} if "content" in answer else answer
        for status, answer in FILE_ANSWERS.items()
    }


Reader = Callable[[int, int], AsyncIterator[bytes]]


class Stored(Protocol):
    """A stored file, named by the SHA-256 of its content."""

    @property
    def sha256(self) -> str: ...
    @property
    def mime(self) -> str: ...
    @property
    def size(self) -> int: ...


def send(request: Request, file: Stored, read: Reader) -> Response:
    """The file, its part, or that it is as the client knows it; `read` gives bytes from … to before …."""
    tag = f'"{file.sha256}"'
    found = piece(request.headers, tag, file.size)
    headers = {**SAFE, "ETag": tag, "Content-Disposition": _disposition(file), **found.headers}
    if found.status in (304, 416):
        return Response(status_code=found.status, headers=headers)
    mime = file.mime if file.mime in (*RASTER, *PLAYED) else "application/octet-stream"
    return StreamingResponse(read(found.start, found.end), found.status, headers, mime)


def _disposition(file: Stored) -> str:
    shown = file.mime in (*RASTER, *PLAYED)
    kind = "inline" if shown else "attachment"
    ending = file.mime.partition("/")[2].removeprefix("x-").replace("subrip", "srt") if shown else "bin"
    return f'{kind}; filename="{file.sha256[:12]}.{ending}"'
