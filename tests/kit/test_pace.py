"""A bucket of tokens for each caller: bursts pass, floods wait, and nobody waits for another."""

from datetime import UTC, datetime

import pytest

from nightdesk.kit.clock import SetClock
from nightdesk.kit.pace import Pace


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 1, 1, tzinfo=UTC))


def admitted(pace: Pace, asked: int, caller: str = "ana", weight: float = 1.0, *, heavy: bool = False) -> int:
    return sum(pace.wait(caller, weight, heavy=heavy) == 0 for _ in range(asked))


def test_a_burst_passes_and_what_is_more_waits(clock):
    pace = Pace(1_200, clock.monotonic)
    assert admitted(pace, 1_000) == 300
    assert pace.wait("ana") == pytest.approx(1 / 20)


def test_after_the_wait_that_was_told_the_next_passes_and_no_more(clock):
    pace = Pace(60, clock.monotonic)
    admitted(pace, 100)
    clock.move(pace.wait("ana"))
    assert admitted(pace, 2) == 1


def test_in_the_long_run_as_many_pass_as_the_minute_allows(clock):
    pace = Pace(600, clock.monotonic)
    admitted(pace, 1_000)
    passed = 0
    for _ in range(1_200):
        clock.move(0.05)
        passed += admitted(pace, 3)
    assert passed == pytest.approx(600, abs=2)


def test_what_is_refused_takes_nothing(clock):
    pace = Pace(60, clock.monotonic)
    admitted(pace, 10_000)
    clock.move(5)
    assert admitted(pace, 10) == 5


def test_a_bucket_never_holds_more_than_a_burst(clock):
    pace = Pace(60, clock.monotonic)
    assert admitted(pace, 1) == 1
    clock.move(86_400)
    assert admitted(pace, 100) == 15


def test_nobody_waits_for_another(clock):
    pace = Pace(60, clock.monotonic)
    admitted(pace, 100)
    assert admitted(pace, 1, "ben") == 1


def test_heavy_requests_have_a_smaller_bucket_and_leave_the_others_room(clock):
    pace = Pace(1_200, clock.monotonic)
    assert admitted(pace, 100, heavy=True) == 60
    assert admitted(pace, 1_000) == 240
    assert pace.wait("ana", heavy=True) == pytest.approx(0.5)


def test_a_light_request_takes_its_part_of_a_token(clock):
    assert admitted(Pace(60, clock.monotonic), 1_000, weight=0.2) == 75


def test_no_more_callers_are_remembered_than_were_allowed_for(clock):
    pace = Pace(4, clock.monotonic, most_buckets=50)
    for number in range(5_000):
        pace.wait(f"caller {number}")
    assert len(pace) == 50
    assert admitted(pace, 1, "caller 4999") == 0
    assert admitted(pace, 1, "caller 3") == 1


def test_asking_how_long_takes_nothing_and_remembers_nobody(clock):
    pace = Pace(60, clock.monotonic)
    assert [pace.short("ana") for _ in range(100)] == [0.0] * 100
    assert len(pace) == 0
    admitted(pace, 100)
    assert pace.short("ana") == pytest.approx(1)


def test_without_a_limit_nothing_is_counted(clock):
    pace = Pace(0, clock.monotonic)
    assert admitted(pace, 5_000, heavy=True) == 5_000
    assert len(pace) == 0
