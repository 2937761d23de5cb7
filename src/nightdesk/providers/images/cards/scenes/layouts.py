"""How the words of a scene are set: one layout for each kind of scene."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from nightdesk.media.area import Area
from nightdesk.media.colours import Colour
from nightdesk.media.typesetting.fitting import Box, fitted
from nightdesk.media.typesetting.setting import Block, Style
from nightdesk.providers.images.cards.canvas import Canvas
from nightdesk.providers.images.cards.scenes.schemes import Scheme
from nightdesk.providers.images.contract import SceneKind, SceneView

HEAVY = Style(weight=850, leading=1.04)
POSTER = Style(weight=900, leading=0.98)
_ORPHAN = 0.36
"""Of the widest line, a last one shorter than which looks forgotten."""
_MARK = 0.3
"""Height in ems of a quotation mark, which hangs above its baseline."""
_SHORT_UNIT = 3
"""Characters of a unit that stays beside its number; a longer one may stand under it."""
SERIF = Style(family="serif", leading=1.1)


@dataclass(frozen=True)
class Setting:
    """Where and in which colours a scene's words are set; `area` as one reads, from the start."""

    area: Area
    scheme: Scheme
    view: SceneView


def point(canvas: Canvas, told: Setting) -> None:
    """A rule and the heading."""
    area, rule = told.area, canvas.short * 0.016
    if not canvas.words.title:
        return
    block = _block(canvas, canvas.words.title, HEAVY, area.width, area.height - rule * 5, 0.135)
    top = _start(area, block.height + rule * 4)
    canvas.fill(Area(area.left, top, area.left + canvas.short * 0.13, top + rule), told.scheme.pop, rule / 2)
    canvas.write(block, area.left, top + rule * 4, told.scheme.ink)


def hook(canvas: Canvas, told: Setting) -> None:
    """The heading alone, as large as can be."""
    area = told.area
    block = _block(canvas, canvas.words.title, POSTER, area.width, area.height, 0.175)
    canvas.write(block, area.left, _start(area, block.height), told.scheme.ink)


def figure(canvas: Canvas, told: Setting) -> None:
    """The figure as large as can be, the heading under it."""
    area, gap = told.area, canvas.short * 0.05
    share = 0.62 if canvas.words.title else 1.0
    number, _, unit = told.view.sign.rpartition(" ")
    sign = f"{number}\u00a0{unit}" if number and len(unit) <= _SHORT_UNIT else told.view.sign
    big = _whole(canvas, sign, area.width, area.height * share)
    rest = area.height - big.height - gap
    small = _block(canvas, canvas.words.title, HEAVY, area.width, rest, 0.082, lines=3)
    top = _start(area, big.height + (gap + small.height if small.lines else 0))
    canvas.write(big, area.left, top, told.scheme.pop)
    canvas.write(small, area.left, top + big.height + gap, told.scheme.ink)


def item(canvas: Canvas, told: Setting) -> None:
    """The number in a disc, the heading under it."""
    area, scheme = told.area, told.scheme
    side = min(canvas.short * 0.22, area.height * 0.4)
    gap = side * 0.24
    block = _block(canvas, canvas.words.title, HEAVY, area.width, area.height - side - gap, 0.115)
    top = _start(area, side + gap + block.height)
    canvas.fill(Area(area.left, top, area.left + side, top + side), scheme.pop, side / 2)
    _in(canvas, told.view.sign, (area.left, top, side), scheme.ground)
    canvas.write(block, area.left, top + side + gap, scheme.ink)


def step(canvas: Canvas, told: Setting) -> None:
    """The number as a large numeral, the heading under it."""
    area, gap = told.area, canvas.short * 0.055
    big = _block(canvas, told.view.sign, POSTER, area.width, area.height * 0.46, 0.34, lines=1)
    block = _block(canvas, canvas.words.title, HEAVY, area.width, area.height - big.height - gap, 0.115)
    top = _start(area, big.height + gap + block.height)
    canvas.write(big, area.left, top, told.scheme.pop)
    rule, left = canvas.short * 0.016, area.left + big.width + gap
    middle = top + big.height - rule
    canvas.fill(Area(left, middle, area.right, middle + rule), told.scheme.pop, rule / 2)
    canvas.write(block, area.left, top + big.height + gap, told.scheme.ink)


def quote(canvas: Canvas, told: Setting) -> None:
    """A quotation mark over the heading in serif type."""
    area, gap = told.area, canvas.short * 0.05
    mark = _block(canvas, "“", SERIF, area.width, canvas.height, 0.5, lines=1)
    high = mark.size * _MARK
    block = _block(canvas, canvas.words.title, SERIF, area.width, area.height - high - gap, 0.12)
    top = _start(area, high + gap + block.height)
    canvas.write(mark, area.left, top, told.scheme.pop)
    canvas.write(block, area.left, top + high + gap, told.scheme.ink)


