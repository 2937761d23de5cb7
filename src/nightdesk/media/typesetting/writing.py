"""Draws a set line of type onto a picture."""

from PIL import ImageDraw

from nightdesk.media.colours import Colour
from nightdesk.media.typesetting.setting import Block, Line, Setter


def write(
    draw: ImageDraw.ImageDraw,
    setter: Setter,
    block: Block,
    line: Line,
    at: tuple[float, float],
    colour: Colour | int,
) -> None:
    """Draws one of a block's lines with the left end of its baseline at a point, in pixels."""
    for piece in line.pieces:
        draw.text(
            (at[0] + piece.x, at[1]),
            setter.written(piece.run),
            fill=colour,
            font=setter.font(piece.run.font, block.size, block.style.weight),
            anchor="ls",
            direction=setter.direction(piece.run),
            language=setter.tag,
        )
