"""Takes the key frame with the most detail for a video's cover."""

import re
from collections.abc import Iterator
from contextlib import suppress
from math import inf
from pathlib import Path

from nightdesk.kit.endings import Refused
from nightdesk.media.ffmpeg import UNDECODED, Ffmpeg, source
from nightdesk.media.ffmpeg_ends import judge

_LIST = 4 << 20
"""Bytes; a packet has a line of about 60, and the longest video 27,000 pictures."""

_TICK = re.compile(rb"^#tb 0: (\d+)/(\d+)", re.M)
_KEY = re.compile(rb"^0,\s*-?\d+,\s*(-?\d+),\s*\d+,\s*(\d+),\s*0x[0-9a-f]+\s*$", re.M)
"""A line of ffmpeg's framecrc: when it is shown, and its bytes; flags follow where it is no key frame."""


async def cover(
    ffmpeg: Ffmpeg,
    video: Path,
    folder: Path,
    target: Path,
    *,
    seconds: float,
    between: tuple[float, float] = (0.0, inf),
) -> float:
    """Writes the key frame of an MP4 (a name inside `folder`) that has the most bytes as PNG; says at which
    second it is shown.

    An encoder that keeps to one quality spends bytes on detail: what is black, blurred or empty takes few.
    Where it can it is one of those `between` two seconds. Raises `Refused` where there is none, and as
    `Ffmpeg.make`.
    """
    listing = ["-map", "0:v:0", "-c", "copy", "-f", "framecrc", "-"]
    # All packets, for those that are left out (`-discard`) confuse ffmpeg about when the others are shown.
    told = await ffmpeg.ask(
        [*source(video.name, "mov", *UNDECODED), *listing], folder, seconds=seconds, output=_LIST
    )
    with suppress(Refused):
        judge(told, seconds)
    keys = list(_keys(told.stdout))
    if not keys:
        raise Refused("bad media: there is no frame to take a cover from. Render the video again.")
    at, _size = max(keys, key=lambda key: (between[0] <= key[0] < between[1], key[1]))
    picture = ["-map", "0:v:0", "-frames:v", "1", "-update", "1"]
    picture += ["-c:v", "png", "-compression_level", "1", "-f", "image2"]
    reading = source(video.name, "mov", "-ss", f"{at:.4f}")
    await ffmpeg.make([*reading, *picture], folder, target, seconds=seconds, frames=1)
    return at


def _keys(listed: bytes) -> Iterator[tuple[float, int]]:
    """Of each key frame the second at which it is shown, and its bytes."""
    tick = _TICK.search(listed)
    if tick is None:
        return
    for shown, size in _KEY.findall(listed):
        yield int(shown) * int(tick[1]) / int(tick[2]), int(size)
