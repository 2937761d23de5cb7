"""How wide text is in the fonts of captions, and which font sets which part of it."""

import struct
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path

from PIL import ImageFont

from nightdesk.media.typesetting.coverage import table
from nightdesk.media.typesetting.typefaces import CAPTION_FACES, JOINERS, Face, Shelf

_TRIAL = 100
"""Pixels an em at which widths are measured, to be scaled from."""


@dataclass(frozen=True)
class Run:
    """Neighbouring characters of one font: an index into the shelf's faces."""

    text: str
    face: int


class Lettering:
    """The fonts of captions: those that ship, and those of one folder more."""

    def __init__(self, more: Path | None = None) -> None:
        """`more`: a folder of .ttf and .otf files. Raises ValueError where one of them is none."""
        # libass brings a shaping engine of its own, whatever Pillow can do.
        self._shelf = Shelf(more, shaping=True, shipped=CAPTION_FACES)
        self._fonts: dict[int, Font] = {}
        self._widths: dict[str, float] = {}
        self._runs: dict[str, tuple[Run, ...]] = {}

    def runs(self, text: str) -> tuple[Run, ...]:
        """The text in parts of one font each, without what no font has."""
        # Captions set each word again for every word that is said beside it.
        if text not in self._runs:
            self._runs[text] = tuple(self._parted(text))
        return self._runs[text]

    def _parted(self, text: str) -> list[Run]:
        lacking = self.missing(text)
        shown = "".join(char for char in text if char not in lacking)
        faces = self._shelf.fonts_of(shown, "sans")
        pairs = zip(shown, faces, strict=True)
        return [Run("".join(c for c, _ in part), face) for face, part in groupby(pairs, lambda pair: pair[1])]

    def missing(self, text: str) -> set[str]:
        """The characters that no font has; where none is left but joiners, those too."""
        lacking = self._shelf.missing(text)
        return lacking | set(text) if all(c in lacking or c in JOINERS for c in text) else lacking

    def width(self, text: str, em: float) -> float:
        """Pixels that a piece of text takes on one line at so many pixels an em."""
        if text not in self._widths:
            self._widths[text] = sum(
                self.font(run.face).opened.getlength(run.text) for run in self.runs(text)
            )
        return self._widths[text] * em / _TRIAL

    def font(self, face: int) -> "Font":
        if face not in self._fonts:
            self._fonts[face] = Font(self._shelf.faces[face])
        return self._fonts[face]


class Font:
    """One font as libass needs it named and sized."""

    def __init__(self, face: Face) -> None:
        self.path = face.path
        self._face = face

    @cached_property
    def opened(self) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(str(self.path), _TRIAL)

    @cached_property
    def name(self) -> str:
        """Its family, without what would end a name in a style's line or an override."""
        return "".join(char for char in str(self.opened.getname()[0]) if char not in ",{}\\\n")

    @cached_property
    def bold(self) -> bool:
        return "bold" in str(self.opened.getname()[1]).lower()

    @cached_property
    def a_line(self) -> float:
        """What ASS takes for a font's size, by the pixels of an em.

        libass sizes a font by usWinAscent + usWinDescent of its OS/2 table (OpenType 1.9), as the renderer
        did for which the format was made.
        """
        content = self._face.content
        (units,) = struct.unpack_from(">H", content, table(content, b"head") + 18)
        rises, falls = struct.unpack_from(">HH", content, table(content, b"OS/2") + 74)
        return float(rises + falls) / float(units)
