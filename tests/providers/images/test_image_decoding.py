"""Pictures that somebody else made are decoded, found whole and written anew, or refused."""

import struct
import zlib
from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from nightdesk.kit.endings import Refused
from nightdesk.providers.images.decoding import decoded
from servers.images_server import painted


def png_of(width: int, height: int) -> bytes:
    """A PNG that claims to be that large, in a hundred bytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 64))
        + chunk(b"IEND", b"")
    )


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


BAD = {
    "0 bytes": (b"", "empty"),
    "HTML": (b"<!DOCTYPE html><html><body>Not found</body></html>", "a web page"),
    "JSON": (b'{"error": "no"}', "JSON"),
    "20000 x 20000": (png_of(20000, 20000), "too many"),
    "7000 x 7000": (png_of(7000, 7000), "too many"),
    "a pixel": (png_of(1, 1), "too few"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "something else"),
    "GIF": (saved(Image.new("P", (32, 32)), "GIF"), "something else"),
    "TIFF": (saved(Image.new("RGB", (32, 32)), "TIFF"), "something else"),
    "half a PNG": (painted()[:400], "damaged"),
    "half a JPEG": (painted(form="JPEG")[:900], "damaged"),
    "a PNG with noise in it": (painted()[:200] + b"\xff" * 500, "damaged"),
    "half a WebP": (painted(form="WEBP")[:200], "damaged"),
    "MP4": (b"\x00\x00\x00\x20ftypisom" + b"\0" * 400, "something else"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_whole_picture_is_bad_media(name: str) -> None:
    content, why = BAD[name]
    with pytest.raises(Refused, match="bad media") as refused:
        decoded(content)
    assert why in refused.value.why


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_written_anew_without_what_came_with_it(form: str) -> None:
    picture = decoded(painted(form=form))
    assert (picture.mime, picture.width, picture.height) == ("image/jpeg", 320, 240)
    assert b"secret" not in picture.content
    with Image.open(BytesIO(picture.content)) as found:
        assert not found.getexif()


def test_text_chunks_and_colour_profiles_do_not_survive() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("workflow", "secret prompt")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = saved(Image.new("RGB", (64, 64), "teal"), "PNG", pnginfo=notes, icc_profile=profile)
    picture = decoded(content)
    assert b"secret" not in picture.content
    with Image.open(BytesIO(picture.content)) as found:
        assert "icc_profile" not in found.info


def test_what_follows_a_picture_in_its_file_does_not_survive() -> None:
    assert b"<script>" not in decoded(painted() + b"<script>alert(1)</script>").content


def test_a_picture_is_cropped_around_its_middle_and_scaled() -> None:
    wide = Image.new("RGB", (600, 200), "red")
    wide.paste("blue", (200, 0, 400, 200))
    picture = decoded(saved(wide, "PNG"), (100, 100))
    with Image.open(BytesIO(picture.content)) as found:
        assert found.size == (100, 100)
        red, _, blue = found.getpixel((3, 50))
        assert blue > 200 > 60 > red


def test_transparent_parts_become_white() -> None:
    picture = decoded(saved(Image.new("RGBA", (64, 64), (255, 0, 0, 0)), "PNG"))
    with Image.open(BytesIO(picture.content)) as found:
        assert found.getpixel((32, 32)) == (255, 255, 255)


def test_sixteen_bits_become_eight() -> None:
    grey = Image.new("I;16", (64, 64), 128 * 256)
    with Image.open(BytesIO(decoded(saved(grey, "PNG")).content)) as found:
        assert abs(found.getpixel((9, 9))[0] - 128) <= 1


def test_a_picture_stands_upright_as_its_camera_meant() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = decoded(saved(Image.new("RGB", (64, 32)), "JPEG", exif=exif))
    assert (picture.width, picture.height) == (32, 64)


def test_a_synthetic_picture_says_so_in_its_metadata() -> None:
    marked, plain = decoded(painted(), synthetic=True), decoded(painted())
    with Image.open(BytesIO(marked.content)) as found:
        packet = ElementTree.fromstring(found.info["xmp"])
    source = packet[0][0].attrib["{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"]
    assert source == "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    assert b"xmpmeta" not in plain.content
