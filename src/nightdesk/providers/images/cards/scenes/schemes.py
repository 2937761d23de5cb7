"""The colours of a scene: what is behind its type, what its art is drawn in, and what its type is set in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from nightdesk.media.colours import (
    BLACK,
    READABLE,
    VISIBLE,
    WHITE,
    Colour,
    Palette,
    contrast,
    luminance,
    mixed,
    with_lightness,
)

LAYERS = 5
_DARK = 0.06
"""Luminance of a colour that white captions stand out on by far."""
_LIGHT = 0.5
_NEARLY = 3.4
"""Contrast from which an accent can be made readable and is still the brand's."""
_APART = 1.35


@dataclass(frozen=True)
class Scheme:
    """`mass` goes from the farthest layer to the nearest; `spark` is the one colour that catches the eye."""

    ground: Colour
    mass: tuple[Colour, ...]
    spark: Colour
    ink: Colour
    pop: Colour

    @property
    def veil(self) -> Colour:
        """What tints of the ground are mixed with."""
        return mixed(self.ink, self.mass[1], 0.6)


def dark_of(palette: Palette) -> Colour:
    """The brand's darkest colour where it is dark enough, else its primary made so."""
    darkest = min((palette.primary, palette.ink, palette.paper), key=luminance)
    if luminance(darkest) <= _DARK:
        return darkest
    return with_lightness(palette.primary, 0.26)


def day(palette: Palette) -> Scheme:
    """The brand's background, its art growing from a light tint to the dark."""
    ground, dark = palette.paper, dark_of(palette)
    mass = _steps(mixed(palette.primary, ground, 0.62), palette.primary, mixed(palette.primary, dark, 0.7))
    return _scheme(palette, ground, mass)


def night(palette: Palette) -> Scheme:
    """The brand's darkest, its art lighter than what is behind it."""
    ground = mixed(dark_of(palette), BLACK, 0.22)
    tint = _off(palette.primary, ground, palette)
    mass = _steps(mixed(ground, tint, 0.25), mixed(ground, tint, 0.62), tint)
    return _scheme(palette, ground, mass[::-1])


def deep(palette: Palette) -> Scheme:
    """The primary, its art going down into the dark."""
    ground, dark = _under_white(palette.primary), mixed(dark_of(palette), BLACK, 0.25)
    tint = mixed(ground, palette.paper, 0.22)
    mass = _steps(tint, mixed(ground, dark, 0.45), dark)
    return _scheme(palette, ground, mass)


def bright(palette: Palette) -> Scheme:
    """The accent, with the primary's art in front of it; the loudest."""
    ground, dark = _under_white(palette.accent), dark_of(palette)
    far = mixed(ground, dark, 0.45)
    primary = palette.primary if contrast(palette.primary, ground) >= _APART else mixed(ground, dark, 0.6)
    mass = _steps(far, primary, mixed(dark, BLACK, 0.2))
    made = _scheme(palette, ground, mass)
    return replace(made, spark=palette.paper, pop=made.ink)


def _under_white(colour: Colour) -> Colour:
    """A colour that is nearly dark enough for white type made dark enough; a light one as it is."""
    if contrast(colour, WHITE) < VISIBLE:
        return colour
    return next(
        shade
        for share in (0.0, 0.06, 0.12, 0.18, 0.24, 0.3)
        if contrast(shade := mixed(colour, BLACK, share), WHITE) >= READABLE * 1.08 or share == 0.3
    )


def _scheme(palette: Palette, ground: Colour, mass: tuple[Colour, ...]) -> Scheme:
    """With light type wherever that can be read: beside white captions it looks of one piece."""
    light = [colour for colour in (palette.paper, palette.ink, WHITE) if luminance(colour) > _LIGHT]
    readable = [colour for colour in light if contrast(colour, ground) >= READABLE]
    ink = readable[0] if readable else palette.text_on(ground)
    spark = (
        palette.accent if contrast(palette.accent, ground) >= _APART else palette.accent_on(ground, VISIBLE)
    )
    near = contrast(palette.accent, ground) >= _NEARLY
    return Scheme(ground, mass, spark, ink, palette.accent_on(ground) if near else ink)


def _steps(far: Colour, middle: Colour, near: Colour) -> tuple[Colour, ...]:
    half = LAYERS // 2
    first = [mixed(far, middle, step / half) for step in range(half)]
    return (*first, *(mixed(middle, near, step / half) for step in range(half + 1)))


def _off(colour: Colour, ground: Colour, palette: Palette) -> Colour:
    """The colour, lightened until it can be told from a dark ground."""
    for share in (0.0, 0.15, 0.3, 0.45, 0.6):
        tint = mixed(colour, palette.paper if luminance(palette.paper) > 0.3 else palette.ink, share)
        if contrast(tint, ground) >= 1.9:
            return tint
    return tint


SCHEMES: Mapping[str, Callable[[Palette], Scheme]] = {
    "day": day,
    "night": night,
    "deep": deep,
    "bright": bright,
}
