"""What platforms count is read back at its ages, once, whatever a platform does meanwhile."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from api.api_house import Tenant
from insights.out_there import NOW, Counter, Mute, account, changed, out, reading, remote_id, results
from nightdesk.bootstrap import House
from nightdesk.desk.results import Readings
from nightdesk.kit.clock import Clock, SetClock
from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.publishers.results import Measured, counted

HOUR = 3600.0


def readings(house: House, tenant: Tenant, clock: Clock, platform: Any) -> Readings:
    """Those of the tenant's publisher; of others' accounts nothing is told."""

    async def opening(of: Any) -> Any:
        return platform if of.workspace_id == tenant.workspace else Mute()

    return Readings(house.store, clock, opening)


async def test_it_is_read_at_each_age_and_no_more_after_four_weeks(house: House, alice: Tenant) -> None:
    number = await out(house, alice, await account(house, alice), NOW)
    there, clock = await remote_id(house, alice, number), SetClock(NOW)
    for views, (pause, ages) in enumerate(
        [(0, []), (1, [1]), (5, [1]), (18, [1, 24]), (48, [1, 24, 72]), (96, [1, 24, 72, 168])], 10
    ):
        clock.move(pause * HOUR + 1)
        await readings(house, alice, clock, Counter({there: Measured(views, likes=2)})).read_due()
        assert [one.age for one in await results(house, alice, number)] == ages
    clock.move(600 * HOUR)
    await readings(house, alice, clock, Counter({there: Measured(900)})).read_due()
    last = (await results(house, alice, number))[-1]
    assert (last.age, last.views, last.likes, last.comments) == (672, 900, None, None)
    assert (await reading(house, alice, number)).due_at is None


async def test_ages_that_were_missed_are_read_as_one(house: House, alice: Tenant) -> None:
    number = await out(house, alice, await account(house, alice), NOW - timedelta(hours=80))
    there = await remote_id(house, alice, number)
    await readings(house, alice, SetClock(NOW), Counter({there: Measured(7)})).read_due()
    assert [one.age for one in await results(house, alice, number)] == [72]
    assert (await reading(house, alice, number)).due_at == NOW + timedelta(hours=88)


@pytest.mark.parametrize(
    "ends",
    [Later("It is away.", 7200.0), NeedsPerson("Log in anew."), TimeoutError(), ZeroDivisionError()],
)
async def test_a_platform_that_fails_is_asked_again_later_and_nothing_else_suffers(
    house: House, alice: Tenant, ends: BaseException
) -> None:
    bad, good = await account(house, alice), await account(house, alice)
    lost = await out(house, alice, bad, NOW - timedelta(hours=2))
    kept = await out(house, alice, good, NOW - timedelta(hours=2))
    counter = Counter({await remote_id(house, alice, kept): Measured(3)})
    clock, broken = SetClock(NOW), Counter(ends=ends)

    async def opening(of: Any) -> Any:
        return broken if of.id == bad else counter if of.id == good else Mute()

    await Readings(house.store, clock, opening).read_due()
    assert [one.views for one in await results(house, alice, kept)] == [3]
    assert await results(house, alice, lost) == []
    row = await reading(house, alice, lost)
    assert row.due_at is not None
    assert row.due_at >= NOW + timedelta(minutes=15)
    assert (broken.closed, counter.closed) == (1, 1)
    broken.ends, broken.answers = None, {await remote_id(house, alice, lost): Measured(4)}
    clock.move(3 * HOUR)
    await Readings(house.store, clock, opening).read_due()
    assert [one.views for one in await results(house, alice, lost)] == [4]
    assert (await reading(house, alice, lost)).says == ""


async def test_what_was_taken_down_there_is_no_failure(house: House, alice: Tenant) -> None:
    number = await out(house, alice, await account(house, alice), NOW - timedelta(hours=2))
    await readings(house, alice, SetClock(NOW), Counter()).read_due()
    row = await reading(house, alice, number)
    assert (row.says, row.failures) == ("The platform shows no such piece.", 0)
    assert row.due_at == NOW + timedelta(hours=22)


async def test_a_platform_that_tells_nothing_is_not_asked_again(house: House, alice: Tenant) -> None:
    number = await out(house, alice, await account(house, alice, "folder"), NOW - timedelta(hours=2))
    await readings(house, alice, SetClock(NOW), Mute()).read_due()
    assert (await reading(house, alice, number)).due_at is None
    assert await results(house, alice, number) == []


async def test_many_pieces_are_asked_about_in_few_calls_and_by_one_reader(
    house: House, alice: Tenant
) -> None:
    of = await account(house, alice)
    numbers = [await out(house, alice, of, NOW - timedelta(hours=2)) for _ in range(60)]
    told = {await remote_id(house, alice, one): Measured(1) for one in numbers}
    counter = Counter(told)
    await asyncio.gather(*(readings(house, alice, SetClock(NOW), counter).read_due() for _ in range(3)))
    assert sorted(len(some) for some in counter.asked) == [10, 50]
    assert [len(await results(house, alice, one)) for one in numbers[:5]] == [1] * 5


async def test_what_is_not_out_or_has_no_number_there_is_never_asked_about(
    house: House, alice: Tenant
) -> None:
    of = await account(house, alice)
    held = await out(house, alice, of, NOW - timedelta(hours=2), state="held")
    by_hand = await out(house, alice, of, NOW - timedelta(hours=2), remote_id="")
    old = await out(house, alice, of, NOW - timedelta(days=40))
    counter = Counter()
    await readings(house, alice, SetClock(NOW), counter).read_due()
    assert counter.asked == []
    for number in (held, by_hand, old):
        assert await results(house, alice, number) == []
    await changed(house, alice, held, state="live")
    await readings(house, alice, SetClock(NOW), counter).read_due()
    assert len(counter.asked) == 1


@pytest.mark.parametrize(
    ("told", "number"),
    [
        ("12", 12),
        (12, 12),
        ("-1", None),
        (-1, None),
        (True, None),
        (None, None),
        ("9" * 30, None),
        (1.5, None),
    ],
)
def test_a_platform_s_number_is_read_however_it_is_written(told: object, number: int | None) -> None:
    assert counted(told) == number
