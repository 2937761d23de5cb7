"""Composes a card's words in an area: kicker above, headline, the site's name below."""

from dataclasses import dataclass
from typing import Literal

from nightdesk.media.area import Area
from nightdesk.media.colours import Colour
from nightdesk.media.typesetting.fitting import Box, fitted
from nightdesk.media.typesetting.setting import Style
from nightdesk.providers.images.cards.canvas import Canvas

Anchor = Literal["top", "middle", "bottom"]

HEADLINE = Style(weight=800, leading=1.10)
SERIF = Style(family="serif", leading=1.14)


@dataclass(frozen=True)
class Look:
    """How words are set: colours of headline, small print and mark, size, and where the headline hangs."""

    ink: Colour
    small: Colour
    mark: Colour
    style: Style = HEADLINE
    anchor: Anchor = "middle"
    largest: float = 0.15
    """The largest headline, as a share of the sheet's shorter side."""


def compose(canvas: Canvas, area: Area, look: Look, title: str | None = None) -> None:
    """Writes kicker, headline and name into `area`; the headline gets all the room the others leave."""
    label = canvas.label(area.width)
    top = area.top
    if label:
        canvas.write(label, area.left, area.top, look.small)
        top = area.top + label.height + canvas.short * 0.045
    bottom = sign(canvas, area, look)
    _headline(canvas, Area(area.left, top, area.right, bottom), look, title or canvas.words.title)


def sign(canvas: Canvas, area: Area, look: Look) -> float:
    """Writes the site's name at the foot of `area`, behind a mark; gives the height above it that is free."""
    size = canvas.short * 0.034
    name = canvas.name(area.width - size * 1.1)
    if name is None:
        return area.bottom
    top = area.bottom - name.height
    middle = area.bottom - name.height / 2
    canvas.fill(
        Area(area.left, middle - size * 0.31, area.left + size * 0.62, middle + size * 0.31), look.mark, size
    )
    canvas.write(name, area.left + size * 1.1, top, look.ink)
    return top - canvas.short * 0.06


def _headline(canvas: Canvas, area: Area, look: Look, title: str) -> None:
    if not title:
        return
    largest = max(round(canvas.short * look.largest * (0.88 if canvas.tall else 1)), 12)
    box = Box(area.width, area.height, largest, max(round(canvas.short * 0.028), 8))
    block = fitted(canvas.setter, title, look.style, box)
    free = area.height - block.height
    share = {"top": 0.0, "middle": 0.42, "bottom": 1.0}[look.anchor]
    canvas.write(block, area.left, area.top + free * share, look.ink)
