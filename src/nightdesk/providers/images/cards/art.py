"""The pictures behind the words: patterns, gradients and shapes, each drawn from a seed."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from nightdesk.media.colours import Colour, from_oklab, mixed, to_oklab

Random = np.random.Generator
Size = tuple[int, int]

_FINE = 3
"""How many times larger shapes are drawn before they are scaled down, for smooth edges."""


def tiles(size: Size, ground: Colour, inks: Sequence[Colour], random: Random, across: int) -> Image.Image:
    """A grid of quarter circles, half circles, discs and triangles, `across` tiles on the shorter side."""
    cell = -(-min(size) // across)
    columns, rows = -(-size[0] // cell), -(-size[1] // cell)
    fine = cell * _FINE
    sheet = Image.new("RGB", (columns * fine, rows * fine), ground)
    draw = ImageDraw.Draw(sheet)
    for row in range(rows):
        for column in range(columns):
            _tile(draw, (column * fine, row * fine, fine), [ground, *inks], random)
    return sheet.reduce(_FINE).crop((0, 0, *size))


def _tile(
    draw: ImageDraw.ImageDraw, at: tuple[int, int, int], colours: Sequence[Colour], random: Random
) -> None:
    x, y, side = at
    under, over, third = (
        colours[index] for index in random.choice(len(colours), 3, replace=len(colours) < 3)
    )
    draw.rectangle((x, y, x + side, y + side), fill=under)
    turn = int(random.integers(4))
    corner = [(0, 0), (1, 0), (1, 1), (0, 1)][turn]
    cx, cy = x + corner[0] * side, y + corner[1] * side
    match int(random.integers(11)):
        case 0 | 1 | 2 | 3:
            for radius, colour in ((side, over), (side // 2, third)):
                draw.pieslice(
                    (cx - radius, cy - radius, cx + radius, cy + radius),
                    turn * 90,
                    turn * 90 + 90,
                    fill=colour,
                )
        case 4 | 5:
            half = [(0, 0.5), (0.5, 0), (1, 0.5), (0.5, 1)][turn]
            hx, hy = x + half[0] * side, y + half[1] * side
            draw.pieslice(
                (hx - side / 2, hy - side / 2, hx + side / 2, hy + side / 2),
                turn * 90 - 90,
                turn * 90 + 90,
                fill=over,
            )
        case 6 | 7:
            draw.ellipse((x + side * 0.22, y + side * 0.22, x + side * 0.78, y + side * 0.78), fill=over)
        case 8 | 9:
            others = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
            draw.polygon([others[turn], others[turn - 1], others[turn - 2]], fill=over)
        case _:
            draw.rectangle((x, y, x + side, y + side), fill=over)


def mesh(size: Size, colours: Sequence[Colour], random: Random) -> Image.Image:
    """A soft gradient between a handful of points, mixed in Oklab, with grain against banding."""
    width, height = size
    low = (max(height // 12, 8), max(width // 12, 8))
    ys, xs = np.mgrid[0 : low[0], 0 : low[1]].astype(np.float64)
    ys, xs = ys / low[0], xs / low[1]
    labs = to_oklab(np.array(colours, dtype=np.float64))
    total = np.zeros((*low, 3))
    weights = np.zeros((*low, 1))
    spots = random.permutation(len(labs))
    for place, spot in enumerate(spots):
        angle = 2 * np.pi * (place / len(spots) + random.uniform(0, 0.12))
        cx, cy = 0.5 + 0.55 * np.cos(angle), 0.5 + 0.55 * np.sin(angle)
        weight = np.exp(-((xs - cx) ** 2 + (ys - cy) ** 2) / 0.16)[..., None]
        total += weight * labs[spot]
        weights += weight
    small = from_oklab(total / weights)
    full = np.stack([_enlarged(small[..., channel], size) for channel in range(3)], axis=-1)
    return _grained(full, random)


def _enlarged(channel: NDArray[np.float64], size: Size) -> NDArray[np.float32]:
    return np.asarray(Image.fromarray(channel.astype(np.float32)).resize(size, Image.Resampling.BICUBIC))


def _grained(values: NDArray[np.float32], random: Random) -> Image.Image:
    grain = random.random(values.shape[:2], dtype=np.float32)[..., None]
    return Image.fromarray(np.clip(values + 1.6 * grain - 0.3, 0, 255).astype(np.uint8))


def hills(size: Size, colours: tuple[Colour, Colour, Colour], random: Random, top: float) -> Image.Image:
    """Hills and a sun below the height `top` (0 is the upper edge, 1 the lower), nearer hills darker.

    `colours` are the sky's, the nearest hill's and the sun's.
    """
    width, height = size
    sky, ground, sun = colours
    sheet = Image.new("RGB", size, sky)
    radius = height * (1 - top) * 0.34
    rings(sheet, (width * random.uniform(0.66, 0.84), height * top + radius), radius, 1, [sun])
    above = int(height * top)
    land = np.asarray(sheet.crop((0, above, width, height))).astype(np.float32)
    xs = np.linspace(0, 1, width, dtype=np.float32)
    ys = np.arange(above, height, dtype=np.float32)[:, None]
    layers = 5
    for layer in range(layers):
        base = height * (top + (1 - top) * (layer + 1.15) / (layers + 0.9))
        swing = height * (1 - top) * 0.13
        waves = [
            np.sin(2 * np.pi * (random.uniform(0.5, 0.9) * wave * xs + random.uniform())) / wave
            for wave in range(1, 4)
        ]
        ridge = base + swing * np.sum(waves, axis=0)
        covered = np.clip(ys - ridge[None, :] + 0.5, 0, 1)[..., None]
        colour = np.array(mixed(sky, ground, (layer + 1) / layers), dtype=np.float32)
        land += (colour - land) * covered
    sheet.paste(Image.fromarray((land + 0.5).astype(np.uint8)), (0, above))
    return sheet


def rings(
    picture: Image.Image, centre: tuple[float, float], step: float, count: int, colours: Sequence[Colour]
) -> None:
    """Discs within each other, drawn onto `picture`, the outermost in the first colour."""
    reach = step * count + 1
    left, top = max(int(centre[0] - reach), 0), max(int(centre[1] - reach), 0)
    right, bottom = (
        min(int(centre[0] + reach) + 1, picture.width),
        min(int(centre[1] + reach) + 1, picture.height),
    )
    values = np.asarray(picture.crop((left, top, right, bottom))).astype(np.float32)
    ys, xs = np.ogrid[top:bottom, left:right]
    distance = np.hypot(xs + 0.5 - centre[0], ys + 0.5 - centre[1]).astype(np.float32)
    for ring in range(count):
        covered = np.clip((count - ring) * step - distance + 0.5, 0, 1)[..., None]
        values += (np.array(colours[ring % len(colours)], dtype=np.float32) - values) * covered
    picture.paste(Image.fromarray((values + 0.5).astype(np.uint8)), (left, top))
