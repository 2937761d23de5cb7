"""WAV files of 16-bit sound, from bytes and to bytes (RIFF, "WAVE form", Microsoft and IBM 1991)."""

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

_FORMAT = struct.Struct("<HHIIHH")
_PCM, _EXTENSIBLE = 1, 0xFFFE
_SAMPLE = 2
_RATES = range(4000, 192_001)
# What writers that do not know their length yet put for it: nought, or the most that fits.
_UNKNOWN_LENGTH = 0x7FFF0000


class NotSound(ValueError):
    """The bytes are no WAV file of 16-bit sound; `cut` where only its end is missing."""

    def __init__(self, why: str, *, cut: bool = False) -> None:
        super().__init__(why)
        self.cut = cut


@dataclass(frozen=True)
class Wav:
    """Mono sound: `pcm` are 16-bit samples, little-endian, `rate` of them a second."""

    pcm: bytes
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.pcm) / _SAMPLE / self.rate


def packed(pcm: bytes, rate: int) -> bytes:
    """A WAV file of 16-bit mono samples."""
    head = _FORMAT.pack(_PCM, 1, rate, rate * _SAMPLE, _SAMPLE, 8 * _SAMPLE)
    return b"".join(
        (
            *(b"RIFF", struct.pack("<I", 4 + 8 + len(head) + 8 + len(pcm)), b"WAVE"),
            *(b"fmt ", struct.pack("<I", len(head)), head),
            *(b"data", struct.pack("<I", len(pcm)), pcm),
        )
    )


def unpacked(content: bytes) -> Wav:
    """The sound in a WAV file, its channels mixed into one. Raises `NotSound`.

    A file whose writer streamed it, and so left its length open, ends where the bytes end.
    """
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise NotSound("it is no WAV file")
    channels = rate = 0
    for name, length, body in _chunks(content):
        if name == b"fmt " and len(body) >= _FORMAT.size:
            kind, channels, rate, _, _, bits = _FORMAT.unpack_from(body)
            if kind not in (_PCM, _EXTENSIBLE) or bits != 8 * _SAMPLE or not channels or rate not in _RATES:
                raise NotSound(f"its sound is of format {kind} with {bits} bits at {rate} Hz, not 16-bit PCM")
        if name == b"data" and channels:
            if length > len(body) and 0 < length < _UNKNOWN_LENGTH:
                raise NotSound("it is cut short", cut=True)
            whole = len(body) - len(body) % (_SAMPLE * channels)
            return Wav(_mixed(body[:whole], channels), rate)
    raise NotSound("there is no sound in it", cut=True)


def _chunks(content: bytes) -> Iterator[tuple[bytes, int, bytes]]:
    at = 12
    while at + 8 <= len(content):
        name, length = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        open_ended = name == b"data" and (length == 0 or length >= _UNKNOWN_LENGTH)
        end = len(content) if open_ended else at + 8 + length
        yield name, length, content[at + 8 : end]
        at = end + end % 2


def _mixed(pcm: bytes, channels: int) -> bytes:
    if channels == 1:
        return pcm
    # Samples are little-endian in the file, which every machine that this runs on has too.
    samples = array("h", pcm)
    frames = zip(*(samples[channel::channels] for channel in range(channels)), strict=True)
    return array("h", (sum(frame) // channels for frame in frames)).tobytes()
