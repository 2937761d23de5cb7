"""The three ways in which frame, title and brand share a thumbnail, in each shape."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nightdesk.media.area import Area
from nightdesk.media.colours import READABLE, VISIBLE, WHITE, Colour, contrast, readable, with_lightness
from nightdesk.media.thumbnails.sheet import Sheet
from nightdesk.media.thumbnails.wanted import Livery, Variant
from nightdesk.media.typesetting.fitting import Box, fitted
from nightdesk.media.typesetting.setting import Block, Style

TITLE, SERIF = Style(weight=800, leading=1.06), Style(family="serif", leading=1.1)
NAME = Style(weight=650)
_DEEP = 0.24
"""Oklab lightness of the brand's colour as a ground under white letters."""


@dataclass(frozen=True)
class Words:
    """What is set: the title in few words, the site's name; `smallest` pixels an em that can be read."""

    title: str
    name: str
    smallest: int


@dataclass(frozen=True)
class Set:
    """How the title came out: its block, and its contrast."""

    block: Block | None
    contrast: float


Pixels = NDArray[np.uint8]
Layout = Callable[[Sheet, Pixels, Words, Livery], Set]


def panel(sheet: Sheet, frame: Pixels, words: Words, livery: Livery) -> Set:
    """The frame on one side, the title on a plain panel of the brand's colour on the other."""
    ground = sheet.palette.primary
    wide, tall = _wide(sheet), _tall(sheet)
    edge = 0.56 if wide else 0.54 if tall else 0.46
    if wide:
        seen, plain = (
            Area(sheet.width * edge, 0, sheet.width, sheet.height),
            Area(0, 0, sheet.width * edge, sheet.height),
        )
    else:
        seen = Area(0, 0, sheet.width, sheet.height * edge)
        plain = Area(0, sheet.height * edge, sheet.width, sheet.height)
    sheet.fill(plain, ground)
    sheet.show(frame, seen)
    rule = _unit(sheet) * 0.014
    accent = sheet.palette.accent_on(ground, VISIBLE)
    if wide:
        sheet.fill(Area(plain.right - rule, 0, plain.right, sheet.height), accent)
    else:
        sheet.fill(Area(0, plain.top, sheet.width, plain.top + rule), accent)
    return _worded(sheet, _within(sheet, plain), words, livery, sheet.palette.text_on(ground), accent)


def fade(sheet: Sheet, frame: Pixels, words: Words, livery: Livery) -> Set:
    """The frame melts into the brand's colour, darkened, on which the title stands."""
    deep = _deep(sheet.palette.primary)
    whole = Area(0, 0, sheet.width, sheet.height)
    sheet.fill(whole, deep)
    if _wide(sheet):
        sheet.show(frame, whole)
        sheet.shade(whole, deep, [(0, 0.97), (0.50, 0.93), (0.78, 0.25), (1, 0)], across=True)
        room = Area(0, 0, sheet.width * 0.62, sheet.height)
    else:
        seen = Area(0, 0, sheet.width, sheet.height * (0.62 if _tall(sheet) else 1.0))
        sheet.show(frame, seen)
        points = [(0, 0.0), (0.42, 0.12), (0.80, 0.97), (1, 1.0)]
        if not _tall(sheet):
            points = [(0, 0.0), (0.20, 0.10), (0.50, 0.93), (1, 0.97)]
        sheet.shade(seen, deep, points, across=False)
        room = Area(0, sheet.height * (0.50 if _tall(sheet) else 0.44), sheet.width, sheet.height)
    accent = readable(sheet.palette.accent, deep, WHITE, least=VISIBLE)
    return _worded(sheet, _within(sheet, room), words, livery, WHITE, accent, low=True)


def inset(sheet: Sheet, frame: Pixels, words: Words, livery: Livery) -> Set:
    """The title on the brand's paper, the frame in a rounded window beside or below it."""
    paper = sheet.palette.paper
    sheet.fill(Area(0, 0, sheet.width, sheet.height), paper)
    margin, round_ = _margin(sheet), _unit(sheet) * 0.05
    if _wide(sheet):
        sheet.show(
            frame, Area(sheet.width * 0.61, margin, sheet.width - margin, sheet.height - margin), round_
        )
        room = Area(0, 0, sheet.width * 0.60, sheet.height)
    else:
        start = 0.50 if _tall(sheet) else 0.53
        end = sheet.height * 0.89 if _tall(sheet) else sheet.height - margin
        sheet.show(frame, Area(margin, sheet.height * start, sheet.width - margin, end), round_)
        room = Area(0, 0, sheet.width, sheet.height * start)
    ink = sheet.palette.text_on(paper)
    return _worded(sheet, _within(sheet, room), words, livery, ink, sheet.palette.accent_on(paper, VISIBLE))


