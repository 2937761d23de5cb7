"""Videos that are ordered: what may be asked for, whence their topics come, and how runs begin for them."""

from typing import Any

import pytest

from api.api_house import Tenant
from api.rows import add, change, read
from desk.topic_stories import topic
from desk.video_rows import film, runs, scenes
from nightdesk.bootstrap import House
from nightdesk.desk.errors import Conflict, InsufficientCredits, Invalid, NotFound
from nightdesk.desk.videos import VideoWish
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.runs import Run
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Scene, Video


async def order(house: House, tenant: Tenant, **wish: Any) -> list[Video]:
    return list(
        (await house.desk.videos.ordering.order(tenant.workspace, tenant.site, VideoWish(**wish))).videos
    )


async def test_variants_of_a_topic_wait_together_and_one_run_takes_them(house: House, alice: Tenant) -> None:
    videos = await order(house, alice, topic="Compost in winter", count=3, seconds=45, captions="none")
    assert [video.variant for video in videos] == [1, 2, 3]
    assert len({video.ordered for video in videos}) == 1
    assert {(video.target, video.captions, video.shape) for video in videos} == {(45, "", "9:16")}
    (run,) = await runs(house, alice)
    assert (run.line, run.status) == ("video", "running")
    assert (await house.desk.videos.shelf.progress(alice.workspace, videos[0].id)).status == "queued"


async def test_what_a_site_has_set_holds_where_the_wish_says_nothing(house: House, alice: Tenant) -> None:
    own = {"duration": 60, "format": "1:1"}
    await change(house, alice, Site, alice.site, video=own, platforms=["x"], language="de")
    (video,) = await order(house, alice, topic="Kompost")
    assert (video.target, video.shape, video.platforms, video.language) == (60, "1:1", ["x"], "de")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "opera"}, "kind"),
        ({"shape": "4:3"}, "shape"),
        ({"seconds": 5}, "seconds"),
        ({"count": 6}, "count"),
        ({"language": "English"}, "language"),
        ({"captions": "sparkling"}, "captions"),
        ({"platforms": ["television"]}, "platforms"),
        ({"topic_id": 7}, "topic_id"),
        ({"topic": "x" * 301}, "topic"),
        ({"custom_script": "# Only a heading"}, "custom_script"),
        ({"voice": "nobody's voice"}, "voice"),
    ],
)
async def test_a_wrong_wish_is_refused_by_its_field(
    house: House, alice: Tenant, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await order(house, alice, **({"topic": "Compost"} | wrong))
    assert refused.value.field == field
    assert await runs(house, alice) == []


async def test_without_a_topic_the_best_is_taken_and_nobody_else_gets_it(house: House, alice: Tenant) -> None:
    best = await topic(house, alice, "The best topic of all")
    (video,) = await order(house, alice)
    kept = await read(house, alice, Topic, best.id)
    assert (video.topic_id, video.topic, kept.used_for) == (best.id, best.title, "video")
    with pytest.raises(Conflict):
        await order(house, alice, topic_id=best.id)
    with pytest.raises(NotFound):
        await order(house, alice)


async def test_a_topic_of_another_site_is_not_found(house: House, alice: Tenant, bob: Tenant) -> None:
    theirs = await topic(house, bob, "A topic of somebody else")
    with pytest.raises(NotFound):
        await order(house, alice, topic_id=theirs.id)
    with pytest.raises(NotFound):
        await house.desk.videos.ordering.order(alice.workspace, bob.site, VideoWish(topic="Compost"))


async def test_a_script_of_ones_own_needs_no_topic(house: House, alice: Tenant) -> None:
    (video,) = await order(house, alice, custom_script="Compost needs air.\n\nTurn it.", name="Air")
    assert (video.topic, video.title, video.topic_id) == ("Air", "Air", None)


async def test_a_chore_begins_runs_for_videos_that_wait_and_for_no_others(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    waiting = await add(house, alice, Video, topic="Compost", asked_by="api")
    await add(house, bob, Video, topic="Of the line itself", asked_by="line")
    assert await house.desk.videos.starting.run_waiting() >= 1
    (run,) = await runs(house, alice)
    assert (await read(house, alice, Video, waiting)).batch_id is not None
    assert await runs(house, bob) == []
    await house.desk.videos.starting.run_waiting()
    assert [one.id for one in await runs(house, alice)] == [run.id]


async def test_a_run_that_was_cancelled_is_not_begun_again_for_the_same_videos(
    house: House, alice: Tenant
) -> None:
    await order(house, alice, topic="Compost")
    (run,) = await runs(house, alice)
    await house.desk.runs.cancel(alice.workspace, run.id, now=True)
    await house.desk.videos.starting.run_waiting()
    assert [one.status for one in await runs(house, alice)] == ["cancelled"]
    await add(house, alice, Video, topic="Another", asked_by="api")
    await house.desk.videos.starting.run_waiting()
    assert [one.status for one in await runs(house, alice)] == ["cancelled", "running"]


async def test_a_run_that_found_nothing_to_do_is_not_begun_again_at_once(house: House, alice: Tenant) -> None:
    made = await film(house, alice, status="scripted")
    await change(house, alice, Video, made.id, revision=2)
    now = house.clock.now()
    async with house.store.workspace(alice.workspace) as session:
        done = {"line": "video", "trigger_type": "manual", "status": "completed", "completed_at": now}
        session.add(
            Run(
                workspace_id=alice.workspace,
                id="0192f000-0000-7000-8000-000000000001",
                site_id=alice.site,
                started_at=now,
                **done,
            )
        )
    first = (await scenes(house, alice, made.id))[0]
    await change(house, alice, Scene, first.id, status="pending")
    await house.desk.videos.starting.run_waiting()
    assert len(await runs(house, alice)) == 1


async def test_without_credits_nothing_is_ordered_and_nothing_set_aside(house: House, tenant_of: Any) -> None:
    poor = await tenant_of("Poor", credits=20)
    best = await topic(house, poor, "The best topic of all")
    desk = house.desk
    reckoned = await desk.videos.reckoning.reckon(poor.workspace, poor.site, VideoWish())
    assert (reckoned.credits, reckoned.needed, reckoned.enough) == (17, 21, False)
    with pytest.raises(InsufficientCredits) as refused:
        await order(house, poor)
    assert (refused.value.needed, refused.value.available) == (21, 20)
    kept = await house.desk.videos.shelf.today(poor.workspace)
    assert (await runs(house, poor), kept) == ([], [])
    assert (await read(house, poor, Topic, best.id)).status == "new"
    balances = await desk.credits.balances(poor.workspace)
    assert (balances.wallet, balances.held) == (20, 0)
    await desk.credits.grant(poor.workspace, 1, "one")
    assert len(await order(house, poor)) == 1
    with pytest.raises(InsufficientCredits, match="No video was asked for"):
        await order(house, poor, topic="Another", count=2)


async def test_what_waits_at_a_site_is_to_be_paid_too(house: House, tenant_of: Any) -> None:
    poor = await tenant_of("Poor", credits=25)
    await add(house, poor, Video, topic="Waiting", asked_by="api")
    with pytest.raises(InsufficientCredits) as refused:
        await order(house, poor, topic="Another")
    assert refused.value.needed == 26
