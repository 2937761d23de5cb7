"""T1: a process killed at any point loses nothing, makes nothing twice and charges nothing in vain."""

import pytest
from sweep.attempt import Slot, Undisturbed
from sweep.kills import kill_worker
from sweep.sweeping import share, sweep

pytestmark = pytest.mark.prove
FEWEST = 300
RESUMED = 10.0
"""Seconds from a restart until work goes on (PROMISES P1)."""


def test_a_worker_killed_at_any_point_of_a_run_leaves_everything_right(
    slots: list[Slot], usual: Undisturbed
) -> None:
    assert len(usual.points) >= FEWEST, "the input is too small"
    points = share(range(1, len(usual.points) + 1))
    told = sweep("T1", slots, points, lambda slot, point: kill_worker(slot, usual, point))
    print(f"\n{told.line()} of {len(usual.points)} in {len(set(usual.points))} kinds")
    assert not told.broken, told.failures()
    assert told.longest_wait < RESUMED
