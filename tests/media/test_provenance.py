"""Finished files say where they come from, without a frame or pixel changed, and can be read again."""

import shutil
import struct
import subprocess
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from film import FFMPEG, clip, plainly
from PIL import Image

from media.made_up_certificate import certificate as made_up
from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import NeedsPerson, Refused
from nightdesk.media.provenance.credentials import Notary, available, credentials_of
from nightdesk.media.provenance.labels import LABELS, made_with_ai, visible_label
from nightdesk.media.provenance.marking import mark, marked, marks_of
from nightdesk.media.provenance.origins import Part, made_by, origin
from nightdesk.media.provenance.xmp import understood
from nightdesk.media.typesetting.typefaces import Shelf
from servers.stamping_authority import stamping

OFFLINE = origin([made_by("script", "offline"), made_by("voice", "espeak"), made_by("pictures", "cards")])
MIXED = origin([made_by("script", "offline"), made_by("voice", "kokoro:af_heart")])
CPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
TALL = ("-movflags", "+faststart", "-t", "0.4")


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ([made_by("script", "openai:gpt-5"), made_by("voice", "elevenlabs:x")], "trainedAlgorithmicMedia"),
        (
            [made_by("script", "openai:gpt-5"), made_by("voice", "espeak")],
            "compositeWithTrainedAlgorithmicMedia",
        ),
        ([Part("clips", "camera"), made_by("voice", "piper:x")], "compositeWithTrainedAlgorithmicMedia"),
        ([made_by("script", "compiled offline"), made_by("pictures", "cards")], "algorithmicMedia"),
        ([Part("clips", "camera"), Part("photos", "camera")], "compositeCapture"),
        ([Part("script", "person")], "digitalCreation"),
        ([Part("script", "person"), made_by("voice", "espeak")], "composite"),
    ],
)
def test_what_made_the_parts_decides_the_source_type(parts: list[Part], kind: str) -> None:
    found = origin(parts)
    assert found.source_type == kind
    assert found.synthetic == ("rained" in kind)
    assert all(part.what in found.why for part in parts)


def test_the_reason_names_who_made_what() -> None:
    assert MIXED.why == (
        "Made by a trained model: voice (kokoro:af_heart). Made by a program's rules: script (offline)."
    )
    assert MIXED.as_json()["models"] == ["kokoro:af_heart"]
    with pytest.raises(ValueError, match="known"):
        origin([])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def decoded(path: Path) -> bytes:
    return plainly("-i", str(path), "-map", "0", "-f", "framemd5", "-")


def test_a_video_keeps_every_frame_and_says_where_it_comes_from(tmp_path: Path) -> None:
    video = clip(tmp_path / "a.mp4", 1, "64x114", *TALL)
    before, content = decoded(video), video.read_bytes()
    assert marks_of(video) is None
    mark(video, MIXED, tmp_path / "b.mp4")
    found = marks_of(tmp_path / "b.mp4")
    assert found is not None
    assert (found.source_type, found.kind) == (CPTC, "compositeWithTrainedAlgorithmicMedia")
    assert (found.models, found.tool, found.description) == ("kokoro:af_heart", "Nightdesk", MIXED.why)
    assert decoded(tmp_path / "b.mp4") == before
    assert (tmp_path / "b.mp4").read_bytes().startswith(content)
    assert video.read_bytes() == content


def test_marks_are_replaced_not_added(tmp_path: Path) -> None:
    video = clip(tmp_path / "a.mp4", 1, "64x114", *TALL)
    mark(video, MIXED, video)
    once = video.stat().st_size
    mark(video, OFFLINE, video)
    mark(video, MIXED, video)
    found = marks_of(video)
    assert found is not None
    assert found.source_type == CPTC
    assert video.stat().st_size == once
    assert names(tmp_path) == ["a.mp4"]


