"""Takes in a picture that somebody else made: decoded once, found whole, and written anew."""

import math
import struct
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

from nightdesk.kit.endings import Refused
from nightdesk.providers.images.contract import Picture

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 40_000_000
LEAST_SIDE = 16
AT_ONCE = 12_000_000
"""Pixels that are reshaped at a time. Of a larger picture one strip after the other is, and made smaller by
a whole number: transparency alone would take five times its 160 MB."""

KEPT_BLOCKS = 8
"""Blocks of memory (16 MB at most each) that Pillow keeps for the next picture instead of giving them back:
getting them anew took a third of the CPU of taking a picture in."""

FORMATS = ("PNG", "JPEG", "WEBP")
_SIGNS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_ORIENTATION = 0x0112
EMBLEM_SIDES = (512, 256)
LARGEST_EMBLEM = 300_000

_SYNTHETIC = b"""<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/>
</rdf:RDF></x:xmpmeta><?xpacket end="r"?>"""
"""IPTC Photo Metadata Standard 2023.2, "Digital Source Type", as XMP."""


def decoded(content: bytes, size: tuple[int, int] | None = None, synthetic: bool = False) -> Picture:
    """The picture in `content`, re-encoded without any metadata it came with.

    `size` (width, height): cropped around the middle and scaled to exactly that; without, one of more than
    12 million pixels becomes smaller. `synthetic`: marked as made by a trained algorithm. Raises `Refused`
    ("bad media: ...") for what is no PNG, JPEG or WebP, is cut short, has a side under 16 pixels or more than
    40 million pixels.
    """
    if not content:
        raise Refused("bad media: the file is empty")
    picture = _opened(content, _plain)
    if size is not None:
        picture = _shaped(picture, size)
    return _written(picture, synthetic)


def emblem(content: bytes) -> Picture:
    """A small picture that keeps its transparency, as PNG without any metadata it came with.

    At most 512 pixels wide and high, and 256 where that would take more than 300 kB. Raises as `decoded`.
    """
    from PIL import Image  # noqa: PLC0415

    if not content:
        raise Refused("bad media: the file is empty")
    picture = _opened(content, lambda found: found.convert("RGBA"))
    for side in EMBLEM_SIDES:
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        out = BytesIO()
        picture.info.clear()
        picture.save(out, "PNG", optimize=True)
        if out.tell() <= LARGEST_EMBLEM:
            break
    return Picture(out.getvalue(), "image/png", picture.width, picture.height)


def _opened(content: bytes, reshaped: Callable[["Image"], "Image"]) -> "Image":
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415

    Image.core.set_blocks_max(KEPT_BLOCKS)  # type: ignore[attr-defined]
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as found:
            width, height = found.size
            if width * height > MOST_PIXELS:
                raise Refused(f"bad media: {width} x {height} pixels are too many")
            if min(width, height) < LEAST_SIDE:
                raise Refused(f"bad media: {width} x {height} pixels are too few")
            found.load()
            if width * height > AT_ONCE:
                return _by_strips(found, reshaped)
            ImageOps.exif_transpose(found, in_place=True)
            return reshaped(found)
    except UnidentifiedImageError as unknown:
        raise Refused(f"bad media: {_guessed(content)}") from unknown
    except Image.DecompressionBombError as bomb:
        raise Refused("bad media: the picture has too many pixels") from bomb
    except (OSError, ValueError, SyntaxError, EOFError, struct.error) as broken:
        raise Refused(f"bad media: the picture is damaged ({broken})") from broken


def _by_strips(found: "Image", reshaped: Callable[["Image"], "Image"]) -> "Image":
    """A large picture that was loaded, reshaped and upright, with sides that are so many times shorter."""
    from PIL import Image, ImageOps  # noqa: PLC0415

    less = math.ceil(math.sqrt(found.width * found.height / AT_ONCE))
    size = (-(-found.width // less), -(-found.height // less))
    high = max(AT_ONCE // 4 // found.width, 1) * less
    whole: Image.Image | None = None
    for top in range(0, found.height, high):
        strip = found.crop((0, top, found.width, min(top + high, found.height)))
        part = reshaped(strip).reduce(less)
        whole = whole or Image.new(part.mode, size)
        whole.paste(part, (0, top // less))
    assert whole is not None
    whole.getexif()[_ORIENTATION] = found.getexif().get(_ORIENTATION, 1)
    ImageOps.exif_transpose(whole, in_place=True)
    return whole


def _guessed(content: bytes) -> str:
    if content.startswith(_SIGNS) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return "the picture is damaged (its head cannot be read)"
    start = content[:512].lstrip().lower()
    kind = "something else"
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        kind = "a web page"
    elif start.startswith((b"{", b"[")):
        kind = "JSON"
    return f"{kind}, not a PNG, JPEG or WebP picture"


def _plain(picture: "Image") -> "Image":
    """Without palette, alpha, wide samples or colour profile: eight bits of red, green and blue."""
    from PIL import Image  # noqa: PLC0415

    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        white = Image.new("RGBA", layered.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, layered).convert("RGB")
    if picture.mode.startswith("I;16"):
        return picture.point(lambda value: value / 256, "L").convert("RGB")
    return picture.convert("RGB")


def _shaped(picture: "Image", size: tuple[int, int]) -> "Image":
    from PIL import Image, ImageOps  # noqa: PLC0415

    return picture if picture.size == size else ImageOps.fit(picture, size, Image.Resampling.LANCZOS)


def _written(picture: "Image", synthetic: bool) -> Picture:
    """JPEG, which every platform takes; quality 90 without chroma subsampling.

    Neither progressive nor with tables of its own: both together take six times the CPU for a file a sixth
    smaller, and whoever publishes the picture makes sizes of it anyway.
    """
    out = BytesIO()
    mark = {"xmp": _SYNTHETIC} if synthetic else {}
    picture.info.clear()
    picture.save(out, "JPEG", quality=90, subsampling=0, **mark)
    return Picture(out.getvalue(), "image/jpeg", picture.width, picture.height)
