"""T3: the database crashes in the middle of anything, comes back, and the worker goes on by itself."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sweep.attempt import Slot
from sweep.crashes import crash_database
from sweep.ground import ground
from sweep.sweeping import SIDE_BY_SIDE, share, sweep

pytestmark = pytest.mark.prove
IN_ONE_RUN = 3


@pytest.fixture(scope="module")
def own_grounds() -> Iterator[list[Slot]]:
    """Slots that have a server each: a crash is felt by nobody else."""
    with ExitStack() as opened:
        slots = [Slot(opened.enter_context(ground())) for _ in range(SIDE_BY_SIDE)]
        yield slots
        for slot in slots:
            slot.close()


def test_a_run_survives_a_crash_of_the_database_at_every_third_point(own_grounds: list[Slot]) -> None:
    usual = own_grounds[0].undisturbed()
    apart = -(-len(usual.points) // IN_ONE_RUN)
    firsts = share(range(1, apart + 1, 3))
    told = sweep(
        "T3",
        own_grounds,
        firsts,
        lambda slot, p: crash_database(slot, usual, [p + apart * turn for turn in range(IN_ONE_RUN)]),
    )
    print(f"\n{told.line('crashes')}")
    assert not told.broken, told.failures()
