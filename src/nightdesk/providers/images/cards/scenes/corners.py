"""What hangs in the upper far corner of a scene, clear of its type."""

from collections.abc import Callable, Mapping

from nightdesk.media.colours import mixed
from nightdesk.providers.images.cards.scenes.schemes import Scheme
from nightdesk.providers.images.cards.scenes.sheet import Sheet

Corner = Callable[[Sheet, Scheme, float], None]
"""Draws within a distance in pixels from the corner."""


def sun(sheet: Sheet, scheme: Scheme, reach: float) -> None:
    """A disc cut off by the edges."""
    sheet.disc(sheet.width - reach * 0.12, reach * 0.18, reach * 0.80, scheme.spark)


def rings(sheet: Sheet, scheme: Scheme, reach: float) -> None:
    """Rings around the corner, fainter outwards."""
    for ring in range(5):
        colour = mixed(scheme.ground, scheme.veil, 0.10 + 0.12 * ring)
        sheet.disc(sheet.width, 0, reach * (1 - ring / 5), scheme.spark if ring == 4 else colour)


def beams(sheet: Sheet, scheme: Scheme, reach: float) -> None:
    """Rays from the corner around a quarter disc."""
    count = 9
    tint = mixed(scheme.ground, scheme.veil, 0.30)
    for ray in range(count):
        turn = 90 + ray * 90 / (count - 0.5)
        sheet.slice(sheet.width, 0, reach, (turn, turn + 45 / (count - 0.5)), tint)
    sheet.disc(sheet.width, 0, reach * 0.5, scheme.ground)
    sheet.disc(sheet.width, 0, reach * 0.42, scheme.spark)


def dots(sheet: Sheet, scheme: Scheme, reach: float) -> None:
    """Dots in rows that grow towards the corner."""
    step = reach / 6.5
    for row in range(7):
        for column in range(7):
            x, y = sheet.width - (column + 0.5) * step, (row + 0.5) * step
            far = (column**2 + row**2) ** 0.5 / 6.5
            if far < 1:
                colour = scheme.spark if (row, column) == (1, 2) else mixed(scheme.ground, scheme.veil, 0.45)
                sheet.disc(x, y, step * 0.40 * (1 - far) ** 0.7, colour)


def petals(sheet: Sheet, scheme: Scheme, reach: float) -> None:
    """Three quarter discs, each in a tile of its own."""
    side = reach * 0.5
    for place, turn in enumerate((1, 3, 0)):
        x, y = sheet.width - side * (1 + place % 2), side * (place // 2)
        corner = [(0, 0), (1, 0), (1, 1), (0, 1)][turn]
        colour = (scheme.spark, mixed(scheme.ground, scheme.veil, 0.38), scheme.mass[2])[place]
        sheet.slice(x + corner[0] * side, y + corner[1] * side, side, (turn * 90, turn * 90 + 90), colour)


CORNERS: Mapping[str, Corner] = {"sun": sun, "rings": rings, "dots": dots, "beams": beams, "petals": petals}
