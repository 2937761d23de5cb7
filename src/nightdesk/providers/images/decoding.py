"""Takes in a picture that somebody else made: decoded once, found whole, and written anew."""

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
KEPT_BLOCKS = 8
"""Blocks of memory (16 MB at most each) that Pillow keeps for the next picture instead of giving them back:
getting them anew took a third of the CPU of taking a picture in."""

FORMATS = ("PNG", "JPEG", "WEBP")
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

    `size` (width, height): cropped around the middle and scaled to exactly that. `synthetic`: marked as
    made by a trained algorithm. Raises `Refused` ("bad media: ...") for what is no PNG, JPEG or WebP, is
    cut short, has a side under 16 pixels or more than 40 million pixels.
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
            ImageOps.exif_transpose(found, in_place=True)
            return reshaped(found)
    except UnidentifiedImageError as unknown:
        raise Refused(f"bad media: {_guessed(content)}, not a PNG, JPEG or WebP picture") from unknown
    except Image.DecompressionBombError as bomb:
        raise Refused("bad media: the picture has too many pixels") from bomb
    except (OSError, ValueError, SyntaxError, EOFError, struct.error) as broken:
        raise Refused(f"bad media: the picture is damaged ({broken})") from broken


def _guessed(content: bytes) -> str:
    start = content[:512].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "a web page"
    if start.startswith((b"{", b"[")):
        return "JSON"
    return "something else"


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
