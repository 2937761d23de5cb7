"""A panel of geometric tiles beside the words, or above them where the sheet is upright."""

from nightdesk.media.area import Area
from nightdesk.media.colours import mixed
from nightdesk.providers.images.cards.art import tiles
from nightdesk.providers.images.cards.canvas import Canvas
from nightdesk.providers.images.cards.lettering import Look, compose


def split(canvas: Canvas) -> None:
    """The panel in the brand's primary and accent, the words on its background."""
    palette, inner = canvas.palette, canvas.inner
    inks = [
        palette.accent,
        mixed(palette.primary, palette.paper, 0.30),
        mixed(palette.primary, palette.paper, 0.88),
    ]
    wide = canvas.width > canvas.height * 1.2
    if wide:
        cell = -(-canvas.height // 4)
        panel = (cell * 2, canvas.height)
        area = Area(inner.left, inner.top, canvas.width - panel[0] - canvas.margin, inner.bottom)
        at = (canvas.width - panel[0], 0)
    else:
        cell = -(-canvas.width // 4)
        panel = (canvas.width, cell * (3 if canvas.tall else 2) - (cell // 2 if not canvas.tall else 0))
        area = Area(inner.left, panel[1] + canvas.margin, inner.right, inner.bottom)
        at = (0, 0)
    art = tiles(panel, palette.primary, inks, canvas.random, round(min(panel) / cell))
    canvas.fill(Area(0, 0, canvas.width, canvas.height), palette.paper)
    canvas.paint(art, at)
    look = Look(
        ink=palette.text_on(palette.paper),
        small=palette.accent_on(palette.paper),
        mark=palette.accent_on(palette.paper, 3.0),
        largest=0.125,
    )
    compose(canvas, area, look)
