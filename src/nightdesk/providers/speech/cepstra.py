"""What speech sounds like moment by moment, in a few numbers that two voices share: mel cepstra."""

import numpy as np
from numpy.typing import NDArray

Frames = NDArray[np.float32]

WINDOW = 0.025
"""Seconds of sound that one frame looks at."""

_BANDS = 26
_KEPT = 13
_LOWEST, _HIGHEST = 80.0, 7000.0
_FLOOR = 1e-3

# How much each cepstrum counts: the higher ones tell more of the pitch than of what is said.
_WEIGHTS = np.array([2, 1, 1, 1, 1, 1, 0.8, 0.6, 0.5, 0.4, 0.3, 0.2, 0.2])


def cepstra(samples: NDArray[np.float32], rate: int, frames: int, hop: float) -> Frames:
    """13 mel cepstra and how they change, for each of `frames` moments `hop` seconds apart.

    After Davis and Mermelstein, "Comparison of parametric representations for monosyllabic word recognition"
    (1980); each with mean 0 and variance 1, so that the colour of a voice does not count, and then weighted.
    """
    length = max(round(WINDOW * rate), 2)
    size = 1 << (length - 1).bit_length()
    at = (np.arange(frames) * hop * rate).astype(np.int64)
    padded = np.concatenate([samples, np.zeros(length + max(int(at[-1]) - len(samples), 0) + 1, np.float32)])
    emphasised = np.append(padded[:1], padded[1:] - np.float32(0.97) * padded[:-1])
    windows = np.lib.stride_tricks.sliding_window_view(emphasised, length)[at] * np.hanning(length)
    power = np.abs(np.fft.rfft(windows, size)) ** 2
    bands = power @ _filters(size, rate)
    loudest = float(bands.max()) or 1.0
    logs = np.log(bands / loudest + _FLOOR**2)
    found = logs @ _cosines()
    weighted = [_even(found) * _WEIGHTS, _even(_changes(found)) * _WEIGHTS]
    return np.ascontiguousarray(np.concatenate(weighted, axis=1), np.float32)


def _even(found: NDArray[np.float64]) -> NDArray[np.float64]:
    even = found - found.mean(axis=0)
    return np.asarray(even / (even.std(axis=0) + 1e-9))


def _changes(found: NDArray[np.float64]) -> NDArray[np.float64]:
    """The slope about each frame, over two to either side."""
    padded = np.pad(_even(found), ((2, 2), (0, 0)), mode="edge")
    return np.asarray(padded[4:] - padded[:-4] + (padded[3:-1] - padded[1:-3]) / 2)


def _filters(size: int, rate: int) -> NDArray[np.float64]:
    """Triangles over the spectrum, evenly apart in mel; the same bands whatever the rate."""
    edges = _hertz(np.linspace(_mel(_LOWEST), _mel(_HIGHEST), _BANDS + 2))
    bins = np.fft.rfftfreq(size, 1 / rate)[:, None]
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    lowest: NDArray[np.float64] = np.minimum(rising, falling)
    return lowest.clip(0, None)


def _cosines() -> NDArray[np.float64]:
    band = np.arange(_BANDS)[:, None] + 0.5
    return np.asarray(np.cos(np.pi / _BANDS * band * np.arange(_KEPT)))


def _mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))


def _hertz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(700 * (10 ** (mel / 2595) - 1))
