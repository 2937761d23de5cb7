"""What fills the lower part of a scene: seven families of shapes, each drawn from a seed."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from nightdesk.media.colours import contrast
from nightdesk.providers.images.cards.art import Random
from nightdesk.providers.images.cards.scenes.schemes import Scheme
from nightdesk.providers.images.cards.scenes.sheet import Line, Sheet

Mass = Callable[[Sheet, Scheme, Random], None]
Across = NDArray[np.float64]


def ridges(sheet: Sheet, scheme: Scheme, random: Random) -> None:
    """Hills behind hills."""
    for layer, colour in enumerate(scheme.mass):
        share = layer / len(scheme.mass)
        swing = sheet.short * 0.055 * (1 + share)
        sheet.below(_wavy(sheet, share * 0.86 + 0.05, swing, random, 1.0), colour)


def strata(sheet: Sheet, scheme: Scheme, random: Random) -> None:
    """Layers lying on each other, one of them in the accent."""
    count, phase = 11, random.uniform(0, 2 * np.pi, 3)
    bright = int(random.integers(2, 5)) * 2
    for layer in range(count):
        share, ripple = layer / count, random.uniform(-0.5, 0.5)
        colour = scheme.spark if layer == bright else scheme.mass[(layer * 2 + layer // 3) % len(scheme.mass)]

        def line(x: Across, share: float = share, ripple: float = ripple) -> Across:
            turn = 2 * np.pi * x / sheet.width
            wave = np.sin(turn * 0.8 + phase[0]) + 0.45 * np.sin(turn * 1.7 + phase[1] + ripple)
            low = sheet.floor(x) + sheet.short * 0.085
            ridge: Across = low + (sheet.height - low) * share * 0.98
            ridge += sheet.short * 0.055 * wave * (1 - 0.5 * share)
            return ridge

        sheet.below(line, colour)


def arcs(sheet: Sheet, scheme: Scheme, random: Random) -> None:
    """Rings rising from below the sheet, like a sun over the edge."""
    x = sheet.width * (random.uniform(0.42, 0.62) if sheet.tall else random.uniform(0.86, 0.94))
    y = sheet.height * 0.99
    most = min(sheet.room(x, y), sheet.height * 0.62)
    rings = 7
    bright = int(random.integers(3, 6))
    for ring in range(rings):
        colour = scheme.spark if ring == bright else scheme.mass[(ring * 2) % len(scheme.mass)]
        sheet.disc(x, y, most * (1 - ring / rings), colour)


def columns(sheet: Sheet, scheme: Scheme, random: Random) -> None:
    """Rounded columns of unequal height, one in the accent."""
    count = 9 if sheet.tall else 14
    wide = sheet.width / count
    bright = int(random.integers(count // 2, count - 1))
    heights = random.uniform(0.0, 1.0, count)
    for back in (True, False):
        for place in range(count):
            left = place * wide + (wide / 2 if back else 0)
            top = sheet.floor_at(left + wide / 2)
            drop = 0.04 + 0.34 * heights[place - 3] if back else 0.36 + 0.42 * heights[place]
            top += (sheet.height - top) * drop
            front = scheme.spark if place == bright else scheme.mass[2 + place % (len(scheme.mass) - 2)]
            colour = scheme.mass[place % 2] if back else front
            sheet.bar((left, top, left + wide * 0.9, sheet.height + wide), colour, wide * 0.45)


def stairs(sheet: Sheet, scheme: Scheme, random: Random) -> None:
    """Steps leading upwards, a disc on one that captions leave free."""
    count = 6 if sheet.width <= sheet.height else 10
    wide, base = sheet.width / count, sheet.height * 0.97
    disc = int(random.integers(1, 3)) if sheet.tall else count - 1
    shades = sorted(scheme.mass, key=lambda colour: contrast(colour, scheme.ground))
    for step in range(count):
        left = step * wide
        top = max(sheet.floor_at(left + wide), sheet.floor_at(left))
        level = base - (base - top) * (0.16 + 0.78 * (step + 1) / count)
        colour = shades[step * (len(shades) - 1) // (count - 1)]
        sheet.bar((left, level, left + wide + 1, sheet.height), colour)
        if step == disc:
            radius = min(wide * 0.34, (level - top) * 0.45)
            sheet.disc(left + wide / 2, level - radius, radius, scheme.spark)


def bubbles(sheet: Sheet, scheme: Scheme, random: Random) -> None:
    """Discs large and small, the nearer ones lower and darker."""
    sheet.below(_wavy(sheet, 0.55, sheet.short * 0.05, random, 0.8), scheme.mass[-1])
    bright = int(random.integers(9, 13))
    for number in range(26):
        share = number / 26
        radius = sheet.short * (0.21 - 0.13 * share) * random.uniform(0.65, 1.15)
        x = sheet.width * ((number * 0.618 + random.uniform(0, 0.15)) % 1)
        top = max(sheet.floor_at(x - radius), sheet.floor_at(x), sheet.floor_at(x + radius)) + radius
        y = top + (sheet.height - top) * (0.02 + 0.9 * share)
        colour = scheme.spark if number == bright else scheme.mass[min(int(share * 6), len(scheme.mass) - 1)]
        sheet.disc(x, y, radius, colour)
        if number % 4 == 1 and number != bright:
            sheet.disc(x, y, radius * 0.5, scheme.mass[(int(share * 6) + 2) % len(scheme.mass)])


def mosaic(sheet: Sheet, scheme: Scheme, random: Random) -> None:
    """A grid of quarter and half circles that comes apart towards the type."""
    across = 6 if sheet.tall else 8 if sheet.width == sheet.height else 12
    cell = sheet.width / across
    for row in range(-(-sheet.height // int(cell))):
        top = sheet.height - (row + 1) * cell
        for column in range(across):
            left = column * cell
            free = top - max(sheet.floor_at(left), sheet.floor_at(left + cell))
            depth = free / max(sheet.height - sheet.floor_at(left), 1)
            if free < 0 or random.random() > 0.55 + 3.2 * depth:
                continue
            _tile(sheet, scheme, (left, top, cell), random)


def _tile(sheet: Sheet, scheme: Scheme, at: tuple[float, float, float], random: Random) -> None:
    x, y, side = at
    under, over, third = (scheme.mass[place] for place in random.choice(len(scheme.mass), 3, replace=False))
    if random.random() < 0.13:
        over = scheme.spark
    sheet.bar((x, y, x + side, y + side + 1), under)
    turn = int(random.integers(4))
    match int(random.integers(6)):
        case 0 | 1 | 2:
            corner = [(0, 0), (1, 0), (1, 1), (0, 1)][turn]
            cx, cy = x + corner[0] * side, y + corner[1] * side
            for radius, colour in ((side, over), (side / 2, third)):
                sheet.slice(cx, cy, radius, (turn * 90, turn * 90 + 90), colour)
        case 3 | 4:
            half = [(0, 0.5), (0.5, 0), (1, 0.5), (0.5, 1)][turn]
            sheet.slice(
                x + half[0] * side, y + half[1] * side, side / 2, (turn * 90 - 90, turn * 90 + 90), over
            )
        case _:
            sheet.disc(x + side / 2, y + side / 2, side * 0.3, over)


def _wavy(sheet: Sheet, share: float, swing: float, random: Random, often: float) -> Line:
    """A line at a share of the way from the floor to the foot, in waves that stay below the floor."""
    phases = random.uniform(0, 2 * np.pi, 3)
    rates = often * random.uniform(0.55, 0.95, 3) * (1 if sheet.tall else 1.6)

    def line(x: Across) -> Across:
        turn = 2 * np.pi * x / sheet.width
        wave = np.zeros(x.shape)
        for n in range(3):
            wave += np.sin(rates[n] * (n + 1) * turn + phases[n]) / (n + 1)
        low = sheet.floor(x) + swing * 1.4
        return low + (sheet.height - low) * share + swing * wave

    return line


MASSES: Mapping[str, Mass] = {
    "ridges": ridges,
    "mosaic": mosaic,
    "arcs": arcs,
    "strata": strata,
    "bubbles": bubbles,
    "columns": columns,
    "stairs": stairs,
}
