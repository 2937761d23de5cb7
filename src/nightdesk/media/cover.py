"""Takes the sharpest of a video's key frames for its cover."""

import re
from math import inf
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nightdesk.kit.endings import Refused
from nightdesk.media.ffmpeg import Ffmpeg, source

_ACROSS = 270
_MOST = 64
_AT = re.compile(rb"pts_time:\s*([\d.]+)")
_TOO_DARK = 24


async def cover(
    ffmpeg: Ffmpeg,
    video: Path,
    folder: Path,
    target: Path,
    size: tuple[int, int],
    *,
    seconds: float,
    between: tuple[float, float] = (0.0, inf),
) -> float:
    """Writes the sharpest key frame of an MP4 (a name inside `folder`) as PNG; says at which second it is.

    Sharpness is the variance of the Laplacian (Pech-Pacheco and others, "Diatom autofocusing in brightfield
    microscopy", ICPR 2000), of those frames that are not almost black if there are any; where it can,
    of those `between` two seconds.
    """
    width = min(_ACROSS, size[0])
    height = round(size[1] * width / size[0])
    small = f"scale={width}:{height}:flags=area,format=gray,showinfo=checksum=0"
    raw = ["-f", "rawvideo", "-frames:v", str(_MOST), "-fps_mode", "passthrough", "pipe:1"]
    keys = await ffmpeg.ask(
        [*source(video.name, "mov", "-skip_frame", "nokey"), "-an", "-vf", small, *raw],
        folder,
        seconds=seconds,
        output=_MOST * width * height,
        level="info",
    )
    times = [float(at) for at in _AT.findall(keys.stderr)]
    count = min(len(times), len(keys.stdout) // (width * height))
    if not keys.well or not count:
        raise Refused("bad media: there is no frame to take a cover from")
    frames = np.frombuffer(keys.stdout, np.uint8, count * width * height).reshape(count, height, width)
    meant = [between[0] <= times[n] < between[1] for n in range(count)]
    at = times[_sharpest(frames, meant)]
    picture = [
        "-map",
        "0:v:0",
        "-frames:v",
        "1",
        "-update",
        "1",
        "-c:v",
        "png",
        "-compression_level",
        "1",
        "-f",
        "image2",
    ]
    await ffmpeg.make(
        [*source(video.name, "mov", "-ss", f"{at:.4f}"), *picture], folder, target, seconds=seconds, frames=1
    )
    return at


def _sharpest(frames: NDArray[np.uint8], meant: list[bool]) -> int:
    import cv2  # noqa: PLC0415

    light = [frame.mean() > _TOO_DARK for frame in frames]
    sharp = [cv2.Laplacian(frame, cv2.CV_64F).var() for frame in frames]
    return max(range(len(frames)), key=lambda at: (meant[at], light[at], sharp[at]))
