"""The headline in the sky above layered hills."""

from nightdesk.media.area import Area
from nightdesk.providers.images.cards.art import hills
from nightdesk.providers.images.cards.canvas import Canvas
from nightdesk.providers.images.cards.lettering import HEADLINE, Look, compose


def hillside(canvas: Canvas) -> None:
    """Words on a sky of the brand's background, hills of its primary, a sun of its accent."""
    palette, inner = canvas.palette, canvas.inner
    top = 0.60 if canvas.height > canvas.width else 0.66
    sky = palette.paper
    art = hills((canvas.width, canvas.height), (sky, palette.primary, palette.accent), canvas.random, top)
    canvas.paint(art)
    area = Area(inner.left, inner.top, inner.right, canvas.height * top)
    look = Look(
        ink=palette.text_on(sky),
        small=palette.accent_on(sky),
        mark=palette.accent_on(sky, 3.0),
        style=HEADLINE,
        anchor="top",
        largest=0.135,
    )
    compose(canvas, area, look)
