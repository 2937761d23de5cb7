"""Two timetables over one database, with clocks that jump: each planned instant starts one run (T11)."""

import asyncio
import itertools
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, text, update

from nightdesk.desk.founding import Founding
from nightdesk.engine.control import Control
from nightdesk.engine.runner import Runner
from nightdesk.engine.schedule import Schedule
from nightdesk.engine.timetable import MISSED, Due, Timetable
from nightdesk.engine.upkeep import Upkeep
from nightdesk.kit.clock import SetClock
from nightdesk.store.files import Files
from nightdesk.store.session import Store
from nightdesk.store.tables.automation import LineConfig, Occurrence
from nightdesk.store.tables.runs import Run
from nightdesk.store.tables.tenancy import Site

DAILY = Schedule("daily", time(2, 30), ZoneInfo("Europe/Berlin"))
START = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_FINISH_ALL = update(Run).values(status="completed")


@dataclass
class Pair:
    """Two timetables, each with its own connections, that look at the same moment of one clock."""

    stores: tuple[Store, Store]
    tables: tuple[Timetable, Timetable]
    clock: SetClock
    workspace: int
    last: datetime | None = None

    async def look(self) -> None:
        seen = await asyncio.gather(*(table.look(self.last) for table in self.tables))
        self.last = seen[0]

    async def finish_all(self) -> None:
        async with self.stores[0].everywhere() as session:
            await session.execute(_FINISH_ALL)

    async def occurrences(self) -> dict[datetime, tuple[str, str]]:
        async with self.stores[0].workspace(self.workspace) as session:
            rows = await session.scalars(select(Occurrence).order_by(Occurrence.planned_at))
            return {row.planned_at.astimezone(UTC): (row.outcome, row.reason) for row in rows}

    async def count(self, table: str) -> int:
        async with self.stores[0].everywhere() as session:
            return (await session.execute(text(f"select count(*) from {table}"))).scalar_one()


@asynccontextmanager
async def pair(
    url: str, folder: Path, start: datetime, kind: type[Timetable] = Timetable
) -> AsyncIterator[Pair]:
    clock, stores = SetClock(start), (Store(url), Store(url))
    control, files = Control(Runner({}, clock)), Files(folder, reserve=0)
    tables = [
        kind(store, Upkeep(store, control, files), clock, f"timetable-{number}")
        for number, store in enumerate(stores)
    ]
    workspace = await Founding(stores[0]).found("Timed")
    async with stores[0].workspace(workspace) as session:
        site = Site(workspace_id=workspace, slug="site", name="Site", timezone=str(DAILY.zone))
        session.add(site)
        await session.flush()
        config = {"workspace_id": workspace, "site_id": site.id, "line": "article", "is_enabled": True}
        planned = {"scheduled_time": "02:30", "next_run_at": DAILY.next_after(start)}
        await session.execute(insert(LineConfig).values(config | planned))
    try:
        yield Pair(stores, (tables[0], tables[1]), clock, workspace)
    finally:
        for store in stores:
            await store.close()


async def walk(two: Pair, instants: int) -> None:
    """Looks shortly before and at each of the next instants, and finishes each run before the next."""
    for _ in range(instants):
        planned = DAILY.next_after(two.clock.now())
        two.clock.move((planned - two.clock.now()).total_seconds())
        await two.look()
        await two.finish_all()


async def test_two_timetables_start_each_of_a_fortnights_instants_once(database: str, tmp_path: Path) -> None:
    async with pair(database, tmp_path, datetime(2026, 3, 20, 12, tzinfo=UTC)) as two:
        await walk(two, 14)
        assert await two.count("runs") == 14
        assert {outcome for outcome, _ in (await two.occurrences()).values()} == {"started"}


