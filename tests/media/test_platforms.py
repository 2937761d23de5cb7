"""What a platform would not take is told, and an export of it is taken; what is well is left alone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from film import FFMPEG, clip, frames

from nightdesk.media.platforms.export import export
from nightdesk.media.platforms.facts import CoverFacts, PostFacts, VideoFacts, facts_of, length
from nightdesk.media.platforms.limits import SHIPPED, Limits, table
from nightdesk.media.platforms.plan import plan
from nightdesk.media.platforms.validate import validate
from nightdesk.media.provenance.marking import mark, marks_of
from nightdesk.media.provenance.origins import made_by, origin

TABLE = table()
GOOD = VideoFacts(30, 1080, 1920, 30, "h264", "aac", 12_000_000)
POST = PostFacts("Why heat pumps work", "They move heat.", ["heating", "homes"])
SOUND = ("-f", "lavfi", "-i", "sine=d=4:r=48000", "-c:a", "aac", "-shortest")
SMALL = {"sides": (64, 200), "rates": (10, 30), "seconds": (0.5, 2), "good": 200_000, "best": ((64, 114),)}


def codes(facts: VideoFacts, key: str, post: PostFacts | None = None) -> set[str]:
    return {each.code for each in validate(facts, TABLE[key], post)}


@pytest.mark.parametrize("key", TABLE)
def test_our_usual_video_is_taken_everywhere_as_it_is(key: str) -> None:
    facts = replace(GOOD, width=720, height=1280) if key == "x" else GOOD
    assert validate(facts, TABLE[key], POST) == []
    planned = plan(facts, TABLE[key])
    assert planned.same
    assert planned.changes == planned.loses == planned.left == ()


@pytest.mark.parametrize(
    ("key", "changed", "code"),
    [
        ("youtube_shorts", {"seconds": 181}, "long"),
        ("youtube_shorts", {"width": 1920, "height": 1080}, "shape"),
        ("instagram", {"seconds": 2}, "short"),
        ("instagram", {"bytes": 301_000_000}, "bytes"),
        ("instagram", {"bytes": 100_000_000}, "bit_rate"),
        ("instagram", {"video": "vp9"}, "video_codec"),
        ("tiktok", {"watermark": True}, "watermark"),
        ("tiktok", {"rate": 20}, "rate"),
        ("tiktok", {"width": 270, "height": 480}, "small"),
        ("x", {}, "large"),
        ("x", {"seconds": 141}, "long"),
        ("linkedin", {"rate": 120}, "rate"),
        ("linkedin", {"sound": "opus"}, "sound_codec"),
        ("linkedin", {"container": "video/webm"}, "container"),
    ],
)
def test_each_broken_limit_is_told_with_what_to_do(key: str, changed: dict[str, object], code: str) -> None:
    found = {each.code: each for each in validate(replace(GOOD, **changed), TABLE[key])}  # type: ignore[arg-type]
    assert code in found
    assert TABLE[key].name in found[code].message
    assert ":" in found[code].message or "frames a second" in found[code].message
    assert found[code].as_json()["mendable"] == (code not in ("short", "watermark"))


def test_texts_are_counted_as_the_platform_counts_them() -> None:
    assert codes(GOOD, "youtube", replace(POST, title="x" * 101)) == {"title"}
    assert codes(GOOD, "youtube", replace(POST, title="  ")) == {"title"}
    assert codes(GOOD, "youtube", replace(POST, description="é" * 2600)) == {"description"}
    assert codes(GOOD, "linkedin", replace(POST, description="é" * 2600)) == set()
    assert codes(GOOD, "instagram", replace(POST, hashtags=list("abcdef"))) == {"hashtags"}
    assert codes(GOOD, "instagram", replace(POST, description="#f", hashtags=list("abcde"))) == {"hashtags"}
    assert [length("日本 x👍🏽", counts) for counts in ("characters", "utf16", "weighted", "bytes")] == [
        6,
        8,
        10,
        16,
    ]


def test_a_thumbnail_is_looked_at_too() -> None:
    cover = CoverFacts("image/png", 3_000_000, 1080, 1920)
    post = replace(POST, cover=cover)
    assert codes(GOOD, "youtube", post) == {"thumbnail_bytes", "thumbnail_shape"}
    assert codes(GOOD, "instagram", post) == {"thumbnail_kind"}
    assert codes(GOOD, "youtube", replace(POST, cover=CoverFacts("image/jpeg", 9, 320, 180))) == {
        "thumbnail_small"
    }
    assert codes(GOOD, "tiktok", post) == set()


@pytest.mark.parametrize("key", TABLE)
@pytest.mark.parametrize(
    "sides", [(1080, 1920), (1920, 1080), (1080, 1080), (400, 300), (3840, 2160), (608, 1080)]
)
def test_what_is_planned_has_a_size_that_the_platform_takes(key: str, sides: tuple[int, int]) -> None:
    width, height = sides
    facts = VideoFacts(4000, width, height, 90, "mpeg4", "flac", 10**12)
    planned, limits = plan(facts, TABLE[key]), TABLE[key]
    after = VideoFacts(
        planned.seconds or facts.seconds,
        planned.width,
        planned.height,
        planned.rate or facts.rate,
        "h264",
        "aac",
        int((planned.bits + 160_000) / 8 * (planned.seconds or facts.seconds)),
    )
    assert validate(after, limits) == []
    assert planned.width % 2 == planned.height % 2 == 0


def test_every_limit_says_where_it_was_found_and_when() -> None:
    for limits in TABLE.values():
        assert all(source.at.startswith("https://") and source.says for source in limits.sources)
        assert limits.checked.year == 2026
        assert all(width / height <= limits.shapes[1] * 1.001 for width, height in limits.best)


def test_the_table_can_be_edited_and_a_slip_in_it_is_named(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    shipped = SHIPPED.read_text("utf-8")
    mine.write_text(
        shipped[shipped.index("[x]") : shipped.index("[linkedin]")].replace("[0.5, 140]", "[0.5, 600]")
    )
    edited = table(mine)
    assert edited["x"].seconds == (0.5, 600)
    assert edited["tiktok"] == TABLE["tiktok"]
    for wrong, told in (("[x]\nname = 3", r"mine.toml: Limits, name"), ("[x", "mine.toml cannot be read")):
        mine.write_text(wrong)
        with pytest.raises(ValueError, match=told):
            table(mine)


def limits(**changed: object) -> Limits:
    return TABLE["instagram"].model_copy(update={**SMALL, **changed})


async def exported(video: Path, platform: Limits) -> tuple[VideoFacts, Path]:
    before = await facts_of(FFMPEG, video)
    assert validate(before, platform)
    made = await export(video, plan(before, platform), FFMPEG, video.parent / "out.mp4", seconds=60)
    return await facts_of(FFMPEG, made), made


async def test_a_file_that_is_taken_is_exported_as_itself(tmp_path: Path) -> None:
    planned = plan(GOOD, TABLE["youtube_shorts"])
    assert await export(tmp_path / "a.mp4", planned, FFMPEG, tmp_path / "out.mp4") == tmp_path / "a.mp4"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("size", "seconds", "changed"),
    [
        ("66x114", 1, {"shapes": (0.5, 0.57), "rates": (10, 20)}),
        ("114x202", 3, {}),
        ("64x114", 3, {"seconds": (1, 9), "bytes": 150_000}),
        ("64x114", 3, {"seconds": (1, 9), "bit_rate": 400_000}),
    ],
)
async def test_an_export_is_taken_by_the_platform_that_it_was_made_for(
    tmp_path: Path, size: str, seconds: float, changed: dict[str, object]
) -> None:
    platform = limits(**changed)
    after, made = await exported(clip(tmp_path / "a.mp4", seconds, size, *SOUND, "-crf", "1"), platform)
    assert validate(after, platform) == []
    assert made.read_bytes().index(b"moov") < made.read_bytes().index(b"mdat")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mp4", "out.mp4"]


async def test_a_wide_video_stands_whole_in_a_blurred_surround_and_keeps_its_marks(tmp_path: Path) -> None:
    video = clip(tmp_path / "a.mp4", 1, "128x72", *SOUND)
    mark(video, origin([made_by("voice", "kokoro")]), video)
    after, made = await exported(video, limits())
    assert validate(after, limits()) == []
    assert marks_of(made) == marks_of(video) is not None
    shown = frames(made, (64, 114))[10].astype(int)
    sharp = [np.abs(np.diff(shown[rows], axis=1)).mean() for rows in (slice(40, 74), slice(4, 34))]
    assert sharp[0] > 4 * sharp[1]


async def test_sound_alone_is_encoded_anew_where_it_alone_is_wrong(tmp_path: Path) -> None:
    video = clip(tmp_path / "a.mp4", 1, "64x114", "-f", "lavfi", "-i", "sine=d=1", "-c:a", "libmp3lame")
    planned = plan(await facts_of(FFMPEG, video), limits())
    assert (planned.pictures, planned.sound, planned.changes) == (False, True, ("sound encoded in AAC",))
    after, made = await exported(video, limits())
    assert after.sound == "aac"
    assert np.array_equal(frames(made, (64, 114)), frames(video, (64, 114)))


async def test_what_no_export_can_mend_is_left_to_a_person(tmp_path: Path) -> None:
    planned = plan(replace(GOOD, watermark=True, seconds=2), TABLE["tiktok"])
    assert {each.code for each in planned.left} == {"watermark", "short"}
    assert planned.same
    assert plan(replace(GOOD, seconds=200), TABLE["youtube_shorts"]).loses == ("the last 20.1 s",)
