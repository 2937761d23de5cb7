"""What is sent of a file to who may have it already, or wants a part of it (RFC 9110, 13 and 14)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True)
class Piece:
    """The bytes from `start` to before `end` with the status and headers that tell of them."""

    status: int
    headers: Mapping[str, str]
    start: int = 0
    end: int = 0


def piece(asked: Mapping[str, str], tag: str, size: int) -> Piece:
    """The file of `size` bytes whose content `tag` names, with its quotation marks: all of it (200), a part
    (206), nothing new (304), or no such part (416). `asked`: the request's headers, in lower case."""
    if _names(asked.get("if-none-match", ""), tag):
        return Piece(304, {})
    found = _RANGE.fullmatch(asked.get("range", "").strip())
    if found is None or found[0] == "bytes=-" or asked.get("if-range", tag) != tag:
        return Piece(200, {"Content-Length": str(size)}, 0, size)
    start, end = _part(found[1], found[2], size)
    if start >= end:
        return Piece(416, {"Content-Range": f"bytes */{size}"})
    headers = {"Content-Range": f"bytes {start}-{end - 1}/{size}", "Content-Length": str(end - start)}
    return Piece(206, headers, start, end)


def _part(first: str, last: str, size: int) -> tuple[int, int]:
    """The part as from … to before …; empty where there is none."""
    if not first:
        return max(size - int(last), 0), size
    end = min(int(last) + 1, size) if last else size
    return int(first), end


def _names(tags: str, tag: str) -> bool:
    return any(one.strip().removeprefix("W/") in (tag, "*") for one in tags.split(","))
