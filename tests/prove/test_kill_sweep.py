"""T1: a process killed at any point loses nothing, makes nothing twice and charges nothing in vain."""

import pytest
from sweep.attempt import Slot, Undisturbed
from sweep.kills import kill_person, kill_timetable, kill_worker, points_of
from sweep.sweeping import share, sweep

pytestmark = pytest.mark.prove
FEWEST = 300
RESUMED = 10.0
"""Seconds from a restart until work goes on (PROMISES P1)."""


def test_a_worker_killed_at_any_point_of_a_run_leaves_everything_right(
    slots: list[Slot], usual: Undisturbed
) -> None:
    assert len(usual.points) >= FEWEST, "the input is too small"
    told = sweep("T1", slots, share(usual.points), lambda slot, point: kill_worker(slot, usual, point))
    print(f"\n{told.line()} of {len(usual.points)}; not come by: {', '.join(told.missed()) or 'none'}")
    assert not told.broken, told.failures()
    assert told.longest_wait < RESUMED


def test_who_steers_runs_may_be_killed_at_any_point(slots: list[Slot]) -> None:
    points = points_of(slots[0], "person", 20)
    told = sweep("T1p", slots, share(points), kill_person)
    print(f"\n{told.line()} of {len(points)}")
    assert not told.broken, told.failures()


def test_a_timetable_killed_at_any_point_starts_what_is_due_once(slots: list[Slot]) -> None:
    points = points_of(slots[0], "timetable", 2.5)
    told = sweep("T1t", slots, share(points), kill_timetable)
    print(f"\n{told.line()} of {len(points)}")
    assert not told.broken, told.failures()
