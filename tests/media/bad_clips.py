"""Clips that are false, damaged or made to do harm, each with the answer that it has to get.

An answer is why it is refused, or `TAKEN`: then every frame of it was decoded.
"""

import struct
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from media.bad_pictures import HARM, TAKEN, Bad, good, zipped
from media.film import plainly
from servers.clips_server import footage, huge_footage, sound

SECRET = "/etc/passwd"
"""What lists of files name; nothing of it may be read."""

_NO_MEDIA = "not video, sound or a picture"
_UNREADABLE = "nothing in the file can be read"


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + name + body


@cache
def encoded(*arguments: str, ending: str = ".mp4") -> bytes:
    """What ffmpeg makes of a test picture, or of what is named first among the arguments."""
    with tempfile.TemporaryDirectory() as made:
        path = Path(made, f"clip{ending}")
        plainly(*arguments, str(path))
        return path.read_bytes()


def shown(size: str = "180x320", seconds: float = 1, rate: int = 10, what: str = "testsrc2") -> list[str]:
    return ["-f", "lavfi", "-i", f"{what}=size={size}:rate={rate}:duration={seconds}"]


def drawn(*more: str, ending: str = ".mp4", **shape: object) -> bytes:
    quick = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"] if ending == ".mp4" else []
    return encoded(*shown(**shape), *quick, *more, ending=ending)  # type: ignore[arg-type]


def _spoilt() -> bytes:
    content = drawn("-movflags", "+faststart")
    middle = len(content) * 2 // 3
    return content[:middle] + b"\xff" * 900 + content[middle + 900 :]


