"""T2: three kills in a row, at moments drawn by chance, of whatever is running."""

import pytest
from sweep.attempt import Result, Slot, Undisturbed
from sweep.random_kills import kill_servers, kill_timetables, kill_workers
from sweep.sweeping import SHARE, share, sweep

pytestmark = pytest.mark.prove
RUNS, KILLS = 60, 150


def kill(slot: Slot, usual: Undisturbed, seed: int) -> Result:
    """Of five runs one loses servers, one timetables, three workers."""
    if seed % 5 == 0:
        return kill_servers(slot, usual, seed)
    return kill_timetables(slot, seed) if seed % 5 == 1 else kill_workers(slot, usual, seed)


def test_three_kills_in_a_row_leave_everything_right(own_slots: list[Slot]) -> None:
    usual = own_slots[0].undisturbed()
    seeds = share(range(1, RUNS + 1))
    told = sweep("T2", own_slots, seeds, lambda slot, seed: kill(slot, usual, seed))
    print(f"\n{told.line('kills')} runs={len(told.results)}")
    assert not told.broken, told.failures()
    assert told.interrupts >= KILLS or SHARE < 1 or len(seeds) < RUNS
