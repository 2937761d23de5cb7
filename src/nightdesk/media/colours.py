"""Colour arithmetic for cards and thumbnails: contrast that can be read, tints that look evenly spaced.

Contrast is WCAG 2.2's ratio (1 to 21; 4.5 for text at level AA, 3 for shapes). Mixing is done in Oklab
(Ottosson 2020, https://bottosson.github.io/posts/oklab/), where equal steps look equal.
"""

import re
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Colour = tuple[int, int, int]

READABLE = 4.5
VISIBLE = 3.0
_APART = 1.5
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_FROM_LAB = np.linalg.inv(_TO_LAB)
_FROM_LMS = np.linalg.inv(_TO_LMS)


def parsed(spelled: str, otherwise: Colour) -> Colour:
    """`#rrggbb` or `#rgb` as a colour; `otherwise` for anything else."""
    found = re.fullmatch(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})", spelled.strip())
    if found is None:
        return otherwise
    digits = found[1] if len(found[1]) == 6 else "".join(2 * digit for digit in found[1])
    return (int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))


def linear(srgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """sRGB values of 0 to 1 as linear light (IEC 61966-2-1)."""
    light: NDArray[np.float64] = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return light


def luminance(colour: Colour) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    return float(linear(np.array(colour) / 255) @ np.array([0.2126, 0.7152, 0.0722]))


def contrast(one: Colour, other: Colour) -> float:
    """The WCAG contrast ratio, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def to_oklab(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shape (..., 3), sRGB of 0 to 255, to Oklab."""
    lab: NDArray[np.float64] = np.cbrt(linear(colours / 255) @ _TO_LMS.T) @ _TO_LAB.T
    return lab


def from_oklab(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shape (..., 3), Oklab to sRGB of 0 to 255, clipped to what a screen can show, not rounded."""
    light = np.clip((lab @ _FROM_LAB.T) ** 3 @ _FROM_LMS.T, 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055) * 255


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """`one` with `share` (0 to 1) of `other` in it."""
    lab = to_oklab(np.array([one, other], dtype=np.float64))
    return _colour(from_oklab(lab[0] * (1 - share) + lab[1] * share))


def with_lightness(colour: Colour, lightness: float) -> Colour:
    """The colour at an Oklab lightness of 0 to 1, its hue kept."""
    lab = to_oklab(np.array(colour, dtype=np.float64))
    scale = lightness / lab[0] if lightness < lab[0] and lab[0] > 0 else 1.0
    return _colour(from_oklab(np.array([lightness, lab[1] * scale, lab[2] * scale])))


def readable(wanted: Colour, on: Colour, *others: Colour, least: float = READABLE) -> Colour:
    """`wanted` where it reaches `least` on `on`, else its nearest shade that does, else the best of the rest.

    White and black are always among the rest; one of them reaches 4.58 on any colour.
    """
    if contrast(wanted, on) >= least:
        return wanted
    lab = to_oklab(np.array(wanted, dtype=np.float64))
    steps = np.linspace(0.02, 0.30, 15)
    for step in steps:
        for lightness in (lab[0] - step, lab[0] + step):
            shade = with_lightness(wanted, float(np.clip(lightness, 0, 1)))
            if contrast(shade, on) >= least:
                return shade
    enough = [colour for colour in others if contrast(colour, on) >= least]
    return enough[0] if enough else max((WHITE, BLACK, *others), key=lambda colour: contrast(colour, on))


def _colour(values: NDArray[np.float64]) -> Colour:
    red, green, blue = (round(float(value)) for value in values)
    return (red, green, blue)


class Coloured(Protocol):
    """Whatever says a brand's colours, each as `#rrggbb`."""

    @property
    def primary(self) -> str: ...

    @property
    def accent(self) -> str: ...

    @property
    def background(self) -> str: ...

    @property
    def text(self) -> str: ...


_OTHERWISE = {"primary": "#1d3557", "accent": "#e63946", "background": "#f1faee", "text": "#14213d"}


@dataclass(frozen=True)
class Palette:
    """A brand's four colours, parsed, and what can be read on what."""

    primary: Colour
    accent: Colour
    paper: Colour
    ink: Colour

    @classmethod
    def of(cls, brand: Coloured) -> "Palette":
        """The brand's colours; one that cannot be read as a colour is replaced by the default brand's.

        A primary that cannot be told from the background is shaded until it can.
        """
        primary, accent, paper, ink = (
            parsed(getattr(brand, name), parsed(otherwise, BLACK)) for name, otherwise in _OTHERWISE.items()
        )
        return cls(readable(primary, paper, accent, ink, least=_APART), accent, paper, ink)

    def text_on(self, *grounds: Colour) -> Colour:
        """The brand's text colour where it is readable on all `grounds`; else its paper, white or black."""
        choices = (self.ink, self.paper, WHITE, BLACK)
        enough = (colour for colour in choices if _least(colour, grounds) >= READABLE)
        return next(enough, max((WHITE, BLACK), key=lambda colour: _least(colour, grounds)))

    def accent_on(self, ground: Colour, least: float = READABLE) -> Colour:
        """The accent, lightened or darkened until it stands out on `ground`."""
        return readable(self.accent, ground, self.text_on(ground), least=least)


def _least(colour: Colour, grounds: tuple[Colour, ...]) -> float:
    return min(contrast(colour, ground) for ground in grounds)
