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

MOVES = 4 * RATE
"""Frames in whole numbers of which a camera's move lasts: a scene that becomes a little shorter or longer
keeps its pace, and with it its beginning."""


@dataclass(frozen=True)
class Shot:
    """Frames `first` up to `last` of a scene, counted from its start.

    Its camera begins to move at frame `begins`, and would be there at frame `ends`, which may come after the
    scene's last. A crossing shows frames before a scene's first, so these may be negative.
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


def _arrives(begins: int, ends: int) -> int:
    """When a move from frame `begins` is over that is to last until frame `ends` at least."""
    return begins + -(-(ends - begins) // MOVES) * MOVES


def cut(lengths: Sequence[int]) -> list[Part]:
    """The parts of a video, in order, from its scenes' lengths in frames."""
    crosses = [min(pair) >= SHORTEST for pair in pairwise(lengths)]
    parts: list[Part] = []
    for scene, length in enumerate(lengths):
        before = _HALF if scene and crosses[scene - 1] else 0
        after = _HALF if scene < len(crosses) and crosses[scene] else 0
        ends = _arrives(-before, length + after)
        parts.append(Part((Shot(scene, before, length - after, -before, ends),)))
        if after:
            leaving = Shot(scene, length - _HALF, length + _HALF, -before, ends)
            follows = _HALF if scene + 1 < len(crosses) and crosses[scene + 1] else 0
            arrives = _arrives(-_HALF, lengths[scene + 1] + follows)
            coming = Shot(scene + 1, -_HALF, _HALF, -_HALF, arrives)
            parts.append(Part((leaving, coming)))
    return parts
