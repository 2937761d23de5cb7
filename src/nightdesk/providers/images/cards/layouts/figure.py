"""A number from the headline, set as large as a poster."""

import re

from nightdesk.media.area import Area
from nightdesk.media.colours import mixed
from nightdesk.media.typesetting.fitting import Box, fitted
from nightdesk.media.typesetting.setting import Block, Style
from nightdesk.providers.images.cards.canvas import Canvas
from nightdesk.providers.images.cards.lettering import HEADLINE, Look, sign

_NUMBER = re.compile(
    r"(?<![\w.,-])[€$£]?(?:\d{1,3}(?:[.,\u00a0\u202f]\d{3})+|\d+)(?:[.,]\d{1,2})?(?:[\u00a0\u202f ]?%|(?!\w))"
)
_POSTER = Style(weight=850, leading=1.0)


def leading_figure(title: str) -> str | None:
    """The figure that a headline turns on, if it has exactly one that is short enough for a poster."""
    found = _NUMBER.findall(title)
    return found[0].strip() if len(found) == 1 and len(found[0].strip()) <= 6 else None


def figure(canvas: Canvas) -> None:
    """The figure in accent above the headline; a headline that opens with it goes on without it."""
    palette, inner, words = canvas.palette, canvas.inner, canvas.words
    ground = palette.primary
    canvas.fill(Area(0, 0, canvas.width, canvas.height), ground)
    canvas.fill(
        Area(0, 0, canvas.width, canvas.short * 0.022),
        palette.accent_on(ground, 3.0),
    )
    number = leading_figure(words.title) or ""
    rest = words.title.removeprefix(number).strip() or words.title
    rest = rest[:1].upper() + rest[1:]
    wide = canvas.width > canvas.height * 1.2
    look = Look(
        ink=palette.text_on(ground),
        small=palette.accent_on(ground),
        mark=palette.accent_on(ground, 3.0),
        largest=0.12,
    )
    bottom = sign(canvas, inner, look)
    label = canvas.label(inner.width)
    top = inner.top
    if label:
        canvas.write(label, inner.left, top, mixed(look.ink, ground, 0.1))
        top += label.height + canvas.short * 0.05
    gap = canvas.short * 0.08
    room = Box(
        inner.width * (0.5 if wide else 1),
        (bottom - top) * (0.86 if wide else 0.42),
        round(canvas.short * 0.6),
        20,
        1,
    )
    big = fitted(canvas.setter, number, _POSTER, room)
    if wide:
        body = Area(inner.left + big.width + gap, top, inner.right, bottom)
        text = _text(canvas, rest, body)
        middle = (top + bottom) / 2
        canvas.write(big, inner.left, middle - big.height / 2, look.small)
        canvas.write(text, body.left, middle - text.height / 2, look.ink)
    else:
        body = Area(inner.left, top + big.height + gap, inner.right, bottom)
        text = _text(canvas, rest, body)
        spare = (bottom - top - big.height - gap - text.height) * 0.42
        canvas.write(big, inner.left, top + spare, look.small)
        canvas.write(text, inner.left, top + spare + big.height + gap, look.ink)


def _text(canvas: Canvas, text: str, area: Area) -> Block:
    return fitted(canvas.setter, text, HEADLINE, Box(area.width, area.height, round(canvas.short * 0.12), 12))
