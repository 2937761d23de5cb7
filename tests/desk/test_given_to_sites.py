"""Files that people give a site for its videos: known by content, encoded anew, refused with the reason."""

import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.media.ffmpeg import Ffmpeg

FFMPEG = Ffmpeg()


def made(target: Path, *arguments: str) -> bytes:
    subprocess.run([FFMPEG.program, "-v", "error", "-y", *arguments, str(target)], check=True)
    return target.read_bytes()


def clip(folder: Path, seconds: float, *more: str) -> bytes:
    seen = ("-f", "lavfi", "-i", f"testsrc=s=320x180:r=24:d={seconds}")
    return made(folder / "c.mp4", *seen, *more, "-c:v", "libx264", "-pix_fmt", "yuv420p")


async def test_a_clip_is_kept_with_its_frames_and_its_sound_and_goes_back_under_its_own_name(
    house: House, alice: Tenant, bob: Tenant, tmp_path: Path
) -> None:
    giving, site = house.desk.videos.giving, alice.site
    sound = ("-f", "lavfi", "-i", "sine=f=500:r=44100:d=2", "-metadata", "title=secret")
    kept = await giving.give(alice.workspace, site, "intro", clip(tmp_path, 2, *sound))
    facts = kept.video_files["intro"]
    assert (facts["frames"], facts["sounds"]) == (60, True)
    content = await house.files.get(alice.workspace, facts["asset"])
    assert content[4:8] == b"ftyp"
    assert b"secret" not in content
    await giving.tune(alice.workspace, site, "intro", {"silent": True, "source": "Our own"})
    await giving.drop(alice.workspace, site, "intro")
    forged = {"asset": facts["asset"], "frames": 9999, "source": "Our own"}
    back = await giving.put_back(alice.workspace, site, "intro", forged)
    assert back.video_files["intro"] == facts | {"source": "Our own"}
    with pytest.raises(NotFound):
        await giving.put_back(alice.workspace, site, "music", forged)
    with pytest.raises(NotFound):
        await giving.put_back(bob.workspace, bob.site, "intro", forged)
    with pytest.raises(NotFound):
        await giving.file(bob.workspace, site, "intro")


async def test_what_is_no_clip_of_five_seconds_is_refused_and_nothing_is_kept(
    house: House, alice: Tenant, tmp_path: Path
) -> None:
    giving, whole = house.desk.videos.giving, clip(tmp_path, 7)
    out = BytesIO()
    Image.new("RGB", (40, 30)).save(out, "PNG")
    for which, content, why in (
        ("intro", whole, "it lasts 7.0 s, and 1 to 5 s are taken"),
        ("intro", whole[: len(whole) // 2], "damaged|can be read"),
        ("outro", b"#EXTM3U\nhttp://a/b.ts", "a playlist that names other files"),
        ("outro", b"<svg/>", "an SVG drawing"),
        ("music", out.getvalue(), "no sound"),
        ("music", b"", "empty"),
    ):
        with pytest.raises(Invalid, match=why):
            await giving.give(alice.workspace, alice.site, which, content)
    with pytest.raises(Invalid, match="From 2%"):
        await giving.tune(alice.workspace, alice.site, "music", {"volume": 7})
    assert (await house.desk.sites.get(alice.workspace, alice.site)).video_files == {}
