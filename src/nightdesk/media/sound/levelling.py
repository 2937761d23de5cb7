"""Brings sound to the loudness that platforms play at, without letting any peak through."""

import numpy as np
from numpy.typing import NDArray

from nightdesk.media.sound.loudness import SILENT, loudness, peaks, true_peak
from nightdesk.media.sound.waves import Sound

TARGET = -14.0
"""LUFS, to which YouTube and others turn down what is louder."""

CEILING = -1.0
"""dBTP (EBU R 128, section d)."""

_MARGIN = 0.2
_LOOK_AHEAD = 0.005
_CLOSE_ENOUGH = 0.1
_MOST_ROUNDS = 8
_MOST_GAIN = 60.0


def levelled(sound: Sound, target: float = TARGET, ceiling: float = CEILING) -> Sound:
    """The sound at `target` LUFS with no true peak above `ceiling` dBTP; silence stays silence.

    What would stand out is turned down for the moment. Sound that is all peaks, such as single clicks, may
    stay quieter than the target.
    """
    measured = loudness(sound)
    if measured == SILENT:
        return sound
    gain = target - measured
    best = sound
    for _ in range(_MOST_ROUNDS):
        best = limited(_turned(sound, min(gain, _MOST_GAIN)), ceiling)
        missing = target - loudness(best)
        if abs(missing) < _CLOSE_ENOUGH or gain >= _MOST_GAIN:
            break
        gain += missing
    return best


def limited(sound: Sound, ceiling: float = CEILING) -> Sound:
    """The sound with each peak above `ceiling` dBTP turned down, from 5 ms ahead of it until 5 ms after."""
    highest = 10 ** ((ceiling - _MARGIN) / 20)
    found = peaks(sound.samples)
    if not len(found) or float(found.max()) <= highest:
        return sound
    # A peak between two samples is the business of both.
    found = np.maximum(found, np.concatenate([found[:1], found[:-1]]))
    needed = np.minimum(1.0, highest / np.maximum(found, 1e-9))
    samples = (sound.samples * _smooth(needed, max(round(_LOOK_AHEAD * sound.rate), 1))).astype(np.float32)
    calmed = Sound(samples, sound.rate)
    over = true_peak(calmed) - ceiling
    return _turned(calmed, -over - _MARGIN / 2) if over > 0 else calmed


def _turned(sound: Sound, decibels: float) -> Sound:
    return Sound((sound.samples * 10 ** (decibels / 20)).astype(np.float32), sound.rate)


def _smooth(needed: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """A gain without corners that is nowhere above what is needed: the lowest nearby, averaged."""
    lowest = np.pad(needed, 2 * reach, constant_values=1.0)
    width = 1
    # The lowest of twice as many each time, up to `2 * reach + 1` of them.
    while width < 2 * reach + 1:
        more = min(width, 2 * reach + 1 - width)
        lowest = np.minimum(lowest[: len(lowest) - more], lowest[more:])
        width += more
    window = np.hanning(2 * reach + 3)[1:-1]
    return np.asarray(np.convolve(lowest, window / window.sum(), mode="valid"))