def test_marks_in_the_midst_of_a_file_are_emptied_and_nothing_moves(tmp_path: Path) -> None:
    """As an editor leaves them: the packet before the samples, whose places are counted from the start."""
    video = clip(tmp_path / "a.mp4", 1, "64x114", *TALL)
    mark(video, OFFLINE, video)
    content = video.read_bytes()
    at = content.rindex(b"uuid") - 4
    head = struct.unpack_from(">I", content)[0]
    (tmp_path / "b.mp4").write_bytes(content[:head] + content[at:] + content[head:at])
    mark(tmp_path / "b.mp4", MIXED, tmp_path / "c.mp4")
    found = marks_of(tmp_path / "c.mp4")
    assert found is not None
    assert found.source_type == CPTC
    assert (tmp_path / "c.mp4").read_bytes().count(b"DigitalSourceType>http") == 2
    assert (tmp_path / "c.mp4").read_bytes()[head + 4 : head + 8] == b"free"


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_picture_keeps_its_pixels_and_what_else_it_tells(form: str) -> None:
    out, exif = BytesIO(), Image.Exif()
    exif[0x010E] = "described"
    picture = Image.effect_noise((40, 30), 60).convert("RGB")
    picture.save(out, form, exif=exif)
    once = marked(out.getvalue(), OFFLINE)
    twice = marked(once, MIXED)
    opened = Image.open(BytesIO(twice))
    opened.load()
    assert opened.tobytes() == Image.open(out).tobytes()
    assert opened.getexif()[0x010E] == "described"
    assert b"algorithmicMedia" not in twice.replace(CPTC.encode(), b"")


def test_pillow_and_our_reader_understand_the_same_of_a_picture(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8), "red").save(tmp_path / "a.png")
    mark(tmp_path / "a.png", MIXED, tmp_path / "a.png")
    found = marks_of(tmp_path / "a.png")
    assert found is not None
    assert found.source_type == CPTC
    xmp = Image.open(tmp_path / "a.png").info["XML:com.adobe.xmp"]
    assert understood(xmp.encode()) == found


@pytest.mark.skipif(not shutil.which("exiftool"), reason="exiftool is not installed")
def test_exiftool_reads_the_marks(tmp_path: Path) -> None:
    video = clip(tmp_path / "a.mp4", 1, "64x114", *TALL)
    mark(video, MIXED, video)
    told = subprocess.run(
        ["exiftool", "-XMP-iptcExt:DigitalSourceType", "-s3", str(video)], capture_output=True
    )
    assert told.stdout.decode().strip() == CPTC


@pytest.mark.parametrize(
    "packet",
    [
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>",
        b"<x",
        b"\xff\xfe\x00",
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>",
        b"<x>" + b" " * (1 << 20),
    ],
)
def test_a_packet_that_is_no_good_says_nothing(packet: bytes) -> None:
    assert understood(packet) is None


def test_a_source_type_written_as_attribute_or_resource_is_read_too() -> None:
    rdf = 'xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    iptc = 'xmlns:i="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
    for inside in (
        f' i:DigitalSourceType="{CPTC}"/>',
        f'><i:DigitalSourceType r:resource="{CPTC}"/></r:Description>',
    ):
        found = understood(f"<r:RDF {rdf} {iptc}><r:Description{inside}</r:RDF>".encode())
        assert found is not None
        assert found.source_type == CPTC


def test_what_cannot_be_marked_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    video = clip(tmp_path / "a.mp4", 1, "64x114", *TALL)
    video.write_bytes(video.read_bytes()[:-100])
    (tmp_path / "a.wav").write_bytes(b"RIFF\x24\x00\x00\x00WAVEfmt ")
    for name in ("a.mp4", "a.wav"):
        with pytest.raises(Refused, match="bad media"):
            mark(tmp_path / name, MIXED, tmp_path / "out.mp4")
    assert names(tmp_path) == ["a.mp4", "a.wav"]


def test_the_label_is_in_the_viewers_language_and_our_fonts_can_set_it() -> None:
    assert made_with_ai("de-AT") == "Mit KI erstellt"
    assert made_with_ai("nb") == made_with_ai("no")
    assert made_with_ai("tlh") == "Made with AI"
    shelf = Shelf(shaping=True)
    unset = {name for name, text in LABELS.items() if shelf.missing(text)}
    assert unset <= {"ja", "ko", "zh"}


def test_a_label_is_due_only_for_synthetic_media_that_no_platform_labels() -> None:
    assert visible_label(MIXED, "fr") == "Créé avec l’IA"
    assert visible_label(MIXED, "fr", "is_aigc") == visible_label(OFFLINE, "fr") == ""


