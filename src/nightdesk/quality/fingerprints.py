"""A small mark of what a text says, by which the nearest of many pieces are found without reading them."""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nightdesk.quality.words import words

RUN = 5
_KEPT = np.uint64(15)
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


def fingerprint(text: str) -> list[int]:
    """About one number for every 16 words, as a database keeps it (signed, 64 bits), in no order of the text.

    Every sixteenth run is chosen by its own value (a FracMinHash sketch). Irber et al. 2022: the share of one
    sketch's numbers that another holds too estimates, without bias, the share of the whole text that the
    other holds.
    """
    found = runs(words(text))
    kept: NDArray[np.uint64] = found[(found & _KEPT) == 0]
    return [int(number) for number in kept.view(np.int64)]
