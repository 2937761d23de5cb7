"""A site in auto mode: its calendar is kept filled, each piece ordered, written and booked once."""

import asyncio
from datetime import timedelta

from autopilot.one_night import ANOTHER, Night
from desk.planner_rows import keyword
from desk.video_rows import film
from nightdesk.desk.accounts import AccountChanges
from nightdesk.desk.publishing import Wish
from nightdesk.desk.review.inputs import ContentChanges, Decided
from nightdesk.store.tables.planner import Task
from nightdesk.store.tables.videos import Video


async def test_approved_articles_get_the_free_places_of_the_next_days(night: Night) -> None:
    for _ in range(3):
        await night.approved()
    await night.round()
    found = await night.publications()
    assert night.days(found) == [1, 2]
    assert [one.planned_at.hour for one in found] == [9, 9]
    await night.round(minutes=24 * 60)
    assert night.days(await night.publications()) == [0, 1, 2]


async def test_what_the_calendar_lacks_is_ordered_about_topics_and_begun(night: Night) -> None:
    await night.topics("Frost on tomato leaves", "Pruning apple trees", "Peat-free soil")
    await night.round()
    assert await night.orders() == [("article", 1), ("article", 2)]
    (run,) = await night.runs()
    assert run.settings["most"] == {"content": 2, "clusters": 0, "ideas": 0, "tasks": 0}
    assert (run.line, run.status) == ("article", "running")
    await night.round(minutes=1)
    assert len(await night.orders()) == 2
    assert len(await night.runs()) == 1


async def test_two_processes_at_once_order_and_book_nothing_twice(night: Night) -> None:
    await night.topics(*(f"Topic number {n} of the garden" for n in range(9)))
    await night.approved()
    await asyncio.gather(*(night.round() for _ in range(4)))
    await night.round()
    assert len(await night.publications()) == 1
    assert await night.orders() == [("article", 1)]
    assert len(await night.rows(Task, Task.id)) == 2
    assert len(await night.runs()) == 1


async def test_a_person_and_auto_mode_plan_the_same_piece_at_once_and_it_goes_out_once(night: Night) -> None:
    desk = night.house.desk
    await desk.accounts.change(night.by, night.account, AccountChanges(day_cap=1))
    await night.round()
    for _ in range(4):
        number = await night.approved()
        wish = Wish(content_id=number, at=night.clock.now() + timedelta(hours=15))
        booked, _ = await asyncio.gather(
            night.pilot.booking.book(night.tenant.workspace, night.tenant.site),
            desk.publishing.publish(night.by, wish),
        )
        assert booked in (0, 1)
    found = await night.publications()
    assert len(found) == len({one.content_id for one in found}) == 4
    assert len(set(night.days(found))) == 4, "one a day"


async def test_videos_are_ordered_besides_articles_and_made_by_a_run(night: Night) -> None:
    await night.site(videos_a_day=1)
    await night.topics(*(f"Story {n} of the orchard" for n in range(6)))
    await night.round()
    assert await night.orders() == [("article", 1), ("article", 2), ("video", 1), ("video", 2)]
    videos = await night.videos()
    assert [one.asked_by for one in videos] == ["autopilot"] * 2
    assert {run.line for run in await night.runs()} == {"article", "video"}


async def test_what_waits_at_the_gate_counts_as_coming_and_nothing_more_is_ordered(night: Night) -> None:
    await night.topics("Frost on tomato leaves", "Pruning apple trees")
    await night.article()
    await night.article()
    await night.round()
    assert await night.orders() == []


async def test_a_site_that_has_no_topic_plans_its_own_keywords_once_a_day(night: Night) -> None:
    for phrase in ("compost heap", "frost", "peat-free soil", "pruning", "seed trays", "slugs"):
        await keyword(night.house, night.tenant, phrase)
    await night.round()
    (run,) = await night.runs()
    assert run.settings["most"] == {"content": 2}
    assert await night.orders() == [("plan", 1)]
    await night.house.desk.runs.cancel(night.tenant.workspace, run.id, now=True)
    await night.round(minutes=61)
    assert len(await night.runs()) == 1
    await night.round(minutes=24 * 60)
    assert [run.status for run in await night.runs()] == ["cancelled", "running"]


async def test_a_piece_that_was_changed_after_its_approval_is_taken_back_and_booked_anew(
    night: Night,
) -> None:
    number = await night.approved()
    await night.round()
    (booked,) = await night.publications()
    changes = ContentChanges(markdown=ANOTHER)
    await night.house.desk.review.contents.change(night.tenant.workspace, number, changes)
    await night.round()
    (taken,) = await night.publications()
    assert (taken.state, taken.code) == ("cancelled", "changed")
    await night.house.desk.review.decisions.decide(night.tenant.workspace, number, "approve", Decided())
    await night.round()
    (again,) = await night.publications()
    assert (again.id, again.state, again.revision) == (booked.id, "queued", booked.revision + 1)


async def test_what_a_person_took_back_is_not_booked_again(night: Night) -> None:
    await night.approved()
    await night.round()
    (booked,) = await night.publications()
    await night.house.desk.publishing.cancel(night.by, booked.id)
    await night.round()
    assert [one.state for one in await night.publications()] == ["cancelled"]


async def test_a_video_that_was_asked_for_with_publish_goes_out_once_it_is_approved(night: Night) -> None:
    await night.house.desk.niches.auto.toggle(night.tenant.workspace, night.tenant.site, False, 1)
    plain = await film(night.house, night.tenant, status="approved", reviewed_at=night.clock.now())
    wanted = await film(night.house, night.tenant, publish=True)
    await night.round()
    assert await night.publications() == []
    await night.house.desk.videos.decisions.decide(night.tenant.workspace, wanted.id, "approve")
    await night.round()
    assert [one.video_id for one in await night.publications()] == [wanted.id]
    at = night.clock.now() + timedelta(days=3)
    await night.change(Video, plain.id, scheduled_for=at)
    await night.round()
    assert [(one.video_id, one.planned_at) for one in await night.publications()][1:] == [(plain.id, at)]
