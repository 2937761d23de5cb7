"""Finds the frames of a video that show most: sharp, neither dark nor glaring, in no transition, apart."""

import asyncio
import math
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from nightdesk.kit.endings import Refused
from nightdesk.media.ffmpeg import Ffmpeg, Told, source, tell_nobody
from nightdesk.media.planes import opened
from nightdesk.media.probe import lend
from nightdesk.media.sniffing import MP4
from nightdesk.media.thumbnails.wanted import Corner

Rgb = NDArray[np.uint8]

RATE, LONGEST = 4, 150
"""Frames a second that are looked at, and seconds from the start."""

_ACROSS = 96
_DARK, _GLARING = 40.0, 215.0
_JUMP, _LEAST_JUMP = 2.5, 6.0
_APART, _UNLIKE = 1.2, 18.0
"""Seconds between two frames, and steps of colour from which they show something else."""

_NEARBY = 5
_LOOKED = 0.7
"""Of finding frames, what it takes to look through the video."""


@dataclass(frozen=True)
class Part:
    """The part of each frame that is used, as shares of its width and height."""

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0

    @property
    def crop(self) -> str:
        """As ffmpeg's filter."""
        across, down = self.right - self.left, self.bottom - self.top
        return f"crop=trunc(iw*{across:g}/2)*2:trunc(ih*{down:g}/2)*2:iw*{self.left:g}:ih*{self.top:g}"


def clear_part(size: tuple[int, int], captioned: bool, watermark: Corner | None) -> Part:
    """What is left of frames without their captions and the corner of their logo.

    Captions stay below 53 % of the height of upright frames and 73 % of others: two lines of the largest
    style over the lower margins of `media.captions.safe_areas`. A logo of 12 % of the width takes, with its
    margins, the upper 12 % of upright frames and 18 % of the width of others.
    """
    upright = size[1] > 1.2 * size[0]
    bottom = (0.53 if upright else 0.73) if captioned else 1.0
    if watermark is None or (watermark.startswith("bottom") and captioned):
        return Part(bottom=bottom)
    if upright:
        return Part(top=0.12, bottom=bottom) if watermark.startswith("top") else Part(bottom=0.88)
    beside = Part(left=0.18, bottom=bottom) if watermark.endswith("left") else Part(right=0.82, bottom=bottom)
    return beside


def drawn_part(below: float, watermark: Corner | None) -> Part:
    """What lies below all type, without a logo there."""
    return Part(top=below, bottom=0.88 if watermark and watermark.startswith("bottom") else 1.0)


@dataclass(frozen=True)
class Still:
    """A frame in full size (height x width x 3), and when it is shown, in seconds."""

    at: float
    pixels: Rgb


@dataclass(frozen=True)
class Search:
    """Where frames are looked for: in a video whose frames are `size` and that takes so many `seconds`, in
    that `part` of each frame, `between` two of its seconds; and how many of them."""

    size: tuple[int, int]
    part: Part
    seconds: float
    between: tuple[float, float] | None = None
    count: int = 3


async def best_frames(
    ffmpeg: Ffmpeg, video: Path, wanted: Search, *, seconds: float, told: Told = tell_nobody
) -> list[Still]:
    """Frames of an MP4, the best first; fewer where it has not as many. `told` hears how much is done.

    Raises `Refused` where there is no frame at all, and what ffmpeg's endings raise.
    """
    with TemporaryDirectory(prefix="nightdesk-frames-") as made:
        folder = Path(made)
        lend(video, folder, "in.mp4")
        small = await _small(ffmpeg, folder, wanted, seconds, told)
        first, last = _places(wanted.between, len(small))
        places = [first + at for at in await asyncio.to_thread(chosen, small[first:last], wanted.count)]
        stills: list[Still] = []
        for place in places:
            stills.append(await _whole(ffmpeg, folder, place, wanted.part, seconds))
            told(_LOOKED + (1 - _LOOKED) * len(stills) / len(places))
        return stills


async def _small(ffmpeg: Ffmpeg, folder: Path, wanted: Search, seconds: float, told: Told) -> Rgb:
    size, part = wanted.size, wanted.part
    wide, high = size[0] * (part.right - part.left), size[1] * (part.bottom - part.top)
    height = max(2, round(high * _ACROSS / wide))
    looks = f"fps={RATE},{part.crop},scale={_ACROSS}:{height}:flags=area,format=rgb24"
    frame = _ACROSS * height * 3
    whole, read = max(RATE * min(wanted.seconds, LONGEST), 1) * frame, 0

    def hear(piece: bytes) -> None:
        nonlocal read
        read += len(piece)
        told(_LOOKED * min(read / whole, 1.0))

    done = await ffmpeg.ask(
        [*source("in.mp4", MP4.demuxer, "-t", str(LONGEST)), "-an", "-vf", looks, "-f", "rawvideo", "pipe:1"],
        folder,
        seconds=seconds,
        output=(RATE * LONGEST + RATE) * frame,
        told=hear,
    )
    count = len(done.stdout) // frame
    if not done.well or not count:
        raise Refused("bad media: there is no frame to make a thumbnail of")
    return np.frombuffer(done.stdout, np.uint8, count * frame).reshape(count, height, _ACROSS, 3)


