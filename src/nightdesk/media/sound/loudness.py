"""How loud sound is, as listeners and platforms measure it: ITU-R BS.1770-5 and EBU R 128."""

import numpy as np
from numpy.typing import NDArray

from nightdesk.media.sound.waves import Samples, Sound

SILENT = float("-inf")

_BLOCK, _STEP = 0.4, 0.1
"""Seconds of a gating block, and from one to the next (BS.1770-5, annex 1)."""

_ABSOLUTE_GATE, _RELATIVE_GATE = -70.0, -10.0
_OFFSET = -0.691

# The two filters of the K weighting by their frequency, quality and gain, which give the coefficients that
# the recommendation prints for 48 kHz, and the same response at any other rate (De Man, "Evaluation of
# implementations of the EBU R128 loudness measurement", 2018).
_SHELF = (1681.974450955533, 0.7071752369554196, 3.999843853973347)
_HIGH_PASS = (38.13547087602444, 0.5003270373238773)

_CHUNK_SECONDS, _TAIL_SECONDS = 8, 1

_OVERSAMPLING = 4
_TAPS = 24
"""Samples to a side that the interpolation of a true peak looks at; the recommendation's example has six."""


def loudness(sound: Sound) -> float:
    """Integrated loudness in LUFS, gated; `SILENT` where nothing is loud enough to count.

    Sound that is shorter than a block counts as one.
    """
    power = _weighted(sound) ** 2
    length, step = round(_BLOCK * sound.rate), round(_STEP * sound.rate)
    sums = np.concatenate([[0.0], np.cumsum(power)])
    starts = np.arange(0, max(len(power) - length, 0) + 1, step)
    ends = np.minimum(starts + length, len(power))
    blocks = (sums[ends] - sums[starts]) / np.maximum(ends - starts, 1)
    blocks = blocks[blocks > _power_at(_ABSOLUTE_GATE)]
    if not len(blocks):
        return SILENT
    gate = _power_at(_lufs(float(blocks.mean())) + _RELATIVE_GATE)
    return _lufs(float(blocks[blocks > gate].mean()))


def true_peak(sound: Sound) -> float:
    """The highest point of the sound between its samples too, in dBTP: four times oversampled (annex 2)."""
    peak = float(peaks(sound.samples).max(initial=0.0))
    return 20 * float(np.log10(peak)) if peak > 0 else SILENT


def peaks(samples: Samples) -> NDArray[np.float32]:
    """For each sample the highest absolute value from it up to the next one, interpolated."""
    highest = np.abs(samples)
    for phase in range(1, _OVERSAMPLING):
        between = np.convolve(samples, _between(phase / _OVERSAMPLING))[_TAPS - 1 : _TAPS - 1 + len(samples)]
        highest = np.maximum(highest, np.abs(between))
    return np.asarray(highest, np.float32)


def _between(fraction: float) -> NDArray[np.float32]:
    """A windowed sinc that gives the value a fraction of a sample later."""
    at = np.arange(-_TAPS + 1, _TAPS + 1)
    kernel = np.sinc(at - fraction) * np.kaiser(2 * _TAPS, 8.0)
    # Turned about, as a convolution turns it back.
    return np.asarray((kernel / kernel.sum())[::-1], np.float32)


def _weighted(sound: Sound) -> NDArray[np.float64]:
    """The sound behind both filters of the K weighting, by overlapping transforms."""
    step, tail = _CHUNK_SECONDS * sound.rate, _TAIL_SECONDS * sound.rate
    size = step + tail
    response = _response(size, sound.rate)
    out = np.zeros(len(sound.samples) + size)
    for start in range(0, len(sound.samples), step):
        chunk = sound.samples[start : start + step]
        # The high-pass has died away by more than 1000 dB when its tail comes round again.
        out[start : start + size] += np.fft.irfft(np.fft.rfft(chunk, size) * response, size)
    return out[: len(sound.samples)]


def _response(size: int, rate: int) -> NDArray[np.complex128]:
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(size))
    powers = np.stack([np.ones_like(turn), turn, turn**2])
    whole = np.ones_like(turn)
    for above, below in (_shelf(rate), _high_pass(rate)):
        whole *= (np.array(above) @ powers) / (np.array(below) @ powers)
    return np.asarray(whole)


def _shelf(rate: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    frequency, quality, gain = _SHELF
    k = np.tan(np.pi * frequency / rate)
    high = 10 ** (gain / 20)
    band = high**0.4996667741545416
    scale = 1 + k / quality + k * k
    above = (high + band * k / quality + k * k, 2 * (k * k - high), high - band * k / quality + k * k)
    return tuple(each / scale for each in above), _poles(k, quality, scale)


def _high_pass(rate: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    frequency, quality = _HIGH_PASS
    k = np.tan(np.pi * frequency / rate)
    return (1.0, -2.0, 1.0), _poles(k, quality, 1 + k / quality + k * k)


def _poles(k: float, quality: float, scale: float) -> tuple[float, ...]:
    return 1.0, 2 * (k * k - 1) / scale, (1 - k / quality + k * k) / scale


def _lufs(power: float) -> float:
    return _OFFSET + 10 * float(np.log10(power))


def _power_at(lufs: float) -> float:
    return float(10 ** ((lufs - _OFFSET) / 10))
