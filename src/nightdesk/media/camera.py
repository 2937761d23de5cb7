"""Moves a camera over a still picture by fractions of a pixel, plane by plane."""

import math
import random
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nightdesk.media.moves import Move
from nightdesk.media.planes import Frame, Plane, Planes, opened, planes
from nightdesk.media.zoom import Zoom

CLOSER = 1.12
"""How much closer the camera gets within the time of a move."""

PAN_ZOOM = 1.10
PAN_A_SECOND = 0.05
"""The most that a pan covers in a second, as a share of the frame's side."""

WIDEST = 3.0
"""Of a picture far wider or taller than the frame, so many frames' worth around its middle are kept."""

_OFF_CENTRE = 0.35


def chosen(seed: int, width: int, height: int, frame: tuple[int, int]) -> Move:
    """A move that suits a picture of that size in a `frame`, the same for the same seed."""
    aspect = (width / height) / (frame[0] / frame[1])
    likely: tuple[Move, ...] = ("push-in", "pull-out")
    if aspect > 1.3:
        likely = ("pan-left", "pan-right", "push-in")
    elif aspect < 0.77:
        likely = ("pan-up", "pan-down", "push-in")
    return random.Random(seed).choice(likely)  # noqa: S311 (nothing secret)


def eased(share: float) -> float:
    """Time as the camera feels it: starts and ends at half speed, and never stands still."""
    return share - 0.5 * math.sin(2 * math.pi * share) / (2 * math.pi)


class Camera:
    """Films one picture; a move takes `seconds`, and every moment of it can be asked for."""

    def __init__(
        self,
        content: bytes,
        size: tuple[int, int],
        move: Move,
        *,
        seconds: float,
        seed: int = 0,
    ) -> None:
        """`size`: width and height of the frames, both even. Raises `Refused` for what is no picture."""
        self._size = size
        self._closest = {"still": 1.0, "push-in": CLOSER, "pull-out": CLOSER}.get(move, PAN_ZOOM)
        self._picture = _prepared(content, size, self._closest)
        self._zoom: Zoom | None = None
        self._way = (0.0, 0.0)
        if move in ("push-in", "pull-out"):
            self._steps = (CLOSER, 1.0) if move == "push-in" else (1.0, CLOSER)
            self._zoom = Zoom(self._picture, size, *self._anchored(seed))
        elif move != "still":
            self._way = self._panned(move, seconds)

    def shoot(self, share: float, frame: Frame) -> None:
        """Fills a frame with what is seen after a `share` (0 to 1) of the time."""
        share = eased(min(max(share, 0.0), 1.0))
        if self._zoom is not None:
            first, last = self._steps
            self._zoom.shoot(first * (last / first) ** share, frame)
            return
        across, down = (way * (1 - 2 * share) for way in self._way)
        for source, target, part in (
            (self._picture.y, frame.y, 1.0),
            (self._picture.u, frame.u, 0.5),
            (self._picture.v, frame.v, 0.5),
        ):
            _shift(source, target, across * part, down * part)

    def _anchored(self, seed: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """What the camera zooms to: a point of the frame and the same one of the picture, all even."""
        dice = random.Random(seed)  # noqa: S311 (nothing secret)
        here, there = list[int](), list[int]()
        for side, whole in zip(self._size, self._picture.size, strict=True):
            # From so far off the middle the nearest view leaves the middle by a share of the room it has.
            off = dice.uniform(-_OFF_CENTRE, _OFF_CENTRE) * (whole - side) / 2 / (CLOSER - 1)
            point = round((side / 2 + min(max(off, -side / 2), side / 2)) / 2) * 2
            here.append(point)
            there.append(min(max(round((whole / 2 + (point - side / 2) * CLOSER) / 2) * 2, 0), whole))
        return (here[0], here[1]), (there[0], there[1])

    def _panned(self, move: Move, seconds: float) -> tuple[float, float]:
        """How far from the middle a pan begins, in pixels to the right and down; it ends as far beyond."""
        across = move in ("pan-left", "pan-right")
        axis = 0 if across else 1
        room = max(0.0, (self._picture.size[axis] - self._size[axis]) / 2)
        half = min(room, self._size[axis] * PAN_A_SECOND * seconds / 2)
        first = half if move in ("pan-left", "pan-up") else -half
        return (first, 0.0) if across else (0.0, first)


def frames(
    camera: Camera, first: int, last: int, whole: tuple[int, int], size: tuple[int, int]
) -> Iterator[Frame]:
    """Frames `first` up to `last` of a scene whose camera would move from `whole[0]` up to `whole[1]`.

    The frame given is used again for the one after the next: take what is wanted of it before.
    """
    pair = (Frame(*size), Frame(*size))
    span = max(whole[1] - whole[0] - 1, 1)
    for number in range(first, last):
        frame = pair[number % 2]
        camera.shoot((number - whole[0]) / span, frame)
        yield frame


def _prepared(content: bytes, size: tuple[int, int], closest: float) -> Planes:
    """The picture scaled so that it fills the frame and that, at its closest, a pixel is a pixel."""
    from PIL import Image  # noqa: PLC0415

    found = opened(content).convert("RGB")
    scale = max(size[0] / found.width, size[1] / found.height) * closest
    limit = [min(found.width, WIDEST * size[0] / scale), min(found.height, WIDEST * size[1] / scale)]
    left, top = (found.width - limit[0]) / 2, (found.height - limit[1]) / 2
    working = [
        max(math.ceil(side * closest), math.floor(kept * scale)) // 2 * 2
        for side, kept in zip(size, limit, strict=True)
    ]
    box = (left, top, left + limit[0], top + limit[1])
    wanted = (working[0], working[1])
    if scale > 1:
        return planes(_enlarged(np.asarray(found.crop(box)), wanted))
    return planes(np.asarray(found.resize(wanted, Image.Resampling.LANCZOS, box=box)))


def _enlarged(rgb: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """A tenth of the work of Pillow's: what is enlarged has nothing too fine that a filter had to remove."""
    import cv2  # noqa: PLC0415

    return cv2.resize(rgb, size, interpolation=cv2.INTER_CUBIC)  # type: ignore[return-value]


def _shift(source: Plane, target: Plane, x: float, y: float) -> None:
    """Fills `target` with `source` seen around its middle plus (x, y)."""
    import cv2  # noqa: PLC0415

    height, width = target.shape
    middle = ((source.shape[1] - 1) / 2 + x, (source.shape[0] - 1) / 2 + y)
    cv2.getRectSubPix(source, (width, height), middle, target)
