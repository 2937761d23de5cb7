"""Finds words in a recording by warping another reading of the same text, whose times are known, onto it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nightdesk.providers.speech.cepstra import WINDOW, Frames, cepstra
from nightdesk.providers.speech.timing import Span

HOP = 0.01
"""Seconds between two frames of the recording."""

_FASTEST = 3
"""Frames of the reading that may pass by in one of the recording; both have as many in all."""

_BAND = 0.2
_LEAST_BAND = 200
# A recording this many times as long as the reading, or as short, is of something else.
_STRETCH = 3.0


def warped(
    recording: bytes, rate: int, reading: bytes, reading_rate: int, spans: Sequence[Span]
) -> list[Span] | None:
    """The spans of words in `recording`, given those in `reading`; None where the two do not go together.

    Both are 16-bit mono samples. Dynamic time warping after Sakoe and Chiba (1978), with a band about the
    diagonal, in which each frame of the recording counts once.
    """
    ours, theirs = _samples(reading), _samples(recording)
    seconds, reading_seconds = len(theirs) / rate, len(ours) / reading_rate
    if not seconds or not 1 / _STRETCH < seconds / (reading_seconds or 1e-9) < _STRETCH:
        return None
    frames = max(round(seconds / HOP), 2)
    hop, reading_hop = seconds / frames, reading_seconds / frames
    path = _path(cepstra(theirs, rate, frames, hop), cepstra(ours, reading_rate, frames, reading_hop))
    at = np.array(spans, np.float64).reshape(-1, 2) / reading_hop
    # A frame tells of the middle of its window.
    middle = WINDOW / 2 / hop - WINDOW / 2 / reading_hop
    starts = np.searchsorted(path, at[:, 0], side="left") + middle
    ends = np.searchsorted(path, at[:, 1], side="left") + middle
    found = np.clip(np.stack([starts, ends], axis=1) * hop, 0.0, seconds)
    return [(float(start), float(end)) for start, end in found]


def _samples(pcm: bytes) -> NDArray[np.float32]:
    return np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768)


def _path(recording: Frames, reading: Frames) -> NDArray[np.int64]:
    """For each frame of the recording the frame of the reading that it goes with; never goes back."""
    frames = len(recording)
    width = min(frames, max(round(_BAND * frames), _LEAST_BAND))
    first = np.clip(np.arange(frames) - width // 2, 0, frames - width)
    steps = np.zeros((frames, width), np.int8)
    lengths = (reading**2).sum(axis=1)
    total = np.full(frames + _FASTEST, np.inf, np.float32)
    total[_FASTEST] = lengths[0] - 2 * reading[0] @ recording[0]
    for frame in range(1, frames):
        low = first[frame]
        # Column `n` holds what it cost to have come here from `n` frames back.
        ways = np.lib.stride_tricks.sliding_window_view(total[low : low + width + _FASTEST], _FASTEST + 1)
        back = ways.shape[1] - 1 - np.argmin(ways, axis=1)
        cheapest = np.take_along_axis(ways, (_FASTEST - back)[:, None], axis=1)[:, 0]
        here = lengths[low : low + width] - 2 * reading[low : low + width] @ recording[frame]
        steps[frame] = back
        fresh = cheapest + here
        total[_FASTEST:] = np.inf
        total[_FASTEST + low : _FASTEST + low + width] = fresh
    path = np.empty(frames, np.int64)
    path[-1] = frames - 1
    for frame in range(frames - 1, 0, -1):
        path[frame - 1] = path[frame] - steps[frame, path[frame] - first[frame]]
    return path
