"""T4: whether a commit took hold or not, and whether that is known or not, everything comes out the same."""

import pytest
from sweep.attempt import Slot, Undisturbed
from sweep.commit_proxy import FAULTS
from sweep.sweeping import share, sweep
from sweep.uncertain import commits_of_a_run, strike_commits, strike_person

pytestmark = pytest.mark.prove
IN_ONE_RUN = 3
FEWEST = 100
COMMITS_OF_A_PERSON = 6


def test_every_commit_of_a_run_may_end_in_uncertainty(slots: list[Slot], usual: Undisturbed) -> None:
    explicit, _ = commits_of_a_run(slots[0])
    apart = -(-explicit // IN_ONE_RUN)
    cases = share([(fault, first) for fault in FAULTS for first in range(1, apart + 1)])
    told = sweep(
        "T4",
        slots,
        cases,
        lambda slot, case: strike_commits(
            slot, usual, case[0], [case[1] + apart * turn for turn in range(IN_ONE_RUN)]
        ),
    )
    print(f"\n{told.line('commits')} of {explicit} x {len(FAULTS)}")
    assert not told.broken, told.failures()
    assert explicit * len(FAULTS) >= FEWEST


def test_the_queues_own_statements_may_end_in_uncertainty(slots: list[Slot], usual: Undisturbed) -> None:
    _, implicit = commits_of_a_run(slots[0])
    apart = -(-implicit // IN_ONE_RUN)
    cases = share([(fault, first) for fault in FAULTS for first in range(1, apart + 1, 3)])
    told = sweep(
        "T4q",
        slots,
        cases,
        lambda slot, case: strike_commits(
            slot, usual, case[0], [case[1] + apart * turn for turn in range(IN_ONE_RUN)], "implicit"
        ),
    )
    print(f"\n{told.line('statements')} of {implicit} x {len(FAULTS)}")
    assert not told.broken, told.failures()


def test_every_commit_of_who_steers_runs_may_end_in_uncertainty(slots: list[Slot]) -> None:
    cases = share([(fault, number) for fault in FAULTS for number in range(1, COMMITS_OF_A_PERSON + 1)])
    told = sweep("T4p", slots, cases, lambda slot, case: strike_person(slot, *case))
    print(f"\n{told.line('commits')}")
    assert not told.broken, told.failures()