@pytest.mark.prove
async def test_two_timetables_start_five_hundred_runs_at_five_hundred_instants(
    database: str, tmp_path: Path
) -> None:
    async with pair(database, tmp_path, START) as two:
        await walk(two, 500)
        found, runs = await two.occurrences(), await two.count("runs")
        jobs = await two.count("queue.pgqueuer")
    print(f"\nT11: 2 timetables, {len(found)} instants, {runs} runs, {jobs} jobs")
    assert runs == jobs == len(found) == 500
    assert set(found.values()) == {("started", "")}
    dates = [planned.astimezone(DAILY.zone).date() for planned in found]
    assert dates == [dates[0] + number * DAY for number in range(500)]


@pytest.mark.prove
@pytest.mark.parametrize("days", [3, 100])
async def test_after_days_away_one_run_starts_and_the_missed_instants_are_written_down(
    database: str, tmp_path: Path, days: int
) -> None:
    async with pair(database, tmp_path, START) as two:
        await walk(two, 1)
        two.clock.move(days * 86_400)
        for _ in range(3):
            await two.look()
        found, runs = await two.occurrences(), await two.count("runs")
    noted = min(days - 1, 31)
    print(f"\nT11: away for {days} days: {runs - 1} run, {len(found) - 2} missed instants written down")
    assert runs == 2
    assert list(found.values())[1:-1] == [("skipped", MISSED)] * noted
    assert list(found.values())[-1] == ("started", f"{days - 1} earlier instants were missed.")


@pytest.mark.prove
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_clock_that_jumps_hours_and_days_doubles_nothing_and_loses_nothing(
    database: str, tmp_path: Path, seed: int
) -> None:
    assert await wrong_after_jumps(database, tmp_path, seed, Timetable) == []


class Forgetful(Timetable):
    """Never plans anew when the clock has gone back."""

    async def pull_back(self) -> None:
        return None


class Bursting(Timetable):
    """Makes up for every instant that it missed."""

    def _judge(self, config: LineConfig, zone: str, now: datetime) -> Due | None:
        due = super()._judge(config, zone, now)
        if due is None or not due.missed:
            return due
        return replace(due, planned=due.missed[0], following=DAILY.next_after(due.missed[0]), missed=[])


@pytest.mark.prove
@pytest.mark.parametrize("planted", [Forgetful, Bursting])
async def test_a_planted_fault_in_the_timetable_is_caught(
    database: str, tmp_path: Path, planted: type[Timetable]
) -> None:
    assert await wrong_after_jumps(database, tmp_path, 1, planted) != []


async def wrong_after_jumps(url: str, folder: Path, seed: int, kind: type[Timetable]) -> list[str]:
    """What does not hold after 150 looks with a clock that jumps about."""
    chance, looks = random.Random(seed), [START]
    async with pair(url, folder, START, kind) as two:
        await two.look()
        for _ in range(150):
            jump = chance.choice([HOUR, -HOUR, 3 * DAY, -3 * DAY]) if chance.random() < 0.3 else 7 * HOUR
            two.clock.move(jump.total_seconds())
            looks.append(two.clock.now())
            await two.look()
            await two.finish_all()
        found, runs = await two.occurrences(), await two.count("runs")
    passed, newest = crossings(looks)
    started = {planned for planned, (outcome, _) in found.items() if outcome == "started"}
    missed = {found[planned] for planned in found.keys() - started}
    print(f"\nT11: seed {seed}: {len(passed)} instants passed, {len(started)} started, {runs} runs")
    holds = {
        "every instant that passed is written down, and no other": found.keys() == passed,
        "one run was started for each instant that was started": runs == len(started),
        "the newest instant of each step was started": newest <= started,
        "no older instant was started": started <= newest,
        "what was not started was missed": missed <= {("skipped", MISSED)},
    }
    return [claim for claim, true in holds.items() if not true]


def crossings(looks: list[datetime]) -> tuple[set[datetime], set[datetime]]:
    """The instants that the clock passed on its way from look to look, and the newest of each step."""
    passed: set[datetime] = set()
    newest: set[datetime] = set()
    for before, now in itertools.pairwise(looks):
        step = list(DAILY.between(before, now)) if now > before else []
        passed.update(step)
        newest.update(step[-1:])
    return passed, newest
