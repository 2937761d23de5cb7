"""Crosses from one scene to the next: a fade through what both have of colour, so that no texts overlap."""

import math

from nightdesk.media.planes import Frame

_COARSE = 180
"""Pixels that one spot of the veil takes: larger than a letter of a heading."""

_SOON = 0.6
"""The exponent by which the veil comes earlier than the next scene."""


def cross(leaving: Frame, coming: Frame, share: float, mixed: Frame) -> None:
    """Fills `mixed` with what is seen after a `share` (0 to 1) of the crossing.

    The scenes fade into each other behind a veil, their own mixture without any detail, which is thickest
    half way: what is written in the one is gone before what is written in the other can be read.
    """
    import cv2  # noqa: PLC0415

    turned = 0.5 - 0.5 * math.cos(math.pi * share)
    veiled = math.sin(math.pi * min(max(share, 0.0), 1.0)) ** _SOON
    for name in ("y", "u", "v"):
        old, new, out = (getattr(frame, name) for frame in (leaving, coming, mixed))
        height, width = out.shape
        spot = max(1, _COARSE * width // mixed.y.shape[1])
        cv2.addWeighted(old, 1 - turned, new, turned, 0, out)
        spots = cv2.resize(out, (max(2, width // spot), max(2, height // spot)), interpolation=cv2.INTER_AREA)
        veil = cv2.resize(spots, (width, height), interpolation=cv2.INTER_LINEAR)
        cv2.addWeighted(out, 1 - veiled, veil, veiled, 0, out)
