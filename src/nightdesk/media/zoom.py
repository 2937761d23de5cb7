"""Zooms into a picture around a point that stays where it is, scaled from there outwards."""

from dataclasses import dataclass

import numpy as np

from nightdesk.media.planes import Frame, Plane, Planes

_BEYOND = 4
"""Rows and columns of the picture's edge that are repeated, where rounding looks over it."""

Point = tuple[int, int]


@dataclass(frozen=True)
class _Quarter:
    """What is seen on one side of the point, turned so that it begins there.

    `turn` is what `cv2.flip` turns it back by, None for the quarter right below the point.
    """

    source: Plane
    left: int
    top: int
    right: int
    bottom: int
    turn: int | None


class Zoom:
    """One picture from nearer or farther: its point `there` is always `here` in the frame.

    Both are (x, y) in pixels, all of them even so that U and V are parted at whole pixels too.
    """

    def __init__(self, picture: Planes, size: tuple[int, int], here: Point, there: Point) -> None:
        self._quarters = [
            _quarters(plane, (size[0] // part, size[1] // part), _shared(here, part), _shared(there, part))
            for plane, part in ((picture.y, 1), (picture.u, 2), (picture.v, 2))
        ]

    def shoot(self, step: float, frame: Frame) -> None:
        """Fills a frame with the picture; from one pixel to the next it goes `step` pixels, 1 or more."""
        for plane, quarters in zip((frame.y, frame.u, frame.v), self._quarters, strict=True):
            for quarter in quarters:
                _scale(quarter, step, plane)


def _scale(quarter: _Quarter, step: float, plane: Plane) -> None:
    import cv2  # noqa: PLC0415

    target = plane[quarter.top : quarter.bottom, quarter.left : quarter.right]
    height, width = target.shape
    part = quarter.source[: int(height * step) + _BEYOND, : int(width * step) + _BEYOND]
    scaled = _warped(part, step) if _as_large(part, step) else _resized(part, step)
    if quarter.turn is None:
        target[:] = scaled[:height, :width]
    else:
        cv2.flip(scaled[:height, :width], quarter.turn, target)


def _as_large(part: Plane, step: float) -> bool:
    """Whether it would be as large as before, by whole pixels: OpenCV then takes it as it is."""
    return all(round(side / step) == side for side in part.shape)


def _resized(part: Plane, step: float) -> Plane:
    import cv2  # noqa: PLC0415

    # Where a size is asked for, the scale is that of whole pixels, and the picture trembles.
    return cv2.resize(part, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_LINEAR)  # type: ignore[return-value]


def _warped(part: Plane, step: float) -> Plane:
    """The same in three times the time."""
    import cv2  # noqa: PLC0415

    matrix = np.array([[step, 0, (step - 1) / 2], [0, step, (step - 1) / 2]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (part.shape[1], part.shape[0])
    return cv2.warpAffine(part, matrix, size, None, flags, cv2.BORDER_REPLICATE)  # type: ignore[return-value]


def _shared(point: Point, part: int) -> Point:
    return point[0] // part, point[1] // part


def _quarters(plane: Plane, size: tuple[int, int], here: Point, there: Point) -> list[_Quarter]:
    (x, y), (u, v), (width, height) = here, there, size
    found = [
        _Quarter(_from_point(plane[v:, u:], None), x, y, width, height, None),
        _Quarter(_from_point(plane[v:, :u], 1), 0, y, x, height, 1),
        _Quarter(_from_point(plane[:v, u:], 0), x, 0, width, y, 0),
        _Quarter(_from_point(plane[:v, :u], -1), 0, 0, x, y, -1),
    ]
    return [quarter for quarter in found if quarter.right > quarter.left and quarter.bottom > quarter.top]


def _from_point(part: Plane, turn: int | None) -> Plane:
    import cv2  # noqa: PLC0415

    if not part.size:
        return part
    turned = part if turn is None else cv2.flip(part, turn)
    return cv2.copyMakeBorder(turned, 0, _BEYOND, 0, _BEYOND, cv2.BORDER_REPLICATE)  # type: ignore[return-value]