async def _whole(ffmpeg: Ffmpeg, folder: Path, place: int, part: Part, seconds: float) -> Still:
    at = place / RATE
    target = folder / f"{place}.png"
    one = ["-map", "0:v:0", "-vf", part.crop, "-frames:v", "1", "-update", "1"]
    written = ["-c:v", "png", "-compression_level", "1", "-f", "image2"]
    await ffmpeg.make(
        [*source("in.mp4", MP4.demuxer, "-ss", f"{at:.3f}"), *one, *written],
        folder,
        target,
        seconds=seconds,
        frames=1,
    )
    content = await asyncio.to_thread(target.read_bytes)
    return Still(at, np.asarray(opened(content).convert("RGB")))


def _places(between: tuple[float, float] | None, count: int) -> tuple[int, int]:
    """The frames between two seconds; all where there is none between them."""
    if between is None:
        return 0, count
    first, last = math.ceil(between[0] * RATE), math.floor(min(between[1], LONGEST + 1) * RATE)
    return (first, min(last, count)) if first < min(last, count) else (0, count)


def chosen(frames: Rgb, count: int) -> list[int]:
    """Places of the best frames, the best first; those too near to a better one, or like it, come last."""
    worth = _worth(frames)
    order = sorted(range(len(frames)), key=lambda place: (-worth[place], place))
    apart = min(_APART * RATE, len(frames) / (2 * count))
    found: list[int] = []
    for unlike in (_UNLIKE, 0.0):
        for place in order:
            near = (abs(place - other) < apart or _distance(frames, place, other) < unlike for other in found)
            if len(found) < count and place not in found and not any(near):
                found.append(place)
    return found


def _distance(frames: Rgb, one: int, other: int) -> float:
    """How far two frames are from each other, in steps of 0 to 255 a colour."""
    return float(np.abs(frames[one].astype(np.int16) - frames[other]).mean())


def _worth(frames: Rgb) -> NDArray[np.float64]:
    """How well each frame would do: its sharpness and colour, far less where something is wrong with it."""
    import cv2  # noqa: PLC0415

    gray = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames]
    sharp = np.array([cv2.Laplacian(each, cv2.CV_64F).var() for each in gray])
    light = np.array([each.mean() for each in gray])
    worth = _ranked(sharp) + 0.4 * _ranked(np.array([_colourful(frame) for frame in frames]))
    worth[(light < _DARK) | (light > _GLARING)] -= 2.0
    worth[_changing(np.stack(gray))] -= 1.0
    return worth


def _changing(gray: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Frames around which more changes than usual: a cut, or one picture fading into another."""
    if len(gray) < _NEARBY + 2:
        return np.zeros(len(gray), dtype=np.bool_)
    steps = np.abs(np.diff(gray.astype(np.float32), axis=0)).mean(axis=(1, 2))
    # What is usual differs from scene to scene: a clip moves all the time, a picture hardly.
    around = np.lib.stride_tricks.sliding_window_view(np.pad(steps, _NEARBY, mode="reflect"), 2 * _NEARBY + 1)
    wild = steps > np.maximum(np.median(around, axis=1) * _JUMP, _LEAST_JUMP)
    changing = np.zeros(len(gray), dtype=np.bool_)
    changing[:-1] |= wild
    changing[1:] |= wild
    # The first frame often fades in, and nothing before it could tell.
    changing[0] = True
    return changing


def _colourful(frame: Rgb) -> float:
    """Colourfulness (Hasler and Suesstrunk, "Measuring colorfulness in natural images", 2003)."""
    red, green, blue = np.moveaxis(frame.astype(np.float64), 2, 0)
    one, other = red - green, (red + green) / 2 - blue
    return float(np.hypot(one.std(), other.std()) + 0.3 * np.hypot(one.mean(), other.mean()))


def _ranked(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each value's place among all, from 0 to 1."""
    return np.asarray(values.argsort().argsort() / max(len(values) - 1, 1), dtype=np.float64)


def textured(still: Still, tint: tuple[int, int, int]) -> Still:
    """The frame blurred and tinted until none of its letters can be read, as a ground for other type."""
    import cv2  # noqa: PLC0415

    small = cv2.resize(still.pixels, (8, 8), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(
        cv2.resize(small, still.pixels.shape[1::-1], interpolation=cv2.INTER_CUBIC), (0, 0), 30
    )
    mixed = Image.blend(Image.fromarray(soft), Image.new("RGB", still.pixels.shape[1::-1], tint), 0.45)
    return Still(still.at, np.asarray(mixed))
