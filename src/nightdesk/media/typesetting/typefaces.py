"""The fonts of cards and captions: which there are, what they cover, and which one sets which character."""

import unicodedata
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Literal

from PIL import ImageFont, features

from nightdesk.media.typesetting.coverage import characters

Family = Literal["sans", "serif"]

SHIPPED = Path(__file__).parent / "fonts"
JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f\u034f")
SHAPED = frozenset(
    {"ARABIC", "SYRIAC", "NKO", "MONGOLIAN", "TIBETAN", "MYANMAR", "KHMER", "DEVANAGARI", "BENGALI"}
    | {"GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA"}
)
"""Scripts whose letters join or change places, which takes a shaping engine (HarfBuzz through raqm)."""


@dataclass(frozen=True)
class Face:
    """One font file; `family` is None where it serves both families."""

    path: Path
    family: Family | None = None
    variable: bool = False

    @cached_property
    def content(self) -> bytes:
        return self.path.read_bytes()

    @cached_property
    def covered(self) -> frozenset[int]:
        return characters(self.content)

    def opened(self, size: int, weight: int, shaping: bool) -> ImageFont.FreeTypeFont:
        """The font at `size` pixels an em; `weight` (100 to 900) counts where the font is variable."""
        engine = ImageFont.Layout.RAQM if shaping else ImageFont.Layout.BASIC
        font = ImageFont.truetype(BytesIO(self.content), size, layout_engine=engine)
        if self.variable:
            font.set_variation_by_axes([weight])
        return font


SHIPPED_FACES = (
    Face(SHIPPED / "InterDisplay.var.ttf", "sans", variable=True),
    Face(SHIPPED / "SourceSerif4-Bold.ttf", "serif"),
    Face(SHIPPED / "NotoSansArabic-Bold.ttf"),
    Face(SHIPPED / "NotoSansHebrew-Bold.ttf"),
    Face(SHIPPED / "NotoSansDevanagari-Bold.ttf"),
    Face(SHIPPED / "NotoSansCJK-Bold.otf"),
)


CAPTION_FACES = (Face(SHIPPED / "InterDisplay-ExtraBold.ttf", "sans"), *SHIPPED_FACES[2:])
"""What captions are set in: a heavy one of each script, none variable: libass knows no weights of those.

InterDisplay-ExtraBold is InterDisplay.var at the weight 800, under the same licence."""


class Shelf:
    """The shipped fonts and those of one folder more, in the order in which they are asked for a glyph.

    Without raqm in Pillow, letters of scripts that need shaping count as not covered: a card without
    words is better than one whose words fall apart.
    """

    def __init__(
        self,
        more: Path | None = None,
        shaping: bool | None = None,
        shipped: tuple[Face, ...] = SHIPPED_FACES,
    ) -> None:
        """`more`: a folder of .ttf and .otf files. Raises ValueError, naming the file, if one is no font."""
        self.shaping: bool = bool(features.check("raqm")) if shaping is None else shaping
        added = (
            sorted(path for path in more.iterdir() if path.suffix.lower() in (".ttf", ".otf")) if more else []
        )
        self.faces = (*shipped, *(Face(path) for path in added))
        for face in self.faces[len(shipped) :]:
            try:
                _ = face.covered
            except ValueError as why:
                raise ValueError(f"{face.path.name} cannot be used as a font: {why}") from why

    def fonts_of(self, text: str, family: Family) -> list[int]:
        """For each character the place of the face that sets it; whole clusters get one face."""
        places: list[int] = []
        for cluster in clusters(text):
            stays = bool(places) and not cluster[0].isalpha() and self._has(places[-1], cluster)
            place = places[-1] if stays else self._place(cluster, family)
            places += [place] * len(cluster)
        return places

    def missing(self, text: str) -> set[str]:
        """The characters that no face can set, joiners and spaces left aside."""
        return {
            char
            for char in text
            if not (
                char.isspace() or char in JOINERS or any(self._has(at, char) for at in range(len(self.faces)))
            )
        }

    def _place(self, cluster: str, family: Family) -> int:
        order = self._order(family)
        whole = (place for place in order if self._has(place, cluster))
        part = (place for place in order if self._has(place, cluster[0]))
        return next(whole, next(part, order[0]))

    def _order(self, family: Family) -> list[int]:
        ranks = {family: 0, None: 2}
        return sorted(range(len(self.faces)), key=lambda place: ranks.get(self.faces[place].family, 1))

    def _has(self, place: int, cluster: str) -> bool:
        covered = self.faces[place].covered
        return all(char in JOINERS or (ord(char) in covered and self._may_set(char)) for char in cluster)

    def _may_set(self, char: str) -> bool:
        return self.shaping or unicodedata.name(char, "").split(" ")[0] not in SHAPED


def clusters(text: str) -> list[str]:
    """What a reader takes for one character each: a base with its marks and joiners."""
    found: list[str] = []
    for char in text:
        joined = bool(found) and found[-1][-1] == "\u200d"
        if found and (joined or char in JOINERS or unicodedata.category(char).startswith("M")):
            found[-1] += char
        else:
            found.append(char)
    return found