def pair(canvas: Canvas, told: Setting) -> None:
    """One thing over the other, each in a colour of its own, a line between them."""
    area, scheme, rule = told.area, told.scheme, canvas.short * 0.012
    gap = canvas.short * 0.055
    high = (area.height - rule - 2 * gap) / 2
    first, second = (_block(canvas, side, HEAVY, area.width, high, 0.13, lines=2) for side in told.view.sides)
    size = min(first.size, second.size) / canvas.short
    first, second = (_block(canvas, side, HEAVY, area.width, high, size, lines=2) for side in told.view.sides)
    top = _start(area, first.height + second.height + rule + 2 * gap)
    canvas.write(first, area.left, top, scheme.ink)
    middle = top + first.height + gap
    canvas.fill(Area(area.left, middle, area.right, middle + rule), scheme.spark, rule / 2)
    canvas.write(second, area.left, middle + rule + gap, scheme.pop)


def call(canvas: Canvas, told: Setting) -> None:
    """The site's logo, and its name as a signature; the heading is left to what is said."""
    area, scheme = told.area, told.scheme
    logo = _logo(told.view.logo, area.width * 0.5, area.height * 0.42)
    pad, gap = canvas.short * 0.035, canvas.short * 0.05
    above = logo.height + 2 * pad + gap if logo else 0
    block = _block(canvas, canvas.words.name, HEAVY, area.width, area.height - above - gap, 0.15, lines=3)
    rule = canvas.short * 0.016
    top = _start(area, above + block.height + rule * 4)
    if logo:
        plate = Area(area.left, top, area.left + logo.width + 2 * pad, top + logo.height + 2 * pad)
        canvas.fill(plate, (255, 255, 255), pad)
        at = canvas.width - plate.right if canvas.rtl else plate.left
        canvas.image.paste(logo, (round(at + pad), round(top + pad)), logo)
        top += above
    canvas.write(block, area.left, top, scheme.ink)
    under = top + block.height + rule * 3
    canvas.fill(Area(area.left, under, area.left + block.width, under + rule), scheme.pop, rule / 2)


def _block(
    canvas: Canvas, text: str, style: Style, width: float, height: float, share: float, lines: int = 5
) -> Block:
    """Text at up to a share of the shorter side an em."""
    if not text:
        return Block((), (), 0, style)
    largest = max(round(canvas.short * share), 12)
    block = fitted(canvas.setter, text, style, Box(width, height, largest, max(largest // 4, 8), lines))
    if len(block.lines) < 2 or block.lines[-1].width > _ORPHAN * block.width:
        return block
    smaller = Box(width, height, round(block.size * 0.97), max(largest // 4, 8), len(block.lines) - 1)
    other = fitted(canvas.setter, text, style, smaller)
    return other if other.size > 0.7 * block.size else block


def _whole(canvas: Canvas, sign: str, width: float, height: float) -> Block:
    """A figure as large as can be with no word of it parted, in one line or two."""
    for share in (0.42, 0.28, 0.18, 0.1):
        block = _block(canvas, sign, POSTER, width, height, share, lines=2)
        if " ".join(line.text for line in block.lines) == sign:
            break
    return block


def _start(area: Area, height: float) -> float:
    """Where what is so high begins: a little nearer to the art below than to the top."""
    return area.top + max(area.height - height, 0) * 0.56


def _in(canvas: Canvas, text: str, disc: tuple[float, float, float], colour: Colour) -> None:
    left, top, side = disc
    block = _block(canvas, text, HEAVY, side * 0.66, side * 0.5, 0.2, lines=1)
    canvas.write(block, left + side / 2, top + (side - block.height) / 2, colour, "middle")


def _logo(content: bytes | None, width: float, height: float) -> Image.Image | None:
    """The logo within those sides, sharp; None where there is none that opens."""
    if content is None:
        return None
    try:
        with Image.open(BytesIO(content)) as opened:
            logo = opened.convert("RGBA")
    except (OSError, Image.DecompressionBombError):
        return None
    scale = min(width / logo.width, height / logo.height)
    sides = (max(round(logo.width * scale), 1), max(round(logo.height * scale), 1))
    return logo.resize(sides, Image.Resampling.LANCZOS)


LAYOUTS: Mapping[SceneKind, Callable[[Canvas, Setting], None]] = {
    "hook": hook,
    "point": point,
    "figure": figure,
    "item": item,
    "step": step,
    "quote": quote,
    "pair": pair,
    "call": call,
}
