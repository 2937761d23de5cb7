"""Photos and clips that people give to scenes: shown, kept through edits, refused with the reason."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from api.api_house import Tenant
from api.rows import change
from desk.test_given_to_sites import FFMPEG, clip
from desk.video_rows import film, runs, scenes
from nightdesk.bootstrap import House
from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.desk.videos import ChangedMeanwhile, SceneChanges
from nightdesk.lines.video.origins import GIVEN, GIVEN_BY_MODEL, origin_of
from nightdesk.media.moves import MOVES
from nightdesk.media.probe import probe
from nightdesk.store.tables.videos import Scene, Video


def photo(colour: str = "red", place: str = "Secret Street 1") -> bytes:
    out, told = BytesIO(), Image.Exif()
    told[0x010E] = place
    Image.new("RGB", (320, 180), colour).save(out, "JPEG", exif=told)
    return out.getvalue()


async def given(house: House, tenant: Tenant, video: int, content: bytes, **more: Any) -> Scene:
    await house.desk.videos.own_footage.give(tenant.workspace, video, 2, content, **more)
    return (await scenes(house, tenant, video))[1]


async def at_rest(house: House, tenant: Tenant, video: int) -> None:
    """Takes the video out of the hands of its run, as if that were through with it."""
    await house.desk.videos.steering.cancel(tenant.workspace, video)
    await change(house, tenant, Video, video, status="review")


async def test_a_photo_is_shown_under_a_camera_and_nothing_else_of_its_video_is_made_anew(
    house: House, alice: Tenant
) -> None:
    made = await film(house, alice)
    first, before, last = await scenes(house, alice, made.id)
    scene = await given(house, alice, made.id, photo())
    kept = await house.files.get(alice.workspace, scene.picture or "")
    assert b"Secret" not in kept
    assert Image.open(BytesIO(kept)).convert("RGB").getpixel((5, 5))[0] > 240  # type: ignore[index]
    assert (scene.label, scene.footage, scene.note) == (GIVEN, None, f"A photo that was {GIVEN}")
    assert scene.move in MOVES
    assert (scene.sound, scene.status) == (before.sound, "filmed")
    others = (await scenes(house, alice, made.id))[::2]
    assert [one.picture for one in others] == [first.picture, last.picture]
    shown = await house.desk.videos.shelf.show(alice.workspace, made.id)
    assert (shown.video.status, shown.video.revision) == ("filmed", 2)
    assert len(await runs(house, alice)) == 1


async def test_what_was_given_stays_when_words_and_shape_change_until_another_is_asked_for(
    house: House, alice: Tenant
) -> None:
    made, desk, of = await film(house, alice), house.desk.videos, alice.workspace
    picture = (await given(house, alice, made.id, photo())).picture
    await at_rest(house, alice, made.id)
    await desk.scenes.edit(of, made.id, 2, SceneChanges(heading="Another", prompt="A heap by night"))
    await at_rest(house, alice, made.id)
    await desk.changes.change(of, made.id, {"shape": "1:1"})
    assert [one.picture for one in await scenes(house, alice, made.id)] == [None, picture, None]
    await at_rest(house, alice, made.id)
    await desk.scenes.remake(of, made.id, 2)
    scene = (await scenes(house, alice, made.id))[1]
    assert (scene.picture, scene.label) == (None, "")


async def test_a_clip_is_shown_without_its_sound_and_its_first_frame_stands_for_it(
    house: House, alice: Tenant, tmp_path: Path
) -> None:
    made = await film(house, alice)
    sound = ("-f", "lavfi", "-i", "sine=f=500:r=44100:d=2", "-metadata", "title=secret")
    scene = await given(house, alice, made.id, clip(tmp_path, 2, *sound), by_model=True)
    file = tmp_path / "kept.mp4"
    file.write_bytes(await house.files.get(alice.workspace, scene.footage or ""))
    media = await probe(FFMPEG, file)
    assert media.sound is None
    assert media.pictures is not None
    assert (media.pictures.width, media.pictures.rate, media.pictures.frames) == (320, 30, 60)
    assert b"secret" not in file.read_bytes()
    still = Image.open(BytesIO(await house.files.get(alice.workspace, scene.picture or "")))
    assert (still.size, scene.move) == ((320, 180), "still")
    found = origin_of(Video(label="written by a person", given={}), [scene])
    assert (scene.label, found.synthetic) == (GIVEN_BY_MODEL, True)
    own = origin_of(Video(label="written by a person", given={}), [Scene(voice="", label=GIVEN)])
    assert own.source_type == "digitalCreation"


async def test_what_cannot_be_shown_is_refused_with_the_reason_and_changes_nothing(
    house: House, alice: Tenant, bob: Tenant, tmp_path: Path
) -> None:
    made, give = await film(house, alice), house.desk.videos.own_footage.give
    whole = clip(tmp_path, 2)
    for content, why in ((b"<html>", "This cannot be used"), (whole[: len(whole) // 2], "cannot be used")):
        with pytest.raises(Invalid, match=why):
            await give(alice.workspace, made.id, 1, content)
    with pytest.raises(Invalid, match=r"0\.5 s, and 1 to 120 s are taken"):
        await give(alice.workspace, made.id, 1, clip(tmp_path, 0.5))
    with pytest.raises(NotFound):
        await give(alice.workspace, made.id, 9, photo())
    with pytest.raises(NotFound):
        await give(bob.workspace, made.id, 1, photo())
    with pytest.raises(ChangedMeanwhile):
        await give(alice.workspace, made.id, 1, photo(), 7)
    shown = await house.desk.videos.shelf.show(alice.workspace, made.id)
    assert (shown.video.revision, shown.video.status) == (1, "review")
