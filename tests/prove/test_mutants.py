"""T8: every fault planted in the engine is caught by one of the sweeps."""

import pytest
from sweep.attempt import Slot, Undisturbed
from sweep.hunts import HUNTS, caught, two_workers
from sweep.mutants import MUTANTS
from sweep.planting import Edit, NotPlanted, replace, rewrite
from sweep.sweeping import SHARE, share, sweep

pytestmark = [pytest.mark.prove, pytest.mark.timeout(900)]
FEWEST = 10


def test_every_planted_fault_is_caught(slots: list[Slot], usual: Undisturbed) -> None:
    told = sweep("T8", slots, share(list(MUTANTS)), lambda slot, mutant: caught(slot, usual, mutant))
    print(f"\nT8 mutants={len(told.results)} caught={len(told.reached)} seconds={told.seconds:.0f}")
    for one in told.results:
        print(f"  {one.case:40} {one.what:20} {one.interrupts} attempts  {one.log[:110]}")
    assert not told.broken, told.failures()
    assert len(told.reached) >= FEWEST or SHARE < 1 or len(told.results) < len(MUTANTS)


def test_a_fault_that_does_not_fit_the_engine_any_more_is_not_planted(slots: list[Slot]) -> None:
    with slots[0].attempt() as attempt, pytest.raises(NotPlanted, match="has 0 times: 'gone'"):
        rewrite(attempt.connection, [Edit("credit_settle", "gone", "anything")])
    with pytest.raises(NotPlanted, match="no gone of its own"):
        replace(Slot, "gone", None)


def test_a_fault_that_never_acts_does_not_count_as_caught(
    slots: list[Slot], usual: Undisturbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    releases_nothing = "hold never released"
    monkeypatch.setitem(HUNTS, releases_nothing, two_workers(0, 1))
    result = caught(slots[0], usual, releases_nothing)
    assert not result.reached
    assert "never acted in 1 attempts" in result.violations[0]