def wordless(sheet: Sheet, frame: Pixels, words: Words, livery: Livery) -> Set:
    """The frame alone, with the name at its foot, where no font can set the title."""
    deep = _deep(sheet.palette.primary)
    whole = Area(0, 0, sheet.width, sheet.height)
    sheet.show(frame, whole)
    start = 0.60 if _tall(sheet) else 0.55
    sheet.shade(whole, deep, [(0, 0), (start, 0), (0.84, 0.92), (1, 0.97)], across=False)
    accent = readable(sheet.palette.accent, deep, WHITE, least=VISIBLE)
    return _worded(sheet, _within(sheet, whole), words, livery, WHITE, accent)


LAYOUTS: Mapping[Variant, Layout] = {"panel": panel, "fade": fade, "inset": inset}


def _worded(
    sheet: Sheet,
    room: Area,
    words: Words,
    livery: Livery,
    ink: Colour,
    accent: Colour,
    low: bool = False,
) -> Set:
    """Title and name in an area; the title gets all the room that the name leaves. `low`: it hangs low."""
    bottom = _signed(sheet, room, words, livery, ink, accent)
    if not words.title:
        return Set(None, 21.0)
    box = Box(room.width, bottom - room.top, round(_unit(sheet) * 0.20), words.smallest, most_lines=5)
    block = fitted(sheet.setter, words.title, SERIF if livery.typeface == "serif" else TITLE, box)
    free = bottom - room.top - block.height
    return Set(block, sheet.set(block, room.left, room.top + free * (1.0 if low else 0.45), ink))


def _signed(sheet: Sheet, room: Area, words: Words, livery: Livery, ink: Colour, accent: Colour) -> float:
    """Logo and name at the foot of an area; the height above them that is free."""
    high = _unit(sheet) * 0.062
    if not words.name and not livery.logo:
        return room.bottom
    top, left = room.bottom - high, room.left
    if livery.logo:
        left += sheet.logo(livery.logo, Area(left, top, left + room.width * 0.4, room.bottom)) + high * 0.35
    else:
        mark = Area(left, top + high * 0.24, left + high * 0.52, room.bottom - high * 0.24)
        sheet.fill(mark, accent, high * 0.14)
        left += high * 0.85
    if words.name:
        size = round(high * 0.62)
        box = Box(max(room.right - left, 1.0), high * 1.4, size, round(size * 0.6), 1)
        block = fitted(sheet.setter, words.name, NAME, box)
        sheet.set(block, left, top + (high - block.height) / 2, ink)
    return top - _unit(sheet) * 0.05


def _deep(colour: Colour) -> Colour:
    """A shade of a colour dark enough for white letters to stand on it with room to spare."""
    for lightness in (_DEEP, 0.2, 0.15, 0.1):
        shade = with_lightness(colour, lightness)
        if contrast(WHITE, shade) >= 2 * READABLE:
            return shade
    return (0, 0, 0)


def _within(sheet: Sheet, area: Area) -> Area:
    """The area without the margins; upright sheets keep clear of what grids cut off above and below 3:4."""
    margin = _margin(sheet)
    ends = sheet.height * 0.125 if _tall(sheet) else margin
    top, bottom = max(area.top + margin, ends), min(area.bottom - margin * 0.9, sheet.height - ends)
    return Area(area.left + margin, top, area.right - margin, bottom)


def _unit(sheet: Sheet) -> float:
    return float(min(sheet.width, sheet.height))


def _margin(sheet: Sheet) -> float:
    return round(_unit(sheet) * 0.07)


def _wide(sheet: Sheet) -> bool:
    return sheet.width > 1.2 * sheet.height


def _tall(sheet: Sheet) -> bool:
    return sheet.height > 1.5 * sheet.width
