"""Moves a camera over a still picture: frames warped with a fraction of a pixel, plane by plane."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nightdesk.media.moves import Move
from nightdesk.media.planes import Frame, Plane, Planes, opened, planes

CLOSER = 1.12
"""How much closer the camera gets within a scene of any length."""

PAN_ZOOM = 1.10
PAN_A_SECOND = 0.05
"""The most that a pan covers in a second, as a share of the frame's side."""

WIDEST = 3.0
"""Of a picture far wider or taller than the frame, so many frames' worth around its middle are kept."""

_OFF_CENTRE = 0.35
_NO_ZOOM = 1e-9


@dataclass(frozen=True)
class Place:
    """Where the camera is: how close, and its aim in pixels of the working picture from the middle."""

    zoom: float
    x: float
    y: float


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
    """Films one picture for a given time; every frame can be asked for by its number."""

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
        closest = {"still": 1.0, "push-in": CLOSER, "pull-out": CLOSER}.get(move, PAN_ZOOM)
        self._picture = _prepared(content, size, closest)
        self._closest = closest
        self._from, self._to = self._path(move, seconds, seed)

    def shoot(self, share: float, frame: Frame) -> None:
        """Fills a frame with what is seen after a `share` (0 to 1) of the time."""
        place = self._at(eased(min(max(share, 0.0), 1.0)))
        scale = place.zoom / self._closest
        for source, target, part in (
            (self._picture.y, frame.y, 1.0),
            (self._picture.u, frame.u, 0.5),
            (self._picture.v, frame.v, 0.5),
        ):
            _warp(source, target, scale, place.x * part, place.y * part)

    def _at(self, share: float) -> Place:
        zoom = self._from.zoom * (self._to.zoom / self._from.zoom) ** share
        return Place(
            zoom,
            self._from.x + (self._to.x - self._from.x) * share,
            self._from.y + (self._to.y - self._from.y) * share,
        )

    def _room(self, zoom: float) -> tuple[float, float]:
        """How far the aim may leave the middle, to either side and up or down, in working pixels."""
        (width, height), seen = self._picture.size, self._closest / zoom
        return max(0.0, (width - self._size[0] * seen) / 2), max(0.0, (height - self._size[1] * seen) / 2)

    def _path(self, move: Move, seconds: float, seed: int) -> tuple[Place, Place]:
        if move == "still":
            return Place(1.0, 0, 0), Place(1.0, 0, 0)
        dice = random.Random(seed)  # noqa: S311 (nothing secret)
        if move in ("push-in", "pull-out"):
            room = self._room(CLOSER)
            near = Place(CLOSER, *(dice.uniform(-_OFF_CENTRE, _OFF_CENTRE) * most for most in room))
            far = Place(1.0, 0, 0)
            return (far, near) if move == "push-in" else (near, far)
        across = move in ("pan-left", "pan-right")
        most = self._room(PAN_ZOOM)[0 if across else 1]
        half = min(most, self._size[0 if across else 1] * PAN_A_SECOND * seconds / 2)
        first, last = (half, -half) if move in ("pan-left", "pan-up") else (-half, half)
        if across:
            return Place(PAN_ZOOM, first, 0), Place(PAN_ZOOM, last, 0)
        return Place(PAN_ZOOM, 0, first), Place(PAN_ZOOM, 0, last)


def frames(
    camera: Camera, first: int, last: int, whole: tuple[int, int], size: tuple[int, int]
) -> Iterator[Frame]:
    """Frames `first` up to `last` of a scene whose camera moves from `whole[0]` up to `whole[1]`.

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
    scaled = found.resize(
        (working[0], working[1]),
        Image.Resampling.LANCZOS,
        box=(left, top, left + limit[0], top + limit[1]),
    )
    return planes(np.asarray(scaled))


def _warp(source: Plane, target: Plane, scale: float, x: float, y: float) -> None:
    """Fills `target` with `source` seen around its middle plus (x, y), `scale` to 1."""
    import cv2  # noqa: PLC0415

    height, width = target.shape
    step = 1 / scale
    middle_x, middle_y = (source.shape[1] - 1) / 2 + x, (source.shape[0] - 1) / 2 + y
    if abs(scale - 1) < _NO_ZOOM:
        # An eighth of what a warp takes.
        cv2.getRectSubPix(source, (width, height), (middle_x, middle_y), target)
        return
    matrix = np.array(
        [
            [step, 0, middle_x - step * (width - 1) / 2],
            [0, step, middle_y - step * (height - 1) / 2],
        ]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    cv2.warpAffine(source, matrix, (width, height), target, flags, cv2.BORDER_REPLICATE)