def certificate(folder: Path) -> tuple[Path, Path]:
    """A made-up chain and its key as files."""
    chain, key = made_up()
    (folder / "chain.pem").write_bytes(chain)
    (folder / "key.pem").write_bytes(key)
    return folder / "chain.pem", folder / "key.pem"


needs_c2pa = pytest.mark.skipif(not available(), reason="the extra provenance is not installed")


@needs_c2pa
async def test_a_signed_video_tells_its_signer_its_source_and_every_later_change(tmp_path: Path) -> None:
    video = clip(tmp_path / "a.mp4", 1, "64x114", *TALL)
    mark(video, MIXED, video)
    before = decoded(video)
    assert credentials_of(video) is None
    await Notary(*certificate(tmp_path)).sign(video, MIXED, tmp_path / "signed.mp4", "Heat pumps")
    found = credentials_of(tmp_path / "signed.mp4")
    assert found is not None
    assert (found.issuer, found.source_type) == ("A made-up desk", CPTC)
    assert found.state == "Valid"
    assert found.problems == ("signingCredential.untrusted",)
    assert decoded(tmp_path / "signed.mp4") == before
    marks = marks_of(tmp_path / "signed.mp4")
    assert marks is not None
    assert marks.source_type == CPTC
    content = bytearray((tmp_path / "signed.mp4").read_bytes())
    content[content.index(b"mdat") + 100] ^= 1
    (tmp_path / "forged.mp4").write_bytes(content)
    forged = credentials_of(tmp_path / "forged.mp4")
    assert forged is not None
    assert forged.state == "Invalid"
    assert any("mismatch" in problem for problem in forged.problems)


@needs_c2pa
async def test_pictures_are_signed_too(tmp_path: Path) -> None:
    Image.new("RGB", (16, 16), "red").save(tmp_path / "a.png")
    await Notary(*certificate(tmp_path)).sign(tmp_path / "a.png", OFFLINE, tmp_path / "b.png", "A cover")
    found = credentials_of(tmp_path / "b.png")
    assert found is not None
    assert found.source_type.endswith("/algorithmicMedia")


@needs_c2pa
@pytest.mark.skipif(shutil.which("openssl") is None, reason="the authority of this test is openssl")
async def test_an_authority_says_when_it_was_signed_and_without_one_it_is_signed_all_the_same(
    tmp_path: Path,
) -> None:
    picture, signed = tmp_path / "a.png", tmp_path / "b.png"
    Image.new("RGB", (16, 16), "red").save(picture)
    folder = tmp_path / "authority"
    folder.mkdir()
    now = SystemClock().now()
    with stamping(folder) as address:
        notary = Notary(*certificate(tmp_path), timestamps=address)
        assert await notary.sign(picture, OFFLINE, signed, "A cover") == ""
    found = credentials_of(signed)
    assert found is not None
    assert found.state == "Valid"
    assert abs(datetime.fromisoformat(found.stamped) - now) < timedelta(minutes=1)
    with stamping(folder, status=503) as address:
        notary = Notary(*certificate(tmp_path), timestamps=address)
        assert f"{address} gave none" in await notary.sign(picture, OFFLINE, signed, "A cover")
    found = credentials_of(signed)
    assert found is not None
    assert (found.state, found.stamped) == ("Valid", "")


@needs_c2pa
async def test_a_certificate_that_will_not_do_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    chain, key = certificate(tmp_path)
    with pytest.raises(NeedsPerson, match="correct its path"):
        Notary(tmp_path / "none.pem", key)
    chain.write_text("no certificate")
    Image.new("RGB", (16, 16), "red").save(tmp_path / "a.png")
    with pytest.raises(NeedsPerson, match="look at the certificate"):
        await Notary(chain, key).sign(tmp_path / "a.png", OFFLINE, tmp_path / "b.png", "A cover")
    assert names(tmp_path) == ["a.png", "chain.pem", "key.pem"]


def test_ffmpeg_takes_a_marked_file_as_before(tmp_path: Path) -> None:
    video = clip(tmp_path / "a.mp4", 1, "64x114", *TALL)
    mark(video, OFFLINE, video)
    said = subprocess.run(
        [FFMPEG.program, "-v", "warning", "-xerror", "-i", str(video), "-f", "null", "-"], capture_output=True
    )
    assert (said.returncode, said.stderr) == (0, b"")
