"""Reads which characters a TrueType or OpenType font has glyphs for."""

import struct
from collections.abc import Iterator


def characters(font: bytes) -> frozenset[int]:
    """The code points that the font maps to a glyph other than `.notdef`.

    Reads the Unicode subtables of formats 4 and 12 of the `cmap` table, which between them cover every
    font made for text (OpenType specification 1.9, "cmap"). Raises ValueError where there is none.
    """
    try:
        start = table(font, b"cmap")
        points: set[int] = set()
        for offset in _unicode_subtables(font, start):
            points.update(_mapped(font, offset))
    except struct.error as broken:
        raise ValueError("the font's cmap table is cut short") from broken
    if not points:
        raise ValueError("the font maps no Unicode characters")
    return frozenset(points)


def table(font: bytes, tag: bytes) -> int:
    """Where a table of a font begins. Raises ValueError where it has none."""
    (count,) = struct.unpack_from(">H", font, 4)
    for record in range(count):
        name, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * record)
        if name == tag:
            return int(offset)
    raise ValueError(f"the font has no {tag.decode()} table")


def _unicode_subtables(font: bytes, start: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">H", font, start + 2)
    for record in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * record)
        if platform == 0 or (platform == 3 and encoding in (1, 10)):
            yield start + offset


def _mapped(font: bytes, offset: int) -> Iterator[int]:
    (form,) = struct.unpack_from(">H", font, offset)
    if form == 4:
        yield from _segments(font, offset)
    elif form == 12:
        (groups,) = struct.unpack_from(">I", font, offset + 12)
        for group in range(groups):
            first, last, glyph = struct.unpack_from(">III", font, offset + 16 + 12 * group)
            yield from (point for point in range(first, last + 1) if glyph + point - first)


def _segments(font: bytes, offset: int) -> Iterator[int]:
    (doubled,) = struct.unpack_from(">H", font, offset + 6)
    shape = f">{doubled // 2}H"
    lasts = struct.unpack_from(shape, font, offset + 14)
    firsts = struct.unpack_from(shape, font, offset + 16 + doubled)
    deltas = struct.unpack_from(shape, font, offset + 16 + 2 * doubled)
    ranges_at = offset + 16 + 3 * doubled
    ranges = struct.unpack_from(shape, font, ranges_at)
    for index, (first, last, delta, span) in enumerate(zip(firsts, lasts, deltas, ranges, strict=True)):
        for point in range(first, last + 1):
            if point == 0xFFFF:
                continue
            glyph = point
            if span:
                (glyph,) = struct.unpack_from(">H", font, ranges_at + 2 * index + span + 2 * (point - first))
                if glyph == 0:
                    continue
            if (glyph + delta) & 0xFFFF:
                yield point
