"""Cuts a video into parts that are rendered alone: the bodies of scenes, and crossings between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

RATE = 30
CROSSING = 12
"""Frames in which one scene fades into the next, half of them of each scene's own time."""

_HALF = CROSSING // 2
SHORTEST = 24
"""Frames of the shortest scene that crosses into its neighbours; a shorter one is cut hard."""

LONGEST = 15 * 60 * RATE


@dataclass(frozen=True)
class Shot:
    """Frames `first` up to `last` of a scene, counted from its start.

    Its camera moves from frame `begins` up to `ends`. A crossing shows frames before a scene's first and
    after its last, so these may be negative.
    """

    scene: int
    first: int
    last: int
    begins: int
    ends: int


@dataclass(frozen=True)
class Part:
    """One file of the video: a single shot, or two that cross."""

    shots: tuple[Shot, ...]

    @property
    def frames(self) -> int:
        return self.shots[0].last - self.shots[0].first


def whole_frames(seconds: float) -> int:
    """How many frames a scene of so many seconds has."""
    return max(1, round(seconds * RATE))


def cut(lengths: Sequence[int]) -> list[Part]:
    """The parts of a video, in order, from its scenes' lengths in frames."""
    crosses = [min(pair) >= SHORTEST for pair in pairwise(lengths)]
    parts: list[Part] = []
    for scene, length in enumerate(lengths):
        before = _HALF if scene and crosses[scene - 1] else 0
        after = _HALF if scene < len(crosses) and crosses[scene] else 0
        parts.append(Part((Shot(scene, before, length - after, -before, length + after),)))
        if after:
            leaving = Shot(scene, length - _HALF, length + _HALF, -before, length + _HALF)
            follows = _HALF if scene + 1 < len(crosses) and crosses[scene + 1] else 0
            coming = Shot(scene + 1, -_HALF, _HALF, -_HALF, lengths[scene + 1] + follows)
            parts.append(Part((leaving, coming)))
    return parts
