"""Auto mode follows the growth rule in topics, beginnings and hours, and does not where it is off."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from autopilot.one_night import Night
from insights.out_there import account, out
from nightdesk.desk.niches.best_hours import best_hours
from nightdesk.store.growth import Arm, arm_of
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.planner import Idea, Task

GOOD = 15
"""The hour at which the site's pieces did better than at its other one, 9."""


def dealt(night: Night, arm: Arm, of: str = "Story") -> str:
    """A title that the rule deals to that part."""
    titles = (f"{of} {number} of the orchard" for number in range(500))
    return next(one for one in titles if arm_of(f"{night.tenant.site}:{one.casefold()}") == arm)


async def learned(night: Night) -> None:
    """Thirty pieces that are out: those with a question, at `GOOD`, reached fifty times as much."""
    of = await account(night.house, night.tenant, "folder")
    for number in range(30):
        good = number % 2 == 0
        at = (night.clock.now() - timedelta(days=40 - number)).replace(hour=GOOD if good else 9, minute=0)
        title = f"What of garden {number}?" if good else f"Of garden {number}"
        await out(night.house, night.tenant, of, at, views={24: 5000 if good else 100 + number}, title=title)


async def switched(night: Night, mode: str) -> None:
    await night.house.desk.results.growth.switch(night.by, night.tenant.site, mode)


async def ideas(night: Night) -> list[Idea]:
    async with night.house.store.workspace(night.tenant.workspace) as session:
        return list(await session.scalars(select(Idea).join(Task, Task.idea_id == Idea.id).order_by(Idea.id)))


@pytest.mark.parametrize("mode", ["on", "off"])
async def test_it_orders_what_the_rule_has_next_and_begins_it_as_what_did_well(
    night: Night, mode: str
) -> None:
    await learned(night)
    await switched(night, mode)
    await night.site(posts_a_day=1)
    follows, left = dealt(night, "worked"), dealt(night, "held")
    await night.topics(follows, left)  # of two alike, the one that came last is the best by its score
    await night.round()
    first, *_ = await ideas(night)
    topics = {one.title: one for one in await night.rows(Topic, Topic.id)}
    assert topics[follows].status == "used"
    if mode == "on":
        assert first.title == follows
        assert first.angle.endswith("Its title: Begin with a question that the rest answers.")
        said = [one for one in await night.told("topics_changed") if follows in one]
        assert any("seven in ten that follow what worked" in one and "believed" in one for one in said)
    else:
        assert all("Its title" not in one.angle for one in await ideas(night))


@pytest.mark.parametrize(
    ("mode", "arm", "hour"),
    [("on", "worked", GOOD), ("on", "held", 9), ("off", "worked", 9)],
)
async def test_a_piece_goes_out_at_the_hour_of_its_part(night: Night, mode: str, arm: Arm, hour: int) -> None:
    await learned(night)
    await switched(night, mode)
    assert best_hours("folder", night.clock.now().weekday(), [9, GOOD])[0] == 9
    number = await night.approved()
    title = dealt(night, arm)
    await night.topics(title)
    (topic,) = [one for one in await night.rows(Topic, Topic.id) if one.title == title]
    task = await night.get(Task, (await night.rows(Task, Task.id.desc()))[0].id)
    await night.change(Topic, topic.id, idea_id=task.idea_id, status="used", used_at=night.clock.now())
    await night.round()
    (one,) = [one for one in await night.publications() if one.content_id == number]
    assert one.planned_at.hour == hour
