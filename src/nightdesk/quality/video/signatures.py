"""Marks of how frames look, by which footage that was shown before is known again.

A difference hash (Krawetz, "Kind of Like That", 2013): a frame of 9 x 8 grey pixels, and for each the one
bit whether it is lighter than its left neighbour. Scaling, encoding and a change of light leave it alone.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

WIDE, HIGH = 9, 8
NOTHING = 0
"""The mark of a frame that shows too little to be known again: one colour, black."""

SAME = 6
"""Bits of 64 that may differ; cards of one brand with other words differ in 11 or more, measured."""

_LEAST_SPREAD = 4.0
_WEIGHTS = (np.uint64(1) << np.arange(64, dtype=np.uint64)).astype(np.uint64)


def signature(frames: NDArray[np.uint8]) -> tuple[int, ...]:
    """A signed 64-bit number for each frame (count x 8 x 9, grey)."""
    if not len(frames):
        return ()
    rises = (frames[:, :, 1:].astype(np.int16) > frames[:, :, :-1]).reshape(len(frames), 64)
    marks = (rises * _WEIGHTS).sum(axis=1, dtype=np.uint64).view(np.int64)
    spread = frames.reshape(len(frames), -1).astype(np.float64).std(axis=1)
    telling: NDArray[np.int64] = np.where(spread >= _LEAST_SPREAD, marks, NOTHING)
    return tuple(int(mark) for mark in telling)


def known(now: Sequence[int], before: Iterable[int]) -> NDArray[np.bool_]:
    """For each mark whether one of those `before` differs from it in at most `SAME` bits."""
    mine = np.array(now, dtype=np.int64).view(np.uint64)
    theirs = np.array([mark for mark in before if mark != NOTHING], dtype=np.int64).view(np.uint64)
    if not len(mine) or not len(theirs):
        return np.zeros(len(mine), dtype=np.bool_)
    apart = np.bitwise_count(mine[:, None] ^ theirs[None, :])
    return np.asarray((apart.min(axis=1) <= SAME) & (mine != NOTHING))
