"""The sheet a card is drawn on: margins, reading direction, and text put where it belongs."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from nightdesk.media.area import Area
from nightdesk.media.colours import Colour, Palette
from nightdesk.media.typesetting.fitting import Box, fitted
from nightdesk.media.typesetting.setting import Block, Setter, Style
from nightdesk.media.typesetting.writing import write

Align = Literal["start", "middle"]

LABEL = Style(weight=650, tracking=0.09)
NAME = Style(weight=650)

_UNCHANGED_WHEN_RAISED = ("tr", "az", "el", "lt", "ka")
"""Languages in which capitals are not simply upper-case letters."""


@dataclass(frozen=True)
class Words:
    """What a card says, tidied."""

    title: str
    kicker: str
    name: str


class Canvas:
    """A card in the making. Layouts speak of start and end; the canvas knows which side that is."""

    def __init__(
        self,
        size: tuple[int, int],
        words: Words,
        palette: Palette,
        setter: Setter,
        random: np.random.Generator,
    ) -> None:
        self.width, self.height = size
        self.words, self.palette, self.setter, self.random = words, palette, setter, random
        self.rtl = setter.rtl
        self.short = min(size)
        self.image = Image.new("RGB", size, palette.paper)
        self.tall = self.height > 1.5 * self.width
        self.margin = round(self.short * 0.085)
        self.inked: list[tuple[float, float, float, float]] = []

    @property
    def inner(self) -> Area:
        """The sheet within its margins; tall sheets keep clear of what apps lay over their ends."""
        ends = round(self.height * 0.11) if self.tall else self.margin
        return Area(self.margin, ends, self.width - self.margin, self.height - ends)

    def paint(self, picture: Image.Image, at: tuple[int, int] = (0, 0)) -> None:
        """Lays a picture down with its start corner at `at`, mirrored where text runs right to left."""
        if self.rtl:
            picture = ImageOps.mirror(picture)
            at = (self.width - at[0] - picture.width, at[1])
        self.image.paste(picture, at)

    def fill(self, area: Area, colour: Colour, radius: float = 0) -> None:
        left, right = self._across(area.left, area.right)
        box = (round(left), round(area.top), round(right) - 1, round(area.bottom) - 1)
        draw = ImageDraw.Draw(self.image)
        if radius:
            draw.rounded_rectangle(box, round(radius), fill=colour)
        else:
            draw.rectangle(box, fill=colour)

    def write(self, block: Block, x: float, y: float, colour: Colour, align: Align = "start") -> None:
        """Puts a block's ink with its top at `y` and its start edge (or its middle) at `x`."""
        draw = ImageDraw.Draw(self.image)
        for line, baseline in zip(block.lines, block.baselines, strict=True):
            left, top, right, bottom = line.ink
            if align == "middle":
                origin = (self.width - x if self.rtl else x) - (left + right) / 2
            else:
                origin = self.width - x - right if self.rtl else x - left
            self.inked.append((origin + left, y + baseline + top, origin + right, y + baseline + bottom))
            write(draw, self.setter, block, line, (origin, y + baseline), colour)

    def label(self, width: float) -> Block | None:
        """The kicker, in spaced capitals where its script and language have them."""
        kicker = self.words.kicker
        raised = kicker.upper()
        language = self.setter.language.lower().split("-")[0]
        if language not in _UNCHANGED_WHEN_RAISED and not self.setter.shelf.missing(raised):
            kicker = raised
        return self._small(kicker, LABEL, width, 0.033)

    def name(self, width: float) -> Block | None:
        return self._small(self.words.name, NAME, width, 0.036)

    def _small(self, text: str, style: Style, width: float, share: float) -> Block | None:
        if not text:
            return None
        size = max(round(self.short * share), 9)
        return fitted(self.setter, text, style, Box(width, size * 2.4, size, max(round(size * 0.7), 8), 1))

    def _across(self, left: float, right: float) -> tuple[float, float]:
        return (self.width - right, self.width - left) if self.rtl else (left, right)
