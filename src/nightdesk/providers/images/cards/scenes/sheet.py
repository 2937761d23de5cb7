"""The sheet that a scene's art is drawn on: shapes with smooth edges, and the line that art stays under."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from nightdesk.media.colours import Colour

_FINE = 2
"""How many times larger shapes are drawn before they are scaled down."""

Points = Sequence[tuple[float, float]]
Line = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Heights in pixels at places across the sheet in pixels."""


class Sheet:
    """Art in the making, in pixels of the picture, drawn from the start side; mirrored later where need be.

    Type stands at the start above `floor(x)`; beyond `edge` pixels from the start art may rise.
    """

    def __init__(
        self, size: tuple[int, int], ground: Colour, type_end: tuple[float, float], rise: float
    ) -> None:
        """`type_end`: the far lower corner of where type stands; `rise`: how high art may reach behind it."""
        self.width, self.height = size
        self.short, self.tall = min(size), size[1] > size[0]
        self._end, self._rise = type_end, rise
        self._image = Image.new("RGB", (size[0] * _FINE, size[1] * _FINE), ground)
        self._draw = ImageDraw.Draw(self._image)

    def floor(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """The highest that art reaches at each place: under the type, and higher up beside it."""
        edge, bottom = self._end
        if self._rise >= bottom:
            return np.full(x.shape, bottom)
        share = np.clip((x - edge) / max(self.width - edge, 1), 0, 1)
        return bottom + (self._rise - bottom) * share**2 * (3 - 2 * share)

    def floor_at(self, x: float) -> float:
        return float(self.floor(np.array([x]))[0])

    def room(self, x: float, y: float) -> float:
        """How far art may reach around a place under the type or behind it."""
        edge, bottom = self._end
        return float(np.hypot(max(x - edge, 0), max(y - bottom, 0)))

    def below(self, line: Line, colour: Colour) -> None:
        """Fills everything under a line."""
        xs = np.linspace(0, self.width, 240)
        points = list(zip(xs.tolist(), line(xs).tolist(), strict=True))
        self.polygon([*points, (self.width, self.height), (0, self.height)], colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        box = [side * _FINE for side in (x - radius, y - radius, x + radius, y + radius)]
        self._draw.ellipse(box, fill=colour)

    def slice(self, x: float, y: float, radius: float, turn: tuple[float, float], colour: Colour) -> None:
        """A pie's slice from one angle to another, in degrees clockwise from three o'clock."""
        box = [side * _FINE for side in (x - radius, y - radius, x + radius, y + radius)]
        self._draw.pieslice(box, *turn, fill=colour)

    def polygon(self, points: Points, colour: Colour) -> None:
        self._draw.polygon([(x * _FINE, y * _FINE) for x, y in points], fill=colour)

    def bar(self, box: tuple[float, float, float, float], colour: Colour, radius: float = 0) -> None:
        """A rectangle (left, top, right, bottom), its upper corners rounded."""
        left, top, right, bottom = (round(side * _FINE) for side in box)
        if right <= left or bottom <= top:
            return
        self._draw.rounded_rectangle(
            (left, top, right - 1, bottom - 1),
            min(radius * _FINE, (bottom - top) / 2),
            fill=colour,
            corners=(True, True, False, False),
        )

    def finished(self) -> Image.Image:
        return self._image.reduce(_FINE)