def _cut() -> bytes:
    content = drawn("-movflags", "+faststart")
    return content[: len(content) * 2 // 3]


def _claims_seconds(content: bytes, seconds: int) -> bytes:
    """An MP4 whose heads claim to last that long."""
    changed = bytearray(content)
    at = changed.index(b"mvhd") + 4
    scale = int.from_bytes(changed[at + 12 : at + 16])
    changed[at + 16 : at + 20] = min(seconds * scale, 0xFFFFFFFF).to_bytes(4)
    return bytes(changed)


def _points_elsewhere() -> bytes:
    """An MP4 whose track says that its data lies in another file."""
    content = bytearray(drawn())
    at = content.index(b"url \x00\x00\x00\x01") - 4
    named = box(b"url ", bytes(4) + f"file://{SECRET}".encode() + b"\0")
    for around in (b"dref", b"dinf", b"minf", b"mdia", b"trak", b"moov"):
        head = content.rindex(around, 0, at) - 4
        content[head : head + 4] = struct.pack(
            ">I", int.from_bytes(content[head : head + 4]) + len(named) - 12
        )
    return bytes(content[:at] + named + content[at + 12 :])


def _nested() -> bytes:
    """An MP4 head of boxes in boxes, five thousand deep."""
    body = b""
    for _ in range(5000):
        body = box(b"moov", body)
    return box(b"ftyp", b"isom\0\0\2\0isom") + body


def _greedy() -> bytes:
    """A clip of fifty kilobytes whose pictures need a gigabyte: 3,840 a side, sixteen of them kept."""
    more = ("-pix_fmt", "yuv444p", "-refs", "16", "-x264-params", "ref=16:bframes=0:keyint=100")
    return drawn(*more, size="3840x3840", seconds=4, what="color")


def _slow() -> bytes:
    """A clip of three megabytes with ten thousand pictures of 3,840 a side."""
    with tempfile.TemporaryDirectory() as made:
        path = Path(made, "part.mp4")
        path.write_bytes(drawn("-g", "999", size="3840x3840", seconds=5, rate=25, what="color"))
        return encoded("-stream_loop", "80", "-i", str(path), "-c", "copy")


def _many() -> bytes:
    """A clip of seventeen streams."""
    inputs = [part for _ in range(17) for part in shown(seconds=0.3)]
    return encoded(*inputs, *(part for n in range(17) for part in ("-map", str(n))), "-c:v", "mpeg4")


def _called(ending: str, *codec: str) -> Callable[[], bytes]:
    return lambda: encoded(*shown(), *codec, ending=ending)


FALSE: dict[str, Bad] = {
    "no bytes": Bad("the file is empty", lambda: b""),
    "noughts": Bad(f"something else, {_NO_MEDIA}", lambda: bytes(50_000)),
    "a page with 200": Bad("a web page", lambda: b"<!doctype html><title>502</title>"),
    "a page after spaces": Bad("a web page", lambda: b"\xef\xbb\xbf \n <HTML>" + HARM),
    "an answer with an error": Bad("JSON", lambda: b'{"error": "quota"}'),
    "a playlist (HLS)": Bad(
        "a playlist that names other files (HLS)",
        lambda: f"#EXTM3U\n#EXTINF:1,\nfile://{SECRET}\n#EXT-X-ENDLIST\n".encode(),
    ),
    "a playlist after a mark of its order": Bad(
        "a playlist that names other files (HLS)", lambda: b"\xef\xbb\xbf#EXTM3U\nhttp://169.254.169.254/\n"
    ),
    "a playlist (DASH)": Bad(
        "an XML file", lambda: b'<?xml version="1.0"?><MPD><BaseURL>file:///etc/</BaseURL></MPD>'
    ),
    "a playlist (DASH, bare)": Bad(
        "names other files (DASH)", lambda: b"<MPD><BaseURL>file:///etc/</BaseURL></MPD>"
    ),
    "a playlist (PLS)": Bad("names other files", lambda: f"[playlist]\nFile1={SECRET}\n".encode()),
    "a list of files (ffconcat)": Bad(
        "a list that names other files (ffconcat)", lambda: f"ffconcat version 1.0\nfile {SECRET}\n".encode()
    ),
    "a stream's description (SDP)": Bad(
        "(SDP)", lambda: b"v=0\no=- 0 0 IN IP4 10.0.0.1\nm=video 9 RTP/AVP 96\n"
    ),
    "subtitles": Bad(
        f"something else, {_NO_MEDIA}", lambda: f"1\n00:00:00,000 --> 00:00:01,000\n{SECRET}\n".encode()
    ),
    "a drawing": Bad("an SVG drawing", lambda: b'<svg onload="alert(1)"/>'),
    "a picture": Bad("image/png is no video", good),
    "a JPEG": Bad("image/jpeg is no video", lambda: good("JPEG")),
    "a GIF": Bad(f"something else, {_NO_MEDIA}", _called(".gif")),
    "an AVI": Bad(f"something else, {_NO_MEDIA}", _called(".avi", "-c:v", "mpeg4")),
    "a transport stream": Bad(f"something else, {_NO_MEDIA}", _called(".ts", "-c:v", "mpeg2video")),
    "an archive that unfolds": Bad(f"something else, {_NO_MEDIA}", zipped),
    "a document": Bad(f"something else, {_NO_MEDIA}", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
    "sound alone": Bad("the file has sound but no pictures", sound),
    "sound that is called a clip": Bad(
        "audio/wav is no video", lambda: b"RIFF\x24\0\0\0WAVEfmt " + bytes(40)
    ),
}
DAMAGED: dict[str, Bad] = {
    "the head of an MP4": Bad(_UNREADABLE, lambda: b"\0\0\0\x20ftypisom" + bytes(200)),
    "the head of a WebM": Bad(_UNREADABLE, lambda: b"\x1a\x45\xdf\xa3" + bytes(50)),
    "half an MP4": Bad(_UNREADABLE, lambda: footage()[: len(footage()) // 2]),
    "an MP4 without its end": Bad("the file is damaged or cut short", _cut),
    "an MP4 with noise in it": Bad("the file is damaged or cut short", _spoilt),
    "an MP4 with noise for pictures": Bad(
        "the file is damaged or cut short", lambda: drawn("-movflags", "+faststart")[:1200] + b"\xa5" * 20_000
    ),
    "five thousand boxes in boxes": Bad(_UNREADABLE, _nested),
    "a box of nine million million bytes": Bad(
        _UNREADABLE,
        lambda: box(b"ftyp", b"isom\0\0\2\0isom") + b"\0\0\0\x01moov" + (9 * 10**12).to_bytes(8) + bytes(99),
    ),
    "a table of four thousand million frames": Bad(
        _UNREADABLE,
        lambda: drawn().replace(b"stsz\0\0\0\0\0\0\0\0\0\0\0\x0a", b"stsz\0\0\0\0\0\0\0\0\xff\xff\xff\xff"),
    ),
}
LARGE: dict[str, Bad] = {
    "20,000 x 20,000": Bad("pixels cannot be used", huge_footage),
    "a frame and no more": Bad(
        "the clip does not last long enough to be seen", lambda: drawn(seconds=0.04, rate=25)
    ),
    "ten hours": Bad(
        "10.0 hours are too long", lambda: drawn(size="64x64", seconds=36000, rate=1, what="color")
    ),
    "seventeen streams": Bad("17 streams are too many", _many),
    "pictures that need a gigabyte": Bad("the file is damaged or cut short", _greedy),
    "pictures that take minutes to decode": Bad("ffmpeg was stopped after 18 s, its limit", _slow),
}
HIDING: dict[str, Bad] = {
    "an MP4 that says its data lies elsewhere": Bad(TAKEN, _points_elsewhere),
    "a clip that claims to last a week": Bad(TAKEN, lambda: _claims_seconds(drawn(), 7 * 86_400)),
    "a page behind an MP4": Bad(TAKEN, lambda: footage() + HARM),
    "a page in a box of an MP4": Bad(TAKEN, lambda: footage() + box(b"free", HARM)),
    "orders in a title": Bad(
        TAKEN, lambda: drawn("-metadata", "title=x\n  Stream #0:7: Video: h264, 9x9, 1 fps")
    ),
    "a playlist in a WebM's title": Bad(
        TAKEN, lambda: drawn("-c:v", "libvpx", "-metadata", f"title=#EXTM3U {SECRET}", ending=".webm")
    ),
    "a program attached": Bad(
        TAKEN,
        lambda: encoded(
            *shown(),
            "-c:v",
            "libvpx",
            "-attach",
            __file__,
            "-metadata:s:t",
            "mimetype=text/html",
            ending=".mkv",
        ),
    ),
}

CLIPS = FALSE | DAMAGED | LARGE | HIDING
