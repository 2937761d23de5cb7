"""A question or a quotation in serif type, with its sign behind it as large as the sheet allows."""

import re

from nightdesk.media.area import Area
from nightdesk.media.colours import mixed
from nightdesk.media.typesetting.fitting import Box, fitted
from nightdesk.providers.images.cards.canvas import Canvas
from nightdesk.providers.images.cards.lettering import SERIF, Look, compose

_QUOTED = re.compile(r"[“”„«»「」]|(?:^|\s)[\"'‘]")
_ASKED = re.compile(r"[?؟？;]\s*$")


def spoken(title: str) -> bool:
    """Whether the headline quotes or asks."""
    return bool(_QUOTED.search(title) or _asks(title))


def quote(canvas: Canvas) -> None:
    """Words in the brand's text colour on a light tint of its primary, the sign in a stronger one."""
    palette, inner = canvas.palette, canvas.inner
    ground = mixed(palette.paper, palette.primary, 0.07)
    canvas.fill(Area(0, 0, canvas.width, canvas.height), ground)
    asks = _asks(canvas.words.title)
    sign = ("؟" if canvas.rtl else "?") if asks else "“"
    size = round(canvas.short * 1.1)
    big = fitted(canvas.setter, sign, SERIF, Box(canvas.width, canvas.height * 2.0, size, size, 1))
    tint = mixed(ground, palette.accent, 0.20)
    canvas.write(big, inner.right - big.width, inner.bottom - big.height if asks else inner.top, tint)
    edge = canvas.short * 0.022
    canvas.fill(Area(0, 0, edge, canvas.height), palette.accent_on(ground, 3.0))
    look = Look(
        ink=palette.text_on(ground, tint),
        small=palette.accent_on(ground),
        mark=palette.accent_on(ground, 3.0),
        style=SERIF,
        largest=0.14,
    )
    compose(canvas, inner, look)


def _asks(title: str) -> bool:
    return bool(_ASKED.search(title))
