"""What the proofs by interruption share: the ground, the slots of attempts, a run that nothing disturbed."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sweep.attempt import Slot, Undisturbed
from sweep.ground import Ground, ground
from sweep.sweeping import SIDE_BY_SIDE


@pytest.fixture(scope="session")
def sweep_ground() -> Iterator[Ground]:
    with ground() as opened:
        yield opened


@pytest.fixture(scope="session")
def slots(sweep_ground: Ground) -> Iterator[list[Slot]]:
    opened = [Slot(sweep_ground) for _ in range(SIDE_BY_SIDE)]
    yield opened
    for slot in opened:
        slot.close()


@pytest.fixture(scope="module")
def own_slots() -> Iterator[list[Slot]]:
    """Slots that have a server each: what happens to it is felt by nobody else."""
    with ExitStack() as opened:
        own = [Slot(opened.enter_context(ground())) for _ in range(SIDE_BY_SIDE)]
        yield own
        for slot in own:
            slot.close()


@pytest.fixture(scope="session")
def usual(slots: list[Slot]) -> Undisturbed:
    return slots[0].undisturbed()
