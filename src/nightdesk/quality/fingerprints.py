"""A small mark of what a text says, by which the nearest of many pieces are found without reading them."""

import zlib
from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from nightdesk.quality.words import words

I = TypeVar("I")  # noqa: E741

RUN = 5
_KEPT = np.uint64(3)
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


def runs(said: Sequence[str]) -> NDArray[np.uint64]:
    """One number for each run of five words, each once, in order; the same on every machine."""
    if len(said) < RUN:
        return np.empty(0, dtype=np.uint64)
    numbers = np.fromiter((zlib.crc32(word.encode()) for word in said), dtype=np.uint64, count=len(said))
    windows = np.lib.stride_tricks.sliding_window_view(numbers, RUN)
    packed = np.zeros(len(windows), dtype=np.uint64)
    # Arithmetic wraps at 2^64; the shift carries the high bits, which multiplication mixes best, down again.
    for column in range(RUN):
        packed = (packed ^ windows[:, column]) * _FACTOR
        packed ^= packed >> np.uint64(29)
    return np.unique(packed)


def fingerprint(text: str) -> bytes:
    """About 2 bytes for each word: every fourth run, chosen by its own value (a FracMinHash sketch).

    Irber et al. 2022: the share of one sketch's numbers that another holds too estimates, without bias, the
    share of the whole text that the other holds.
    """
    found = runs(words(text))
    kept: NDArray[np.uint64] = found[(found & _KEPT) == 0]
    return bytes(kept.tobytes())


def nearest(own: bytes, library: Iterable[tuple[I, bytes]], limit: int = 5) -> list[I]:
    """The ids of the pieces whose fingerprints share most with `own`, nearest first, none without a share."""
    mine = np.frombuffer(own, dtype=np.uint64)
    theirs = ((piece, np.frombuffer(marks, dtype=np.uint64)) for piece, marks in library)
    shared = [(int(np.isin(mine, marks, assume_unique=True).sum()), piece) for piece, marks in theirs]
    ranked = sorted((pair for pair in shared if pair[0]), key=lambda pair: -pair[0])
    return [piece for _, piece in ranked[:limit]]
