"""Videos that are cancelled, tried again, decided on, deleted, followed and fetched."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from api.api_house import Tenant, working
from api.rows import add, change, park, read
from desk.topic_stories import topic
from desk.video_rows import MP4, film, runs, scenes
from nightdesk.bootstrap import House
from nightdesk.desk.errors import Conflict, NotFound
from nightdesk.desk.paging import Paging
from nightdesk.desk.people import Operator
from nightdesk.desk.videos import VideoFilter, VideoWish
from nightdesk.desk.videos.share import ShareTold
from nightdesk.desk.videos.shelf import Shelf
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.occasions import Event
from nightdesk.store.tables.runs import Batch
from nightdesk.store.tables.videos import Scene, Video


async def told(house: House, tenant: Tenant, video: int) -> list[tuple[str, Any, Any]]:
    async with house.store.workspace(tenant.workspace) as session:
        found = await session.scalars(select(Event).where(Event.type.like("job_%")).order_by(Event.id))
        return [
            (one.type, one.data["status"], one.data["progress"])
            for one in found
            if one.data["job_id"] == video
        ]


async def test_cancelling_takes_a_video_out_of_a_runs_hands(house: House, alice: Tenant) -> None:
    best, desk = await topic(house, alice, "Heaps that do not smell"), house.desk.videos
    ordered = await desk.ordering.order(alice.workspace, alice.site, VideoWish(topic_id=best.id))
    video = ordered.videos[0]
    held = (await house.desk.credits.balances(alice.workspace)).held
    assert held > 0
    assert (await desk.steering.cancel(alice.workspace, video.id)).state == "cancelled"
    assert (await house.desk.credits.balances(alice.workspace)).held == 0
    async with house.store.workspace(alice.workspace) as session:
        assert list(await session.scalars(select(Batch.status))) == ["withdrawn"]
    assert [run.status for run in await runs(house, alice)] == ["completed"]
    assert (await read(house, alice, Topic, best.id)).status == "new"
    assert (await told(house, alice, video.id))[-1][:2] == ("job_completed", "cancelled")
    await desk.steering.cancel(alice.workspace, video.id)
    again = await desk.steering.retry(alice.workspace, video.id)
    assert again.video.status == "picked"
    assert (await read(house, alice, Topic, best.id)).status == "used"


async def test_a_cancelled_video_keeps_its_parts_and_goes_on_from_them(house: House, alice: Tenant) -> None:
    made, desk = await film(house, alice), house.desk.videos
    await desk.steering.cancel(alice.workspace, made.id)
    assert {scene.state for scene in await scenes(house, alice, made.id)} == {"cancelled"}
    assert (await desk.steering.retry(alice.workspace, made.id)).video.status == "narrated"
    assert {scene.state for scene in await scenes(house, alice, made.id)} == {"filmed"}


async def test_a_failed_scene_fails_its_video_until_it_is_tried_again(house: House, alice: Tenant) -> None:
    made, desk = await film(house, alice, status="captioned", progress=50), house.desk.videos
    second = (await scenes(house, alice, made.id))[1]
    await change(house, alice, Scene, second.id, status="spoken", picture=None)
    await park(house, alice, Scene, second.id)
    found = await desk.shelf.progress(alice.workspace, made.id)
    assert (found.status, found.progress) == ("failed", 50)
    assert (found.error or "").startswith("Scene 2: ")
    with pytest.raises(Conflict):
        await desk.decisions.decide(alice.workspace, made.id, "approve")
    await desk.steering.retry(alice.workspace, made.id)
    found = await desk.shelf.progress(alice.workspace, made.id)
    assert (found.status, found.error) == ("generating_clips", None)
    with pytest.raises(Conflict, match="did not fail"):
        await desk.steering.retry(alice.workspace, (await film(house, alice)).id)


async def test_what_fails_in_a_run_is_told_as_a_failed_job(house: House, alice: Tenant) -> None:
    number = await add(house, alice, Video, topic="", status="wanted", asked_by="api")
    async with working(house):
        await house.desk.videos.starting.start(alice.workspace, alice.site)
        async with asyncio.timeout(20):
            while (await house.desk.videos.shelf.progress(alice.workspace, number)).status != "failed":
                await asyncio.sleep(0.05)
    assert (await told(house, alice, number))[-1] == ("job_completed", "failed", 0)
    (line,) = await house.desk.videos.shelf.logs(alice.workspace, number)
    assert (line.level, "No unused topic" in line.message) == ("error", True)


async def test_a_decision_is_kept_with_who_took_it_and_on_what(house: House, alice: Tenant) -> None:
    made, desk = await film(house, alice), house.desk.videos
    by = Operator(alice.workspace)
    with pytest.raises(Conflict):
        await desk.decisions.decide(alice.workspace, made.id, "approve", revision=2)
    video = await desk.decisions.decide(
        alice.workspace, made.id, "approve", revision=1, note="Good", platforms=["tiktok"], by=by
    )
    assert (video.status, video.platforms) == ("approved", ["tiktok"])
    kept = video.checks["review"]
    assert (kept["who"], kept["revision"], kept["note"]) == ("the operator", 1, "Good")
    assert "was approved by the operator" in (await desk.shelf.logs(alice.workspace, made.id))[-1].message
    done = await desk.changes.change(alice.workspace, made.id, {"captions": "box"})
    assert "review" not in done.video.checks
    with pytest.raises(Conflict, match="working on this video"):
        await desk.decisions.decide(alice.workspace, made.id, "send_back")


async def test_lists_are_of_one_workspace_and_by_the_status_of_jobs(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    shelf = house.desk.videos.shelf
    made = await film(house, alice)
    await film(house, alice, status="cancelled")
    await film(house, bob)
    page = Paging(Shelf.orders["newest"])
    of_job = {
        status: len((await shelf.listed(alice.workspace, VideoFilter(status=status), page)).items)
        for status in ("ready_for_review", "cancelled", "failed", "queued")
    }
    assert of_job == {"ready_for_review": 1, "cancelled": 1, "failed": 0, "queued": 0}
    (only,) = (await shelf.listed(alice.workspace, VideoFilter(made=True), page)).items
    assert only.video.id == made.id
    assert len(await shelf.today(alice.workspace)) == 2
    for ask in (shelf.show, shelf.progress, house.desk.videos.steering.delete):
        with pytest.raises(NotFound):
            await ask(bob.workspace, made.id)


async def test_files_are_read_in_parts(house: House, alice: Tenant) -> None:
    made, files = await film(house, alice), house.desk.videos.files
    opened = await files.find(alice.workspace, made.id, "video")
    assert (opened.sha256, opened.mime, opened.size) == (made.file, "video/mp4", len(MP4))
    part = b"".join([piece async for piece in files.read(alice.workspace, opened, 4, 8)])
    assert part == b"ftyp"
    assert (await files.find(alice.workspace, made.id, "sound", position=3)).mime == "audio/wav"
    assert (await files.find(alice.workspace, made.id, "thumbnail")).mime == "image/png"
    with pytest.raises(NotFound):
        await files.find(alice.workspace, made.id, "footage", position=1)
    await house.desk.videos.steering.delete(alice.workspace, made.id)
    assert await scenes(house, alice, made.id) == []


async def test_a_render_is_told_of_once_a_second_and_never_falls(house: House, alice: Tenant) -> None:
    made = await film(house, alice, status="filmed", progress=60)
    teller = ShareTold(house.store, house.clock, house.announcer.announce)
    for share in (0.5, 0.6, 0.7):
        await teller.tell(alice.workspace, made.id, share)
    assert await told(house, alice, made.id) == [("job_progress", "rendering", 77)]
    other = ShareTold(house.store, house.clock, house.announcer.announce)
    await other.tell(alice.workspace, made.id, 0.1)
    assert (await read(house, alice, Video, made.id)).progress == 77


async def test_a_script_is_told_of_while_it_is_written_and_what_is_over_no_more(
    house: House, alice: Tenant
) -> None:
    made = await film(house, alice, status="pending", progress=0)
    await ShareTold(house.store, house.clock, house.announcer.announce).tell(alice.workspace, made.id, 0.6)
    assert await told(house, alice, made.id) == [("job_progress", "generating_script", 9)]
    await change(house, alice, Video, made.id, status="scripted")
    await ShareTold(house.store, house.clock, house.announcer.announce).tell(alice.workspace, made.id, 0.9)
    assert (await read(house, alice, Video, made.id)).progress == 9
