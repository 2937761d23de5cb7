"""Sends stored files: with a tag that names the content, in part where that is asked for (RFC 9110)."""

import re
from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol

from fastapi import Request
from starlette.responses import Response, StreamingResponse

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
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
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
    headers = {**SAFE, "ETag": tag, "Content-Disposition": _disposition(file)}
    mime = file.mime if file.mime in (*RASTER, *PLAYED) else "application/octet-stream"
    if _names(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    found = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if found is None or found[0] == "bytes=-" or request.headers.get("if-range", tag) != tag:
        headers["Content-Length"] = str(file.size)
        return StreamingResponse(read(0, file.size), 200, headers, mime)
    start, end = _part(found[1], found[2], file.size)
    if start >= end:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{file.size}"})
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    headers["Content-Length"] = str(end - start)
    return StreamingResponse(read(start, end), 206, headers, mime)


def _part(first: str, last: str, size: int) -> tuple[int, int]:
    """The part as from … to before …; empty where there is none."""
    if not first:
        return max(size - int(last), 0), size
    end = min(int(last) + 1, size) if last else size
    return int(first), end


def _names(tags: str, tag: str) -> bool:
    return any(one.strip().removeprefix("W/") in (tag, "*") for one in tags.split(","))


def _disposition(file: Stored) -> str:
    shown = file.mime in (*RASTER, *PLAYED)
    kind = "inline" if shown else "attachment"
    ending = file.mime.partition("/")[2].removeprefix("x-").replace("subrip", "srt") if shown else "bin"
    return f'{kind}; filename="{file.sha256[:12]}.{ending}"'
