"""Keeps XMP in PNG and JPEG files (XMP specification, part 3), leaving every pixel as it was encoded."""

import struct
import zlib
from collections.abc import Iterator

from nightdesk.kit.endings import Refused

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_KEYWORD = b"XML:com.adobe.xmp\0\0\0\0\0"
_EXIF = b"Exif\0\0"
_SPACE = b"http://ns.adobe.com/xap/1.0/\0"
_MOST_OF_A_SEGMENT = 0xFFFF - 2
_WITHOUT_LENGTH = frozenset(range(0xD0, 0xD8)) | {0x01}
_SCAN, _APP1, _APP0 = 0xDA, 0xE1, 0xE0


def xmp_in(content: bytes) -> bytes | None:
    """The packet of a picture; None where it has none or is neither PNG nor JPEG."""
    if content.startswith(PNG):
        texts = (data for kind, data in _chunks(content) if kind == b"iTXt" and data.startswith(_KEYWORD))
        return next((data[len(_KEYWORD) :] for data in texts), None)
    if content.startswith(JPEG):
        parts = (data for kind, data in _segments(content)[0] if kind == _APP1 and data.startswith(_SPACE))
        return next((data[len(_SPACE) :] for data in parts), None)
    return None


def with_xmp(content: bytes, packet: bytes) -> bytes:
    """The same picture with this packet in place of any other. Raises `Refused` for other formats."""
    if content.startswith(PNG):
        kept = [
            (kind, data)
            for kind, data in _chunks(content)
            if not (kind == b"iTXt" and data.startswith(_KEYWORD))
        ]
        return PNG + b"".join(map(_chunk, [kept[0], (b"iTXt", _KEYWORD + packet), *kept[1:]]))
    if content.startswith(JPEG):
        if len(_SPACE) + len(packet) > _MOST_OF_A_SEGMENT:
            raise Refused("the description is too long for a JPEG file")
        segments, picture = _segments(content)
        kept_segments = [(k, data) for k, data in segments if not (k == _APP1 and data.startswith(_SPACE))]
        # JFIF and Exif each want to be first; what reads them may look no further.
        at = next((i for i, (k, d) in enumerate(kept_segments) if k != _APP0 and not d.startswith(_EXIF)), 0)
        kept_segments.insert(at, (_APP1, _SPACE + packet))
        return b"\xff\xd8" + b"".join(_segment(*each) for each in kept_segments) + picture
    raise Refused("bad media: marks are put into PNG and JPEG pictures only")


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(PNG)
    while at + 12 <= len(content):
        (size,) = struct.unpack_from(">I", content, at)
        if at + 12 + size > len(content):
            break
        yield content[at + 4 : at + 8], content[at + 8 : at + 8 + size]
        at += 12 + size
    if at != len(content):
        raise Refused("bad media: the PNG file is cut short")


def _chunk(chunk: tuple[bytes, bytes]) -> bytes:
    kind, data = chunk
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _segments(content: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """The segments before the picture itself, and the rest of the file from there on."""
    found: list[tuple[int, bytes]] = []
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        kind = content[at + 1]
        if kind == _SCAN:
            return found, content[at:]
        if kind in _WITHOUT_LENGTH or kind == 0xFF:
            at += 1 if kind == 0xFF else 2
            continue
        (size,) = struct.unpack_from(">H", content, at + 2)
        found.append((kind, content[at + 4 : at + 2 + size]))
        at += 2 + size
    raise Refused("bad media: the JPEG file is cut short")


def _segment(kind: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, kind, len(data) + 2) + data
