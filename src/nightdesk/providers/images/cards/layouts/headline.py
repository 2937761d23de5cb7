"""A big headline on paper with a bold rule, and rings in the far corner."""

from nightdesk.media.area import Area
from nightdesk.media.colours import mixed
from nightdesk.providers.images.cards.art import rings
from nightdesk.providers.images.cards.canvas import Canvas
from nightdesk.providers.images.cards.lettering import Look, compose


def headline(canvas: Canvas) -> None:
    """Words on the brand's background; the rule and the mark carry its accent."""
    palette = canvas.palette
    paper = palette.paper
    art = canvas.image.copy()
    art.paste(paper, (0, 0, *art.size))
    tints = [mixed(paper, palette.primary, share) for share in (0.05, 0.09, 0.14, 0.20)]
    low = bool(canvas.random.integers(2)) or canvas.tall
    centre = (canvas.width * 1.0, canvas.height * (1.0 if low else 0.0))
    rings(art, centre, canvas.short * (0.17 if canvas.tall else 0.135), 4, tints)
    canvas.paint(art)
    inner = canvas.inner
    rule = canvas.short * 0.016
    canvas.fill(
        Area(inner.left, inner.top, inner.left + canvas.short * 0.16, inner.top + rule),
        palette.accent_on(paper, 3.0),
    )
    area = Area(inner.left, inner.top + rule + canvas.short * 0.045, inner.right, inner.bottom)
    look = Look(
        ink=palette.text_on(paper, tints[-1]),
        small=palette.accent_on(paper),
        mark=palette.accent_on(paper, 3.0),
    )
    compose(canvas, area, look)
