"""The sheet that a thumbnail is drawn on: places read from the start of a line, pictures, shades and type."""

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageOps

from nightdesk.media.area import Area
from nightdesk.media.colours import Colour, Palette, linear, luminance
from nightdesk.media.planes import opened
from nightdesk.media.typesetting.setting import Block, Setter
from nightdesk.media.typesetting.writing import write

_WORST = 2.0
"""Per cent of the pixels behind letters that may be worse than the contrast that is told."""

_NEAR = 0.10
"""Ems around letters that count as behind them."""


class Sheet:
    """A thumbnail in the making."""

    def __init__(self, size: tuple[int, int], palette: Palette, setter: Setter) -> None:
        self.width, self.height = size
        self.palette, self.setter = palette, setter
        self.image = Image.new("RGB", size, palette.primary)

    def show(self, pixels: NDArray[np.uint8], area: Area, radius: float = 0) -> None:
        """A picture that fills an area, its middle kept, with round corners if wanted."""
        left, top, right, bottom = self._box(area)
        size = (right - left, bottom - top)
        picture = ImageOps.fit(Image.fromarray(pixels), size, Image.Resampling.LANCZOS)
        if not radius:
            self.image.paste(picture, (left, top))
            return
        # Drawn four times as large, so that the corners come out smooth.
        mask = Image.new("L", (size[0] * 4, size[1] * 4))
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, *mask.size), radius * 4, fill=255)
        self.image.paste(picture, (left, top), mask.resize(size, Image.Resampling.LANCZOS))

    def fill(self, area: Area, colour: Colour, radius: float = 0) -> None:
        left, top, right, bottom = self._box(area)
        box = (left, top, right - 1, bottom - 1)
        ImageDraw.Draw(self.image).rounded_rectangle(box, radius, fill=colour)

    def shade(self, area: Area, colour: Colour, shares: Sequence[tuple[float, float]], across: bool) -> None:
        """Lays a colour over an area, its opacity along it given by points (place, opacity), each 0 to 1.

        `across`: from the start of a line to its end, else from top to bottom.
        """
        left, top, right, bottom = self._box(area)
        steps = right - left if across else bottom - top
        places, opacities = zip(*shares, strict=True)
        line = np.interp(np.linspace(0, 1, steps), places, opacities) * 255
        if across and self.setter.rtl:
            line = line[::-1]
        mask = np.broadcast_to(line if across else line[:, None], (bottom - top, right - left))
        cover = Image.fromarray(mask.round().astype(np.uint8))
        self.image.paste(Image.new("RGB", cover.size, colour), (left, top), cover)

    def logo(self, content: bytes, area: Area) -> float:
        """A logo as high as an area, at its start, no wider than it; says how wide it came out."""
        found = opened(content).convert("RGBA")
        share = min(area.height / found.height, area.width / found.width)
        size = (max(1, round(found.width * share)), max(1, round(found.height * share)))
        scaled = found.resize(size, Image.Resampling.LANCZOS)
        left, top, _, _ = self._box(Area(area.left, area.top, area.left + size[0], area.bottom))
        self.image.paste(scaled, (left, top + round((area.height - size[1]) / 2)), scaled)
        return float(size[0])

    def set(self, block: Block, x: float, y: float, colour: Colour) -> float:
        """Type with the top of its ink at `y`, its start at `x`; says its contrast to what was there."""
        letters = Image.new("L", self.image.size)
        ink = ImageDraw.Draw(letters)
        for line, baseline in zip(block.lines, block.baselines, strict=True):
            left, _, right, _ = line.ink
            origin = self.width - x - right if self.setter.rtl else x - left
            write(ink, self.setter, block, line, (origin, y + baseline), 255)
        found = self._contrast(letters, colour, block.size)
        self.image.paste(Image.new("RGB", self.image.size, colour), (0, 0), letters)
        return found

    def _contrast(self, letters: Image.Image, colour: Colour, size: int) -> float:
        """WCAG's ratio of a colour to nearly the worst of the pixels in and around some letters."""
        box = letters.getbbox()
        if box is None:
            return 21.0
        import cv2  # noqa: PLC0415

        reach = max(1, round(size * _NEAR))
        around = (max(box[0] - reach, 0), max(box[1] - reach, 0), box[2] + reach, box[3] + reach)
        near = cv2.dilate(np.asarray(letters.crop(around)), np.ones((reach, reach), np.uint8)) > 127
        behind = np.asarray(self.image.crop(around), dtype=np.float64)[near]
        light = linear(behind / 255) @ np.array([0.2126, 0.7152, 0.0722])
        own = luminance(colour)
        ratios = (np.maximum(light, own) + 0.05) / (np.minimum(light, own) + 0.05)
        return float(np.percentile(ratios, _WORST))

    def saved(self, most: int) -> bytes:
        """The sheet as JPEG of the best quality that stays below so many bytes."""
        for quality in (92, 86, 78, 68):
            out = BytesIO()
            self.image.save(out, "JPEG", quality=quality, subsampling=0, optimize=True, progressive=True)
            if out.tell() <= most:
                break
        return out.getvalue()

    def _box(self, area: Area) -> tuple[int, int, int, int]:
        left, right = (
            (self.width - area.right, self.width - area.left) if self.setter.rtl else (area.left, area.right)
        )
        return round(left), round(area.top), round(right), round(area.bottom)
