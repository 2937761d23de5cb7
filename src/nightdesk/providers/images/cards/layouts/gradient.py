"""The headline over a soft gradient in the brand's colours, dark enough for white to be read on."""

import numpy as np

from nightdesk.media.area import Area
from nightdesk.media.colours import WHITE, Colour, contrast, mixed, with_lightness
from nightdesk.providers.images.cards.art import mesh
from nightdesk.providers.images.cards.canvas import Canvas
from nightdesk.providers.images.cards.lettering import SERIF, Look, compose

_DARKEST, _STEP = 0.56, 0.03


def gradient(canvas: Canvas) -> None:
    """White words on primary and accent, each darkened until white on it reaches 4.5."""
    palette, inner = canvas.palette, canvas.inner
    deep, warm = _under_white(palette.primary), _under_white(palette.accent)
    colours = [deep, warm, mixed(deep, warm, 0.5), mixed(deep, (0, 0, 0), 0.45), deep]
    canvas.paint(mesh((canvas.width, canvas.height), colours, canvas.random))
    look = Look(ink=WHITE, small=_under(WHITE, warm), mark=WHITE, style=SERIF, anchor="bottom", largest=0.155)
    area = Area(inner.left, inner.top, inner.right - inner.width * 0.04, inner.bottom)
    compose(canvas, area, look)


def _under_white(colour: Colour) -> Colour:
    lightness = _DARKEST
    shade = with_lightness(colour, min(lightness, _lightness(colour)))
    while contrast(WHITE, shade) < 5.2 and lightness > 0.05:
        lightness -= _STEP
        shade = with_lightness(colour, min(lightness, _lightness(colour)))
    return shade


def _under(ink: Colour, ground: Colour) -> Colour:
    tint = mixed(ink, ground, 0.12)
    return tint if contrast(tint, ground) >= 4.5 else ink


def _lightness(colour: Colour) -> float:
    grey = np.array(colour, dtype=np.float64) / 255
    return float(np.cbrt(np.mean(grey**2.2)))
