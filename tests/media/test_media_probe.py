"""A media file is what its bytes are, whatever its name says, and it is whole or refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
from film import FFMPEG, clip, picture, plainly, tone

from nightdesk.kit.endings import Refused
from nightdesk.media.probe import probe


async def test_a_video_tells_its_size_rate_frames_and_sound(tmp_path: Path) -> None:
    with_sound = ("-f", "lavfi", "-i", "sine=d=1.2:r=44100", "-c:a", "aac", "-shortest")
    made = await probe(FFMPEG, clip(tmp_path / "a.mov", 1.2, "320x240", *with_sound))
    assert made.pictures is not None
    assert made.sound is not None
    assert (made.kind.ending, made.pictures.codec, made.pictures.rate) == (".mp4", "h264", 25.0)
    assert (made.pictures.width, made.pictures.height, made.pictures.frames) == (320, 240, 30)
    assert (made.sound.codec, made.sound.rate, made.sound.channels) == ("aac", 44100, "mono")
    assert made.seconds == pytest.approx(1.2, abs=0.05)


async def test_counting_alone_finds_as_many_frames_as_decoding(tmp_path: Path) -> None:
    path = clip(tmp_path / "a.mp4")
    quick, whole = await probe(FFMPEG, path, whole=False), await probe(FFMPEG, path)
    assert quick.pictures is not None
    assert quick.pictures == whole.pictures
    assert quick.pictures.frames == 25


async def test_sound_and_pictures_are_told_apart(tmp_path: Path) -> None:
    heard = await probe(FFMPEG, tone(tmp_path / "voice.mp4", 0.5))
    assert (heard.kind.mime, heard.pictures, round(heard.seconds, 1)) == ("audio/wav", None, 0.5)
    seen = await probe(FFMPEG, picture(tmp_path / "x.png", (1, 2, 3)))
    assert seen.pictures is not None
    assert (seen.kind.mime, seen.pictures.frames, seen.sound) == ("image/png", 1, None)
    plainly("-i", str(tmp_path / "voice.mp4"), "-c:a", "libmp3lame", str(tmp_path / "a.mp3"))
    assert (await probe(FFMPEG, tmp_path / "a.mp3")).kind.mime == "audio/mpeg"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "playlist"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "names other files"),
        (b"<!DOCTYPE html><title>502</title>", "web page"),
        (b'\xef\xbb\xbf <?xml version="1.0"?><MPD></MPD>', "XML"),
        (b'{"error": "quota"}', "JSON"),
        (b"\x00\x00\x00\x20ftypisom" + b"\x00" * 200, "bad media"),
        (b"\x1a\x45\xdf\xa3" + b"\x00" * 50, "bad media"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "bad media"),
    ],
)
async def test_what_only_claims_to_be_a_video_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "claimed.mp4"
    path.write_bytes(content)
    with pytest.raises(Refused, match=why):
        await probe(FFMPEG, path)


def cut(content: bytes) -> bytes:
    return content[: len(content) * 2 // 3]


def spoilt(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + b"\xff" * 600 + content[middle + 600 :]


@pytest.mark.parametrize("harm", [cut, spoilt])
async def test_a_video_that_is_not_whole_is_refused(tmp_path: Path, harm: Callable[[bytes], bytes]) -> None:
    whole = clip(tmp_path / "a.mp4", 1, "320x240", "-movflags", "+faststart").read_bytes()
    (tmp_path / "b.mp4").write_bytes(harm(whole))
    with pytest.raises(Refused, match="damaged or cut short"):
        await probe(FFMPEG, tmp_path / "b.mp4")


async def test_a_name_in_the_metadata_is_no_stream(tmp_path: Path) -> None:
    lie = "title=x\n  Stream #0:7: Video: h264, yuv420p, 9x9, 1 fps"
    made = await probe(FFMPEG, clip(tmp_path / "a.mp4", 0.4, "320x240", "-metadata", lie))
    assert made.pictures is not None
    assert made.pictures.width == 320
