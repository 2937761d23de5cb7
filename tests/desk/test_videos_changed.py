"""Videos that a person changes: what is made anew is what has to be, and an approval is void."""

from typing import Any

import pytest

from api.api_house import Tenant
from api.rows import change, put_in_hand, read
from desk.video_rows import film, runs, scenes
from nightdesk.bootstrap import House
from nightdesk.desk.errors import Conflict, Invalid, NotFound
from nightdesk.desk.videos import ChangedMeanwhile, SceneChanges
from nightdesk.store.tables.videos import Scene, Video


async def states(house: House, tenant: Tenant, video: int) -> list[str]:
    """Of each scene, whether it is heard and seen as before."""
    return [
        ("heard " if scene.sound else "") + ("seen" if scene.picture else "")
        for scene in await scenes(house, tenant, video)
    ]


async def status(house: House, tenant: Tenant, video: int) -> str:
    return (await read(house, tenant, Video, video)).status


async def test_what_is_said_otherwise_is_read_aloud_anew_and_nothing_else(
    house: House, alice: Tenant
) -> None:
    made = await film(house, alice, status="approved")
    changes = SceneChanges(says="Compost needs water too.")
    done = await house.desk.videos.scenes.edit(alice.workspace, made.id, 2, changes, revision=1)
    assert await states(house, alice, made.id) == ["heard seen", "seen", "heard seen"]
    assert (done.video.status, done.video.revision, done.waits) == ("scripted", 2, "")
    assert done.video.progress < 100
    (run,) = await runs(house, alice)
    assert run.current_stage == 3
    with pytest.raises(ChangedMeanwhile):
        await house.desk.videos.scenes.edit(alice.workspace, made.id, 1, changes, revision=1)
    with pytest.raises(Conflict, match="working on"):
        await house.desk.videos.scenes.edit(alice.workspace, made.id, 2, changes)


async def test_another_picture_keeps_what_is_heard(house: House, alice: Tenant) -> None:
    made = await film(house, alice)
    before = (await scenes(house, alice, made.id))[0].seed
    done = await house.desk.videos.scenes.remake(alice.workspace, made.id, 1, note="in the rain")
    assert await states(house, alice, made.id) == ["heard ", "heard seen", "heard seen"]
    first = (await scenes(house, alice, made.id))[0]
    assert (done.video.status, first.prompt) == ("captioned", "a heap of compost in the rain")
    assert first.seed != before


async def test_a_change_that_changes_nothing_keeps_the_approval(house: House, alice: Tenant) -> None:
    made = await film(house, alice, status="approved")
    same = SceneChanges(says="Compost needs air.")
    done = await house.desk.videos.scenes.edit(alice.workspace, made.id, 1, same)
    assert (done.video.status, done.video.revision) == ("approved", 1)


async def test_scenes_are_moved_added_and_removed_without_a_gap(house: House, alice: Tenant) -> None:
    made, desk = await film(house, alice), house.desk.videos.scenes
    done = await desk.move(alice.workspace, made.id, 1, 3)
    assert [scene.heading for scene in await scenes(house, alice, made.id)] == ["Part 2", "Part 3", "Part 1"]
    assert done.video.status == "narrated"
    await house.desk.videos.steering.cancel(alice.workspace, made.id)
    await change(house, alice, Video, made.id, status="review")
    for scene in await scenes(house, alice, made.id):
        await change(house, alice, Scene, scene.id, status="filmed")
    added = SceneChanges(says="A word before that.", heading="New")
    assert (await desk.add(alice.workspace, made.id, 1, added)).video.status == "scripted"
    await house.desk.videos.steering.cancel(alice.workspace, made.id)
    await change(house, alice, Video, made.id, status="review")
    await desk.remove(alice.workspace, made.id, 2)
    found = [(scene.position, scene.heading) for scene in await scenes(house, alice, made.id)]
    assert found == [(1, "New"), (2, "Part 3"), (3, "Part 1")]


@pytest.mark.parametrize(
    ("facts", "left", "falls_to"),
    [
        ({"captions": "box"}, ["heard seen"] * 3, "narrated"),
        ({"voice": ""}, ["heard seen"] * 3, "review"),
        ({"shape": "1:1"}, ["heard "] * 3, "narrated"),
        ({"kind": "list"}, ["heard seen"] * 3, "pending"),
        ({"title": "Another title"}, ["heard seen"] * 3, "review"),
        ({"second_voice": "en"}, ["heard seen"] * 3, "narrated"),
    ],
)
async def test_a_video_falls_back_as_far_as_the_change_reaches(
    house: House, alice: Tenant, facts: dict[str, Any], left: list[str], falls_to: str
) -> None:
    made = await film(house, alice)
    await house.desk.videos.changes.change(alice.workspace, made.id, facts)
    assert await states(house, alice, made.id) == left
    assert await status(house, alice, made.id) == falls_to


async def test_another_voice_reads_all_that_the_speaker_says(house: House, alice: Tenant) -> None:
    made = await film(house, alice, second_voice="en-gb")
    second = (await scenes(house, alice, made.id))[1]
    await change(house, alice, Scene, second.id, speaker=1)
    await house.desk.videos.changes.change(alice.workspace, made.id, {"voice": "en-us"})
    assert await states(house, alice, made.id) == ["seen", "heard seen", "seen"]


async def test_a_thumbnail_is_chosen_without_making_anything_anew(house: House, alice: Tenant) -> None:
    both = [{"variant": "1", "asset": "a", "chosen": True}, {"variant": "2", "asset": "b", "chosen": False}]
    made = await film(house, alice, status="approved", thumbnails=both)
    done = await house.desk.videos.changes.choose_thumbnail(alice.workspace, made.id, "2")
    assert [one["chosen"] for one in done.video.thumbnails] == [False, True]
    assert (done.video.status, done.video.revision) == ("review", 2)
    with pytest.raises(NotFound):
        await house.desk.videos.changes.choose_thumbnail(alice.workspace, made.id, "9")


async def test_what_cannot_be_changed_says_why(house: House, alice: Tenant) -> None:
    made, desk = await film(house, alice), house.desk.videos
    for wrong, field in (
        ({"says": "…"}, "says"),
        ({"says": "x" * 1001}, "says"),
        ({"speaker": 2}, "speaker"),
        ({"prompt": "a\0b"}, "prompt"),
    ):
        with pytest.raises(Invalid) as refused:
            await desk.scenes.edit(alice.workspace, made.id, 1, SceneChanges(**wrong))
        assert refused.value.field == field
    with pytest.raises(NotFound):
        await desk.scenes.edit(alice.workspace, made.id, 9, SceneChanges(says="There is no such scene."))
    with pytest.raises(Invalid):
        await desk.changes.change(alice.workspace, made.id, {"status": "approved"})
    await put_in_hand(house, alice, Video, made.id)
    with pytest.raises(Conflict):
        await desk.changes.change(alice.workspace, made.id, {"captions": "box"})
    closed = await film(house, alice, status="published")
    with pytest.raises(Conflict, match="published"):
        await desk.scenes.remake(alice.workspace, closed.id, 1)
