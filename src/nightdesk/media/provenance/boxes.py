"""The boxes of an MP4 file (ISO/IEC 14496-12): finds those at its top, and keeps XMP in one of them.

XMP lies in a `uuid` box (XMP specification, part 3, "MPEG-4"). It is put behind all others: where samples lie
is written as their distance from the file's beginning, so nothing before it may move.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from nightdesk.kit.endings import Refused

XMP_ID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_HEAD, _LONG_HEAD, _ID = 8, 16, 16
_MOST = 10_000


@dataclass(frozen=True)
class Box:
    """A box at the top of a file: its type, where it begins, the bytes of its head and of all of it."""

    kind: bytes
    start: int
    head: int
    size: int


def boxes(file: BinaryIO) -> Iterator[Box]:
    """The boxes at the top. Raises `Refused` ("bad media: …") where they do not fill the file."""
    end = file.seek(0, os.SEEK_END)
    start = 0
    for _ in range(_MOST):
        if start == end:
            return
        file.seek(start)
        head = file.read(_LONG_HEAD)
        if len(head) < _HEAD:
            break
        size, kind = struct.unpack_from(">I4s", head)
        length = _HEAD
        if size == 1 and len(head) == _LONG_HEAD:
            (size,), length = struct.unpack_from(">Q", head, _HEAD), _LONG_HEAD
        elif size == 0:
            size = end - start
        if size < length or start + size > end:
            break
        yield Box(kind, start, length, size)
        start += size
    raise Refused("bad media: the file's boxes do not fit it")


def xmp_in(file: BinaryIO, largest: int) -> bytes | None:
    """The XMP packet of an MP4 file, the last if there are several."""
    found = None
    for box in boxes(file):
        if _holds_xmp(file, box) and box.size <= largest:
            file.seek(box.start + box.head + _ID)
            found = file.read(box.size - box.head - _ID)
    return found


def put_xmp(file: BinaryIO, packet: bytes) -> None:
    """Puts a packet into a file open for reading and writing; those it had are emptied or taken away."""
    known = list(boxes(file))
    if not known or known[0].kind != b"ftyp":
        raise Refused("bad media: this is no MP4 file")
    for box in known:
        if _holds_xmp(file, box):
            file.seek(box.start + 4)
            file.write(b"free")
    last = known[-1]
    if _holds_nothing(file, last):
        file.truncate(last.start)
    elif last.head == _HEAD and last.size < 1 << 32:
        # A size of nought means "up to the end of the file", which it will be no longer.
        file.seek(last.start)
        file.write(struct.pack(">I", last.size))
    file.seek(0, os.SEEK_END)
    file.write(struct.pack(">I4s", _HEAD + _ID + len(packet), b"uuid") + XMP_ID + packet)


def _holds_xmp(file: BinaryIO, box: Box) -> bool:
    if box.kind != b"uuid" or box.size < box.head + _ID:
        return False
    file.seek(box.start + box.head)
    return file.read(_ID) == XMP_ID


def _holds_nothing(file: BinaryIO, box: Box) -> bool:
    file.seek(box.start + 4)
    return file.read(4) == b"free"
