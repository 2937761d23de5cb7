"""A sweep attempts again, and tells, what a machine's overload alone may have broken; and nothing else."""

import os
from typing import Any

import pytest
from sweep.attempt import Result
from sweep.sweeping import OVERLOADED, sweep

SLOW, WRONG = "an item was parked without need: […]", "a balance is below zero: […]"


@pytest.mark.parametrize(
    ("load", "violations", "repeated"),
    [
        (OVERLOADED + 1, [SLOW], 1),
        (OVERLOADED - 1, [SLOW], 0),
        (OVERLOADED + 1, [WRONG], 0),
        (OVERLOADED + 1, [SLOW, WRONG], 0),
        (OVERLOADED + 1, [], 0),
    ],
)
def test_only_what_is_late_on_an_overloaded_machine_is_attempted_again(
    monkeypatch: pytest.MonkeyPatch, load: float, violations: list[str], repeated: int
) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (load, 0.0, 0.0))
    attempts: list[int] = []

    def act(_: Any, case: int) -> Result:
        attempts.append(case)
        return Result(str(case), "", [] if len(attempts) > 1 else violations)

    told = sweep("T0", [None], [7], act)  # type: ignore[list-item]
    assert len(attempts) == 1 + repeated
    assert bool(told.broken) is (bool(violations) and not repeated)
    assert ("repeated=1: 7: an item was parked" in told.line()) is bool(repeated)


def test_what_is_late_twice_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (OVERLOADED + 1.0, 0.0, 0.0))
    told = sweep("T0", [None], [7], lambda _, case: Result(str(case), "", [SLOW]))  # type: ignore[list-item]
    assert len(told.broken) == len(told.repeated) == 1
