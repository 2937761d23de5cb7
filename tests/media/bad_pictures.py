"""Pictures that are false, damaged or made to do harm, each with the answer that it has to get.

An answer is why it is refused, or `TAKEN`: then it is written anew, and nothing of what was in it is left.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO

from PIL import Image, PngImagePlugin

TAKEN = "taken"
HARM = b"<script>alert(1)</script>"
"""What is hidden in files that are taken: nothing of it may be in what is kept."""

_NO_PICTURE = "not a PNG, JPEG or WebP picture"


@dataclass(frozen=True)
class Bad:
    """One file: the words that its refusal has to hold, or `TAKEN`; `named` is what it is called.

    `instead` are answers of doors that see something else of it.
    """

    answer: str
    content: Callable[[], bytes]
    named: str = "picture.png"
    instead: Mapping[str, str] = field(default_factory=dict)


def saved(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, colour: int = 2, depth: int = 8, more: bytes = b"", lines: int = 0) -> bytes:
    """A PNG that claims to be that large; `lines` of it are there, all nought."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    bits = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour] * depth
    body = zlib.compress(bytes((width * bits // 8 + 1) * (lines or height)), 9)
    palette = chunk(b"PLTE", bytes(768)) + chunk(b"tRNS", bytes(256)) if colour == 3 else b""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", head), palette, more, chunk(b"IDAT", body), chunk(b"IEND", b""))
    )


@cache
def good(form: str = "PNG", size: tuple[int, int] = (320, 240)) -> bytes:
    return saved(Image.linear_gradient("L").resize(size).convert("RGB"), form)


@cache
def zipped() -> bytes:
    """A gigabyte of noughts, packed twice."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        packed.writestr("picture.png", zlib.compress(bytes(1 << 28), 9) * 4)
    return out.getvalue()


def _noted() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", HARM.decode())
    notes.add_itxt("XML:com.adobe.xmp", HARM.decode())
    return saved(Image.new("RGB", (64, 64)), pnginfo=notes)


def _unfolding() -> bytes:
    """A note in it of a hundred kilobytes that unfolds to a hundred megabytes."""
    return png(64, 64, more=chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(100 << 20), 9)))


def _profiled() -> bytes:
    """A colour profile that unfolds to a hundred megabytes."""
    return png(64, 64, more=chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(100 << 20), 9)))


def _turned() -> bytes:
    """A JPEG of twenty-four million pixels that lies on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(Image.new("RGB", (6000, 4000), "teal"), "JPEG", exif=exif)


def _claimed_webp() -> bytes:
    """A WebP whose head says 16,383 x 16,383."""
    content = bytearray(good("WEBP"))
    at = content.index(b"\x9d\x01\x2a") + 3
    content[at : at + 4] = struct.pack("<HH", 16383, 16383)
    return bytes(content)


def _claimed_jpeg() -> bytes:
    """A JPEG whose head says 65,500 x 65,500."""
    content = bytearray(good("JPEG"))
    at = content.index(b"\xff\xc0") + 5
    content[at : at + 4] = struct.pack(">HH", 65500, 65500)
    return bytes(content)


def _moving() -> bytes:
    """A PNG of sixty pictures, one after the other."""
    frames = (Image.new("RGB", (400, 400), (n, 0, 0)) for n in range(60))
    return saved(next(frames), save_all=True, append_images=frames)


FALSE: dict[str, Bad] = {
    "no bytes": Bad(
        "the file is empty",
        lambda: b"",
        instead={"answer in base64": "there is no picture in the answer"},
    ),
    "one byte": Bad(f"something else, {_NO_PICTURE}", lambda: b"\x89"),
    "noughts": Bad(f"something else, {_NO_PICTURE}", lambda: bytes(100_000)),
    "a page with 200": Bad(f"a web page, {_NO_PICTURE}", lambda: b"<!DOCTYPE html><title>502</title>"),
    "a page called .png": Bad(f"a web page, {_NO_PICTURE}", lambda: b"  <html><body>" + HARM, "a.png"),
    "an answer with an error": Bad(f"JSON, {_NO_PICTURE}", lambda: b'{"error": "quota"}'),
    "a drawing": Bad(
        f"something else, {_NO_PICTURE}",
        lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "a.svg",
    ),
    "a drawing called .png": Bad(
        f"something else, {_NO_PICTURE}",
        lambda: b'<?xml version="1.0"?><svg><script>x</script></svg>',
        "a.png",
    ),
    "a GIF": Bad(f"something else, {_NO_PICTURE}", lambda: saved(Image.new("P", (64, 64)), "GIF"), "a.gif"),
    "a GIF that is a script too": Bad(f"something else, {_NO_PICTURE}", lambda: b"GIF89a=1;alert(1)//"),
    "a BMP": Bad(f"something else, {_NO_PICTURE}", lambda: saved(Image.new("RGB", (64, 64)), "BMP")),
    "a TIFF": Bad(f"something else, {_NO_PICTURE}", lambda: saved(Image.new("RGB", (64, 64)), "TIFF")),
    "an icon": Bad(f"something else, {_NO_PICTURE}", lambda: saved(Image.new("RGBA", (64, 64)), "ICO")),
    "a script for printers": Bad(
        f"something else, {_NO_PICTURE}", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"
    ),
    "a document": Bad(f"something else, {_NO_PICTURE}", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a.png"),
    "a program": Bad(f"something else, {_NO_PICTURE}", lambda: b"\x7fELF\x02\x01\x01" + bytes(500), "a.png"),
    "an archive that unfolds": Bad(f"something else, {_NO_PICTURE}", zipped, "a.png"),
    "a video": Bad(f"something else, {_NO_PICTURE}", lambda: b"\0\0\0\x20ftypisom" + bytes(400), "a.png"),
    "a playlist": Bad(
        f"something else, {_NO_PICTURE}", lambda: b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n", "a.png"
    ),
}
DAMAGED: dict[str, Bad] = {
    "half a PNG": Bad("the picture is damaged", lambda: good()[:-400]),
    "the head of a PNG": Bad("the picture is damaged (its head cannot be read)", lambda: good()[:40]),
    "half a JPEG": Bad("the picture is damaged", lambda: good("JPEG")[:1500]),
    "half a WebP": Bad("the picture is damaged", lambda: good("WEBP")[:200]),
    "a PNG with noise in it": Bad("the picture is damaged", lambda: good()[:200] + b"\xff" * 900),
}
LARGE: dict[str, Bad] = {
    "20,000 x 20,000": Bad("the picture has too many pixels", lambda: png(20_000, 20_000, lines=1)),
    "7,000 x 7,000": Bad("7000 x 7000 pixels are too many", lambda: png(7000, 7000, lines=1)),
    "two thousand million a side": Bad(
        "the picture has too many pixels", lambda: png_head(0x7FFFFFFF, 0x7FFFFFFF)
    ),
    "a JPEG of 65,500 a side": Bad("the picture has too many pixels", _claimed_jpeg),
    "a WebP of 16,383 a side": Bad("too many", _claimed_webp),
    "a pixel": Bad("1 x 1 pixels are too few", lambda: png(1, 1)),
    "a line": Bad("4000 x 1 pixels are too few", lambda: png(4000, 1)),
    "nothing by nothing": Bad("the picture is damaged (its head cannot be read)", lambda: png_head(0, 0)),
    "forty million pixels": Bad(TAKEN, lambda: png(6324, 6324)),
    "forty million that let light through": Bad(TAKEN, lambda: png(6324, 6324, colour=6)),
    "forty million of sixteen bits": Bad(TAKEN, lambda: png(6324, 6324, colour=6, depth=16)),
    "forty million of a palette": Bad(TAKEN, lambda: png(6324, 6324, colour=3)),
    "twenty-four million that lie on their side": Bad(TAKEN, _turned),
    "a note that unfolds": Bad("the picture is damaged", _unfolding),
    "a profile that unfolds": Bad("the picture is damaged", _profiled),
    "sixty pictures in one": Bad(TAKEN, _moving),
}
HIDING: dict[str, Bad] = {
    "a page behind a PNG": Bad(TAKEN, lambda: good() + HARM, "a.html"),
    "a page behind a JPEG": Bad(TAKEN, lambda: good("JPEG") + HARM, "a.png.html"),
    "an archive behind a JPEG": Bad(TAKEN, lambda: good("JPEG") + b"PK\x03\x04" + HARM, "a.jar"),
    "a page in a PNG's notes": Bad(TAKEN, _noted),
    "a page in a JPEG's comment": Bad(TAKEN, lambda: saved(Image.new("RGB", (64, 64)), "JPEG", comment=HARM)),
    "a JPEG called .svg": Bad(TAKEN, lambda: good("JPEG"), "a.svg"),
    "a name that climbs": Bad(TAKEN, good, "../../../../etc/cron.d/x.png"),
    "a name of three hundred letters": Bad(TAKEN, good, "x" * 300 + ".png"),
    "a name that reads backwards": Bad(TAKEN, good, "photo\u202egnp.exe"),
    "a name of a device": Bad(TAKEN, good, "CON"),
    "a name of a pipe": Bad(TAKEN, good, "|touch x;.png"),
    "a name with quotes": Bad(TAKEN, good, "a\"b';--%{}\u2028.png"),
    "no name but an ending": Bad(TAKEN, good, ".png"),
}


def png_head(width: int, height: int) -> bytes:
    """A PNG that claims to be that large, in a hundred bytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(bytes(64))), chunk(b"IEND", b""))
    )


PICTURES = FALSE | DAMAGED | LARGE | HIDING
