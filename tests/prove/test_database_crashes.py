"""T3: the database crashes in the middle of anything, comes back, and the worker goes on by itself."""

import pytest
from sweep.attempt import Slot
from sweep.crashes import crash_database
from sweep.sweeping import share, sweep

pytestmark = pytest.mark.prove
IN_ONE_RUN = 3


def test_a_run_survives_a_crash_of_the_database_at_every_third_point(own_slots: list[Slot]) -> None:
    usual = own_slots[0].undisturbed()
    third = usual.points[::3]
    apart = -(-len(third) // IN_ONE_RUN)
    firsts = share(third[:apart])
    told = sweep(
        "T3",
        own_slots,
        firsts,
        lambda slot, first: crash_database(slot, usual, third[third.index(first) :: apart]),
    )
    print(f"\n{told.line('crashes')}")
    assert not told.broken, told.failures()
