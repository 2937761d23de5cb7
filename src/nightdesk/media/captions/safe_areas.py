"""Where on a frame nothing of a platform's own lies: buttons, names, descriptions.

All as shares of a 9:16 frame of 1080 x 1920 pixels, looked up in November 2026:

- YouTube Shorts: 288 px at the top, 672 at the bottom, 48 at the left, 192 at the right (Google Ads Help,
  "About video ad specs", safe zones of vertical videos, support.google.com/google-ads/answer/13547298).
- Instagram Reels: 14 % at the top, 35 % at the bottom, 6 % at each side (Meta Business Help Centre, "About
  safe zones for Stories and Reels ads").
- TikTok gives templates instead of numbers, which change with the length of a description; its buttons take
  up to 164 px at the right, its description up to 370 px at the bottom, its tabs 130 px at the top, and its
  templates leave 120 px at the left.
- Elsewhere: graphics stay 5 % from each edge (EBU R 95, "Safe areas for 16:9 television production").
"""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Margins:
    """What stays free at each edge, as shares of the frame's height or width."""

    top: float
    right: float
    bottom: float
    left: float

    def within(self, other: "Margins") -> "Margins":
        """What is safe here and there."""
        return Margins(
            max(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
            max(self.left, other.left),
        )


@dataclass(frozen=True)
class Area:
    """A rectangle of a frame in pixels, right and bottom outside of it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left


PLAIN = Margins(0.05, 0.05, 0.05, 0.05)
VERTICAL = {
    "youtube": Margins(288 / 1920, 192 / 1080, 672 / 1920, 48 / 1080),
    "instagram": Margins(0.14, 0.06, 0.35, 0.06),
    "tiktok": Margins(130 / 1920, 164 / 1080, 370 / 1920, 120 / 1080),
}
TALL = 1.5
"""Frames higher than so many times their width are shown with buttons over them."""


def safe_area(width: int, height: int, platforms: Collection[str] = tuple(VERTICAL)) -> Area:
    """What no named platform covers, or none at all where none is named.

    A name that it does not know is no platform with buttons of its own.
    """
    margins = PLAIN
    if height > TALL * width:
        for name in platforms or VERTICAL:
            margins = margins.within(VERTICAL.get(name, PLAIN))
    return Area(
        round(margins.left * width),
        round(margins.top * height),
        round((1 - margins.right) * width),
        round((1 - margins.bottom) * height),
    )
