"""The timetable starts each planned instant once, at local time, and never in a burst."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update

from nightdesk.engine.schedule import Schedule, parse_time
from nightdesk.engine.timetable import Timetable
from nightdesk.kit.clock import SetClock
from nightdesk.store.tables.automation import LineConfig, Occurrence
from nightdesk.store.tables.runs import Run
from nightdesk.store.tables.tenancy import Site

BERLIN = ZoneInfo("Europe/Berlin")


def test_a_time_that_a_date_skips_is_shifted_and_the_date_still_has_its_one_run():
    daily = Schedule("daily", time(2, 30), BERLIN)
    planned = list(daily.between(datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC)))
    local = [instant.astimezone(BERLIN).strftime("%d %H:%M") for instant in planned]
    assert local == ["27 02:30", "28 02:30", "29 03:30", "30 02:30"]


def test_a_time_that_comes_twice_counts_once_and_early():
    daily = Schedule("daily", time(2, 30), BERLIN)
    planned = list(daily.between(datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=UTC)))
    assert planned == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]


def test_a_date_that_a_place_left_out_has_no_instant_and_the_next_has_one():
    apia = Schedule("daily", time(2), ZoneInfo("Pacific/Apia"))
    planned = list(apia.between(datetime(2011, 12, 28, 12, tzinfo=UTC), datetime(2012, 1, 1, tzinfo=UTC)))
    local = [instant.astimezone(apia.zone).strftime("%d") for instant in planned]
    assert local == ["29", "31", "01"]


def test_a_weekday_beyond_sunday_is_sunday():
    weekly = Schedule("weekly", time(6), BERLIN, anchor_day=20)
    assert weekly.next_after(datetime(2026, 11, 20, tzinfo=UTC)).isoweekday() == 7


def test_the_31st_is_the_last_day_of_a_shorter_month():
    monthly = Schedule("monthly", time(6), BERLIN, anchor_day=31)
    planned = list(
        monthly.between(datetime(2026, 1, 31, 12, tzinfo=UTC), datetime(2026, 4, 30, 12, tzinfo=UTC))
    )
    assert [p.date().isoformat() for p in planned] == ["2026-02-28", "2026-03-31", "2026-04-30"]


@pytest.mark.parametrize("text", ["6:30", "24:00", "noon", "06:60", "0630", "06:3x", ""])
def test_what_is_no_time_of_day_is_refused(text):
    with pytest.raises(ValueError):
        parse_time(text)


async def configure(desk, sites: int, planned: datetime, zone: str = "UTC") -> None:
    async with desk.store.workspace(desk.workspace) as session:
        ids = [desk.site.id]
        if sites > 1:
            rows = [
                {"workspace_id": desk.workspace, "slug": f"s{n}", "name": f"s{n}"} for n in range(sites - 1)
            ]
            ids += list(await session.scalars(insert(Site).returning(Site.id), rows))
        await session.execute(update(Site).values(timezone=zone))
        await session.execute(
            insert(LineConfig),
            [
                {
                    "workspace_id": desk.workspace,
                    "site_id": site_id,
                    "line": "toy",
                    "is_enabled": True,
                    "scheduled_time": "02:00",
                    "next_run_at": planned,
                }
                for site_id in ids
            ],
        )


def timetable(desk, clock: SetClock, name: str = "t") -> Timetable:
    return Timetable(desk.store, desk.upkeep, clock, name)


async def test_after_three_days_away_the_latest_instant_alone_is_made_up_for(desk, clock):
    await configure(desk, 1, clock.now() - timedelta(days=3))
    assert await timetable(desk, clock).tick() == 1
    async with desk.store.workspace(desk.workspace) as session:
        oldest_first = select(Occurrence).order_by(Occurrence.planned_at)
        *missed, occurrence = (await session.scalars(oldest_first)).all()
        config = (await session.scalars(select(LineConfig))).one()
    assert [(o.planned_at.day, o.outcome, o.reason) for o in missed] == [
        (17, "skipped", "missed"),
        (18, "skipped", "missed"),
        (19, "skipped", "missed"),
    ]
    assert (occurrence.planned_at, occurrence.outcome) == (datetime(2026, 11, 20, 2, tzinfo=UTC), "started")
    assert "3 earlier instants were missed" in occurrence.reason
    assert config.next_run_at == datetime(2026, 11, 21, 2, tzinfo=UTC)
    assert await desk.count(Run) == 1


async def test_a_schedule_that_cannot_be_read_is_put_aside_and_stops_no_other(desk, clock):
    await configure(desk, 3, clock.now() - timedelta(minutes=1))
    async with desk.store.workspace(desk.workspace) as session:
        broken = update(LineConfig).where(LineConfig.site_id == desk.site.id)
        await session.execute(broken.values(scheduled_time="25:61"))
        lost = select(Site.id).where(Site.id != desk.site.id).limit(1).scalar_subquery()
        await session.execute(update(Site).where(Site.id == lost).values(timezone="Mars/Base"))
    table = timetable(desk, clock)
    await table.look(await table.look(None))
    assert await desk.count(Run) == 1
    assert await desk.count(LineConfig, LineConfig.next_run_at.is_(None)) == 2


async def test_four_timetables_at_once_start_each_site_once(desk, clock):
    await configure(desk, 60, clock.now() - timedelta(hours=1))
    tables = [timetable(desk, clock, f"t{n}") for n in range(4)]
    await asyncio.gather(*(table.tick() for table in tables))
    assert await desk.count(Run) == 60
    assert await desk.count(Occurrence, Occurrence.outcome == "started") == 60


async def test_a_site_that_is_held_by_a_run_is_passed_over_with_the_reason(desk, clock):
    await desk.add_keywords(5)
    await desk.start()
    await configure(desk, 1, clock.now() - timedelta(minutes=1))
    await timetable(desk, clock).tick()
    async with desk.store.workspace(desk.workspace) as session:
        occurrence = (await session.scalars(select(Occurrence))).one()
    assert (occurrence.outcome, occurrence.reason) == ("skipped", "A run was active.")
    assert await desk.count(Run) == 1


async def test_a_clock_that_ran_ahead_and_came_back_neither_doubles_nor_misses(desk):
    ahead = SetClock(datetime(2026, 11, 23, 3, tzinfo=UTC))
    await configure(desk, 1, datetime(2026, 11, 21, 2, tzinfo=UTC))
    await timetable(desk, ahead).tick()
    back = SetClock(datetime(2026, 11, 20, 9, tzinfo=UTC))
    table = timetable(desk, back)
    await table.pull_back()
    started = []
    for _ in range(4 * 24):
        back.move(3600)
        await table.tick()
        async with desk.store.workspace(desk.workspace) as session:
            await session.execute(update(Run).values(status="completed"))
    async with desk.store.workspace(desk.workspace) as session:
        started = [
            o.planned_at.day
            for o in await session.scalars(select(Occurrence).order_by(Occurrence.planned_at))
        ]
    assert started == [21, 22, 23, 24]
    assert await desk.count(Run) == 4


async def test_a_run_that_the_timetable_wrote_is_walked_by_a_worker(desk, clock):
    await desk.add_keywords(5)
    await configure(desk, 1, clock.now() - timedelta(minutes=1))
    await timetable(desk, clock).tick()
    async with desk.store.workspace(desk.workspace) as session:
        run = (await session.scalars(select(Run))).one()
    async with desk.working():
        done = await desk.when(run, "completed")
    assert done.results["1"]["keywords_processed"] == 5
