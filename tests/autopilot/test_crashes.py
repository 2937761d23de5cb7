"""A process that dies at any point of a round: the next round ends as if it had not."""

import contextlib
from collections import Counter

import pytest
from sqlalchemy import update

from autopilot.one_night import Night
from nightdesk.kit import points
from nightdesk.store.tables.planner import Task
from nightdesk.store.tables.videos import Video

DAY = 24 * 3600.0


class Died(BaseException):
    """As a process that is killed: nothing catches it."""


class Point:
    """Dies at the n-th point that a round reaches, of those whose names begin so."""

    def __init__(self, number: int, of: tuple[str, ...]) -> None:
        self.number, self.of, self.reached = number, of, 0

    def __call__(self, name: str) -> None:
        if name.startswith(self.of):
            self.reached += 1
            if self.reached == self.number:
                raise Died(name)

    @property
    def died(self) -> bool:
        return self.reached >= self.number


async def test_a_round_that_dies_at_some_of_its_points_is_made_good_by_the_next(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await nights(night, monkeypatch, ("autopilot",), every=6) >= 3


@pytest.mark.prove
async def test_a_round_that_dies_at_any_point_or_around_any_commit_is_made_good_by_the_next(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await nights(night, monkeypatch, ("autopilot", "store.commit")) >= 40


async def nights(night: Night, monkeypatch: pytest.MonkeyPatch, of: tuple[str, ...], every: int = 1) -> int:
    """One night a point, or every so many points, until a round has no more of them; returns how many it had.

    Every night one article comes to the gate and goes out the next, and what was ordered the night before
    comes to nothing, so that it is ordered anew.
    """
    await night.site(generation_mode="auto_publish", posts_a_day=2, videos_a_day=1)
    await night.house.desk.auto_modes.rules.sign(night.by, night.tenant.site, "article", 5)
    number, died = 0, True
    while died:
        number += 1
        await come_to_nothing(night)
        await night.topics(*(f"Story {10 * number + n} of the orchard" for n in range(6)))
        await night.article()
        night.clock.move(DAY)
        point = Point(1 + (number - 1) * every, of)
        monkeypatch.setattr(points, "_visit", point)
        with contextlib.suppress(Died):
            await night.round()
        monkeypatch.undo()
        died = point.died
        await night.round()
        await as_if_nothing_had_happened(night, number)
    return number - 1


async def as_if_nothing_had_happened(night: Night, nights: int) -> None:
    states = Counter(one.state for one in await night.let_through())
    assert states == {"waiting": 1} | ({"passed": nights - 1} if nights > 1 else {})
    articles = [one.content_id for one in await night.publications()]
    assert len(articles) == len(set(articles)) == nights - 1
    orders = Counter(kind for kind, _ in await night.orders())
    assert orders == {"article": 1 + 2 * nights, "video": 2 * nights}, f"night {nights}"
    assert len([run for run in await night.runs() if run.line == "article"]) == nights


async def come_to_nothing(night: Night) -> None:
    """What was ordered is given up, and the runs that were begun are over."""
    of = night.tenant.workspace
    for run in await night.runs():
        if run.status == "running":
            await night.house.desk.runs.cancel(of, run.id, now=True)
    async with night.house.store.workspace(of) as session:
        await session.execute(update(Task).where(Task.workspace_id == of).values(status="completed"))
        await session.execute(update(Video).where(Video.workspace_id == of).values(status="cancelled"))
