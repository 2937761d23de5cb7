"""Each planned instant starts one run, whatever local clocks, machines and timetables do (T11)."""

import bisect
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from wall_clock import WallClock

from nightdesk.engine.schedule import Schedule

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",  # jumps from midnight to one o'clock
    "Australia/Lord_Howe",  # by half an hour
    "Africa/Cairo",  # at midnight
    "Africa/Casablanca",  # back for Ramadan
    "Pacific/Chatham",  # at a quarter to three
    "Asia/Kolkata",  # never
)
TIMES = ("00:00", "00:30", "01:30", "02:15", "02:30", "03:15", "23:45")
FIRST, END = date(2025, 1, 1), date(2029, 1, 1)
DAY = timedelta(days=1)


def at(text: str) -> tuple[int, int]:
    hour, _, minute = text.partition(":")
    return int(hour), int(minute)


def differences(schedule: Schedule, truth: dict[date, datetime], first: date, end: date) -> list[str]:
    """How the schedule's instants over these dates differ from the true ones; empty where they do not."""
    midnight = datetime.combine(first, time(0), UTC) - 2 * DAY
    until = datetime.combine(end, time(0), UTC) + 2 * DAY
    dates: dict[date, list[datetime]] = {}
    for planned in schedule.between(midnight, until):
        dates.setdefault(planned.astimezone(schedule.zone).date(), []).append(planned)
    expected = {day: [instant] for day, instant in truth.items()}
    within = {day: found for day, found in dates.items() if first <= day < end}
    return [
        f"{schedule.zone} {schedule.at}: {day} has {within.get(day)}, not {expected.get(day)}"
        for day in sorted(expected.keys() | within.keys())
        if expected.get(day) != within.get(day)
    ]


def compare(
    kind: type[Schedule], zones: Sequence[str], times: Sequence[str], first: date, end: date
) -> tuple[int, list[str]]:
    """How many daily instants were compared, and all differences."""
    compared, wrong = 0, []
    for name in zones:
        clock = WallClock(ZoneInfo(name), first, end)
        for text in times:
            truth = clock.daily(*at(text))
            wrong += differences(kind("daily", time(*at(text)), clock.zone), truth, first, end)
            compared += len(truth)
    return compared, wrong


def test_a_year_of_dates_in_two_zones_has_one_instant_each() -> None:
    compared, wrong = compare(Schedule, ZONES[2:4], TIMES[1:4:2], FIRST, date(2026, 1, 1))
    assert wrong == []
    assert compared == 2 * 2 * 365


@pytest.mark.prove
def test_four_years_of_dates_in_eight_zones_at_seven_times_have_one_instant_each() -> None:
    compared, wrong = compare(Schedule, ZONES, TIMES, FIRST, END)
    print(f"\nT11: {compared} daily instants in {len(ZONES)} zones, {len(wrong)} differ")
    assert wrong == []
    assert compared >= 80_000


@pytest.mark.prove
def test_four_years_of_weeks_and_months_have_one_instant_each() -> None:
    compared, wrong = 0, []
    for name in ZONES:
        clock = WallClock(ZoneInfo(name), FIRST, END)
        for anchor in (1, 4, 7):
            truth = clock.weekly(anchor, 2, 30)
            wrong += differences(Schedule("weekly", time(2, 30), clock.zone, anchor), truth, FIRST, END)
            compared += len(truth)
        for anchor in (1, 29, 30, 31):
            truth = clock.monthly(anchor, 0, 30)
            wrong += differences(Schedule("monthly", time(0, 30), clock.zone, anchor), truth, FIRST, END)
            compared += len(truth)
    print(f"\nT11: {compared} weekly and monthly instants, {len(wrong)} differ")
    assert wrong == []
    assert compared >= 8 * (3 * 208 + 4 * 48)


@pytest.mark.prove
def test_from_any_instant_the_next_and_the_latest_are_the_true_ones() -> None:
    chance, asked = random.Random(11), 0
    for name in ZONES:
        clock = WallClock(ZoneInfo(name), FIRST, END)
        for text in TIMES:
            truth = sorted(clock.daily(*at(text)).values())
            daily = Schedule("daily", time(*at(text)), clock.zone)
            near = [instant + timedelta(seconds=s) for instant in truth[5:-5:25] for s in (-1, 0, 1)]
            far = [truth[0] + chance.random() * (truth[-2] - truth[0]) for _ in range(50)]
            for instant in near + far:
                asked += 2
                place = bisect.bisect_right(truth, instant)
                assert daily.next_after(instant) == truth[place]
                back = instant - chance.choice([1, 3, 40, 400]) * DAY
                newest = truth[place - 1] if place and truth[place - 1] > back else None
                assert daily.latest(back, instant) == newest or place == 0
    print(f"\nT11: {asked} questions for the next and the latest instant")
    assert asked >= 20_000


class Late(Schedule):
    """Of a time that comes twice, takes the later."""

    def _on(self, day: date) -> datetime:
        return datetime.combine(day, self.at.replace(fold=1), tzinfo=self.zone).astimezone(UTC)


class Skipping(Schedule):
    """Leaves out a date that lacks the time."""

    def _on(self, day: date) -> datetime:
        planned = super()._on(day)
        return planned if planned.astimezone(self.zone).time() == self.at else super()._on(day - DAY)


class ByTheClock(Schedule):
    """Counts 24 hours from one instant to the next."""

    def _on(self, day: date) -> datetime:
        return super()._on(FIRST) + (day - FIRST)


class InBothHours(Schedule):
    """Of a time that comes twice, takes both."""

    def _from(self, instant: datetime):  # type: ignore[no-untyped-def]
        for planned in super()._from(instant):
            yield planned
            later = planned.astimezone(self.zone).replace(fold=1).astimezone(UTC)
            if later > planned:
                yield later


@pytest.mark.prove
@pytest.mark.parametrize("planted", [Late, Skipping, ByTheClock, InBothHours])
def test_a_planted_fault_in_the_reckoning_is_caught(planted: type[Schedule]) -> None:
    _, wrong = compare(planted, ZONES[:4], TIMES, FIRST, date(2026, 1, 1))
    print(f"\nT11 mutant {planted.__name__}: {len(wrong)} differences")
    assert wrong
