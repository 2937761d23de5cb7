"""WAV files are written so that others read them, and read however others write them."""

import io
import struct
import wave

import pytest

from nightdesk.kit.wav import NotSound, Wav, packed, unpacked

PCM = struct.pack("<4h", 0, 100, -32768, 32767)


def written(channels: int = 1, width: int = 2, pcm: bytes = PCM) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(24_000)
        file.writeframes(pcm)
    return out.getvalue()


def test_a_file_is_the_one_that_the_standard_library_writes() -> None:
    assert packed(PCM, 24_000) == written()
    assert unpacked(packed(PCM, 8000)) == Wav(PCM, 8000)
    assert unpacked(packed(PCM, 8000)).seconds == 4 / 8000


def test_channels_are_mixed_into_one() -> None:
    stereo = struct.pack("<4h", 100, 200, -50, 50)
    assert unpacked(written(2, pcm=stereo)).pcm == struct.pack("<2h", 150, 0)


@pytest.mark.parametrize("length", [0, 0xFFFFFFFF, 0x7FFFFFFF])
def test_a_file_that_was_streamed_ends_where_its_bytes_do(length: int) -> None:
    whole = packed(PCM, 24_000)
    assert unpacked(whole[:40] + struct.pack("<I", length) + whole[44:]).pcm == PCM


def test_chunks_that_are_not_sound_are_passed_over() -> None:
    whole = packed(PCM, 24_000)
    extra = b"LIST" + struct.pack("<I", 3) + b"abc\0"
    assert unpacked(whole[:12] + extra + whole[12:36] + extra + whole[36:]).pcm == PCM


@pytest.mark.parametrize(
    ("content", "cut"),
    [
        (b"", False),
        (b"ID3\x04 an mp3", False),
        (b"RIFF\0\0\0\0AVI LIST", False),
        (written(width=1), False),
        (written(width=3, pcm=b"\0" * 12), False),
        (packed(PCM, 24_000)[:-3], True),
        (packed(PCM, 24_000)[:30], True),
        (packed(PCM, 1), False),
    ],
)
def test_what_is_no_such_file_is_told_and_whether_its_end_is_missing(content: bytes, cut: bool) -> None:
    with pytest.raises(NotSound) as wrong:
        unpacked(content)
    assert wrong.value.cut == cut
