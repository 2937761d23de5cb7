"""Sound as an array of samples, read from WAV files and written to them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nightdesk.kit.wav import packed, unpacked

Samples = NDArray[np.float32]

_FULL = 32768


@dataclass(frozen=True)
class Sound:
    """Mono samples from -1 to 1, `rate` of them a second."""

    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


def from_wav(content: bytes) -> Sound:
    """The sound in a WAV file of 16 bits, its channels mixed. Raises `kit.wav.NotSound`."""
    wav = unpacked(content)
    return Sound(np.frombuffer(wav.pcm, "<i2").astype(np.float32) / np.float32(_FULL), wav.rate)


def to_wav(sound: Sound) -> bytes:
    """A WAV file of 16 bits; what lies beyond full scale is cut off."""
    rounded = np.clip(np.round(sound.samples * _FULL), -_FULL, _FULL - 1)
    return packed(rounded.astype("<i2").tobytes(), sound.rate)


def silence(seconds: float, rate: int) -> Sound:
    """Nothing to be heard for so long."""
    return Sound(np.zeros(round(seconds * rate), np.float32), rate)


def resampled(sound: Sound, rate: int) -> Sound:
    """The same sound at another rate, band-limited, by its whole spectrum; its ends are taken as silent."""
    if rate == sound.rate or not len(sound.samples):
        return Sound(sound.samples, rate)
    # A tail of silence, so that the end does not sound before the start: the transform is circular.
    length = len(sound.samples) + sound.rate // 10
    length += -length % sound.rate
    spectrum = np.fft.rfft(sound.samples, length)
    longer = length // sound.rate * rate
    kept = np.zeros(longer // 2 + 1, np.complex128)
    shared = min(len(kept), len(spectrum))
    kept[:shared] = spectrum[:shared]
    samples = np.fft.irfft(kept, longer) * (longer / length)
    return Sound(samples[: round(len(sound.samples) * rate / sound.rate)].astype(np.float32), rate)
