"""A site in auto mode: its calendar is kept filled, each piece ordered, written and booked once."""

import asyncio

from autopilot.one_night import Night
from nightdesk.store.tables.planner import Task


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
