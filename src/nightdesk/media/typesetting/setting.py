"""Sets text in type: which run of which font goes where on a line, and how lines stand under each other."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from PIL import ImageFont

from nightdesk.media.typesetting.runs import Run, in_visual_order, reads_right_to_left
from nightdesk.media.typesetting.typefaces import JOINERS, Family, Shelf, clusters

LONGEST = 600
"""Characters of a text that are looked at; a card shows far fewer."""

_CLEAR = 0.06
_CURSIVE = ("ARABIC", "SYRIAC", "NKO", "MONGOLIAN", "DEVANAGARI", "BENGALI", "GURMUKHI")


@dataclass(frozen=True)
class Style:
    """How text looks; `leading` is the least distance of baselines and `tracking` the extra space, in ems."""

    family: Family = "sans"
    weight: int = 700
    leading: float = 1.12
    tracking: float = 0.0


@dataclass(frozen=True)
class Piece:
    """A run and the distance of its left edge from the line's."""

    run: Run
    x: float


@dataclass(frozen=True)
class Line:
    """One set line; `ink` is (left, top, right, bottom) from the left end of its baseline, in pixels."""

    text: str
    pieces: tuple[Piece, ...]
    width: float
    ink: tuple[float, float, float, float]


@dataclass(frozen=True)
class Block:
    """Set lines and their baselines, measured from the top of the block's ink."""

    lines: tuple[Line, ...]
    baselines: tuple[float, ...]
    size: int
    style: Style
    truncated: bool = False

    @property
    def width(self) -> float:
        return max((line.ink[2] - line.ink[0] for line in self.lines), default=0.0)

    @property
    def height(self) -> float:
        return self.baselines[-1] + self.lines[-1].ink[3] if self.lines else 0.0


class Setter:
    """Sets the text of one card, in one language; `rtl` is the way the card as a whole is read.

    With a `family` all of it is set in that one, whatever its style says.
    """

    def __init__(self, shelf: Shelf, language: str, rtl: bool = False, family: Family | None = None) -> None:
        self.shelf = shelf
        self.family = family
        self.language = language
        self.rtl = rtl
        self._fonts: dict[tuple[int, int, int], ImageFont.FreeTypeFont] = {}
        self._lines: dict[tuple[str, Style, int, bool], Line] = {}
        primary = re.match(r"[a-z]{2,3}(?![a-z])", language.lower())
        self.tag = primary[0] if primary and shelf.shaping else None

    def font(self, place: int, size: int, weight: int) -> ImageFont.FreeTypeFont:
        key = (place, size, weight)
        if key not in self._fonts:
            self._fonts[key] = self.shelf.faces[place].opened(size, weight, self.shelf.shaping)
        return self._fonts[key]

    def line(self, text: str, style: Style, size: int, rtl: bool | None = None) -> Line:
        """`text` on one line, `size` pixels an em; `rtl` is its paragraph's direction, by default its own."""
        direction = reads_right_to_left(text) if rtl is None else rtl
        key = (text, style, size, direction)
        if key not in self._lines:
            self._lines[key] = self._set(text, style, size, direction)
        return self._lines[key]

    def width(self, text: str, style: Style, size: int) -> float:
        """How far `text` on one line advances, in pixels; its ink may reach a little further."""
        runs = self._runs(text, style, reads_right_to_left(text))
        spaces = style.tracking * size * (len(runs) if len(runs) > 1 else 0)
        return spaces + sum(self._advance(run, style, size) for run in runs)

    def direction(self, run: Run) -> Literal["ltr", "rtl"] | None:
        """What Pillow has to be told of the run's direction; nothing without raqm."""
        if not self.shelf.shaping:
            return None
        return "rtl" if run.rtl else "ltr"

    def written(self, run: Run) -> str:
        """The run's characters as Pillow has to be given them: without raqm, in the order of the screen."""
        if self.shelf.shaping or not run.rtl:
            return run.text
        return "".join(_mirrored(cluster) for cluster in reversed(clusters(run.text)))

    def block(self, texts: list[str], style: Style, size: int, rtl: bool | None = None) -> Block:
        """Lines under each other, far enough apart that no ink touches."""
        lines = tuple(self.line(text, style, size, rtl) for text in texts)
        baselines: list[float] = []
        for index, line in enumerate(lines):
            if index == 0:
                baselines.append(-line.ink[1])
                continue
            needed = lines[index - 1].ink[3] - line.ink[1] + _CLEAR * size
            baselines.append(baselines[-1] + max(size * style.leading, needed))
        return Block(lines, tuple(baselines), size, style)

    def _set(self, text: str, style: Style, size: int, rtl: bool) -> Line:
        runs = self._runs(text, style, rtl)
        pieces: list[Piece] = []
        inks: list[tuple[float, float, float, float]] = []
        x = 0.0
        for run in runs:
            font = self.font(run.font, size, style.weight)
            written, direction = self.written(run), self.direction(run)
            left, top, right, bottom = font.getbbox(written, "", direction, None, self.tag, anchor="ls")
            inks.append((x + left, top, x + right, bottom))
            pieces.append(Piece(run, x))
            x += self._advance(run, style, size)
            x += style.tracking * size if len(runs) > 1 else 0.0
        return Line(text, tuple(pieces), x, _around(inks))

    def _runs(self, text: str, style: Style, rtl: bool) -> list[Run]:
        family = self.family or style.family
        runs = in_visual_order(text, lambda part: self.shelf.fonts_of(part, family), rtl)
        if style.tracking and not _joined(text):
            return [Run(part, run.rtl, run.font) for run in runs for part in clusters(run.text)]
        return runs

    def _advance(self, run: Run, style: Style, size: int) -> float:
        font = self.font(run.font, size, style.weight)
        return font.getlength(self.written(run), "", self.direction(run), None, self.tag)


def _around(inks: list[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    if not inks:
        return (0.0, 0.0, 0.0, 0.0)
    lefts, tops, rights, bottoms = zip(*inks, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))


def tidied(text: str, shelf: Shelf) -> tuple[str, set[str]]:
    """The text as it can be set, and the letters and digits in it that no font has.

    Control characters go, spaces run together, and signs without a glyph (emoji, mostly) are left out.
    """
    text = unicodedata.normalize("NFC", text[: 4 * LONGEST])
    kept = "".join(
        " " if char in "\t\n\r\v\f\u2028\u2029\x85" else char
        for char in text
        if char in JOINERS or char in "\t\n\r\v\f\x85" or not unicodedata.category(char).startswith("C")
    )
    missing = shelf.missing(kept)
    lost = {char for char in missing if unicodedata.category(char)[0] in "LN"}
    shown = "".join(char for char in kept if char not in missing)
    shown = re.sub(r"(?<!\w)[\u200d\ufe0e\ufe0f]+|[\ufe0e\ufe0f]", "", shown)
    return re.sub(r" {2,}", " ", shown).strip()[:LONGEST], lost


def _joined(text: str) -> bool:
    return any(unicodedata.name(char, "").startswith(_CURSIVE) for char in text)


def _mirrored(cluster: str) -> str:
    pairs = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
    return cluster.translate(pairs) if unicodedata.mirrored(cluster[0]) else cluster
