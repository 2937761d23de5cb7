"""Tiles over the whole sheet with the words on a plate, or with none at all."""

from nightdesk.media.area import Area
from nightdesk.media.colours import mixed
from nightdesk.providers.images.cards.art import tiles
from nightdesk.providers.images.cards.canvas import Canvas
from nightdesk.providers.images.cards.lettering import Look, compose, sign


def pattern(canvas: Canvas) -> None:
    """A quiet pattern in tints of the primary around a plate of the brand's background."""
    palette = canvas.palette
    _background(canvas)
    edge = canvas.short * 0.10
    ends = canvas.height * 0.16 if canvas.tall else edge
    plate = Area(edge, ends, canvas.width - edge, canvas.height - ends)
    canvas.fill(plate, palette.paper, canvas.short * 0.02)
    inset = canvas.short * 0.075
    area = Area(plate.left + inset, plate.top + inset, plate.right - inset, plate.bottom - inset)
    look = Look(
        ink=palette.text_on(palette.paper),
        small=palette.accent_on(palette.paper),
        mark=palette.accent_on(palette.paper, 3.0),
        largest=0.13,
    )
    compose(canvas, area, look)


def wordless(canvas: Canvas) -> None:
    """The pattern alone, for a headline whose letters no font has; the site's name where it can be set."""
    palette = canvas.palette
    _background(canvas)
    name = canvas.name(canvas.inner.width)
    if name is None:
        return
    height = canvas.short * 0.18
    canvas.fill(Area(0, canvas.height - height, canvas.width, canvas.height), palette.paper)
    foot = canvas.height - height / 2 + name.height / 2
    look = Look(
        palette.text_on(palette.paper),
        palette.accent_on(palette.paper),
        palette.accent_on(palette.paper, 3.0),
    )
    sign(canvas, Area(canvas.margin, canvas.height - height, canvas.width - canvas.margin, foot), look)


def _background(canvas: Canvas) -> None:
    palette = canvas.palette
    inks = [mixed(palette.primary, palette.paper, share) for share in (0.16, 0.32)]
    inks.append(mixed(palette.primary, palette.accent, 0.85))
    across = 5 if canvas.width != canvas.height else 6
    canvas.paint(tiles((canvas.width, canvas.height), palette.primary, inks, canvas.random, across))
