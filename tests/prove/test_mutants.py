"""T8: every fault planted in the engine is caught by one of the sweeps."""

import pytest
from sweep.attempt import Result, Slot, Undisturbed
from sweep.hunts import HUNTS
from sweep.mutants import MUTANTS
from sweep.sweeping import sweep

pytestmark = pytest.mark.prove
FEWEST = 10


def caught(slot: Slot, usual: Undisturbed, mutant: str) -> Result:
    """The first attempt that shows the fault; `reached` says whether one did."""
    attempts = 0
    for how, result in HUNTS[mutant](slot, usual, mutant):
        attempts += 1
        if result.violations:
            return Result(how, mutant, [], result.violations[0][:110], interrupts=attempts)
    return Result("nothing", mutant, [f"not caught in {attempts} attempts"], reached=False)


def test_every_planted_fault_is_caught(slots: list[Slot], usual: Undisturbed) -> None:
    told = sweep("T8", slots, MUTANTS, lambda slot, mutant: caught(slot, usual, mutant))
    print(f"\nT8 mutants={len(MUTANTS)} caught={len(told.reached)} seconds={told.seconds:.0f}")
    for one in told.results:
        print(f"  {one.what:40} {one.case:20} {one.interrupts} attempts  {one.log}")
    assert not told.broken, told.failures()
    assert len(MUTANTS) >= FEWEST
