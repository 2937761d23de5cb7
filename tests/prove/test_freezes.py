"""T5: a worker frozen past its lease is replaced, and what it makes after it wakes up is refused."""

import pytest
from sweep.attempt import Slot, Undisturbed
from sweep.freezes import freeze_worker
from sweep.sweeping import share, sweep

pytestmark = pytest.mark.prove
LONGEST_WAIT = 5.0


def test_a_worker_frozen_at_any_second_point_is_replaced_and_its_late_result_refused(
    slots: list[Slot], usual: Undisturbed
) -> None:
    early = set(usual.points[::4])
    points = share(usual.points[::2])
    told = sweep("T5", slots, points, lambda slot, p: freeze_worker(slot, usual, p, early=p in early))
    print(f"\n{told.line('freezes')}")
    assert not told.broken, told.failures()
    assert told.longest_wait <= LONGEST_WAIT


def test_with_the_limits_of_service_a_frozen_transaction_does_not_hold_others_up(
    slots: list[Slot], usual: Undisturbed
) -> None:
    written = [place for place in usual.points if place.startswith("settle.written#")]
    points = share(written[2::5])
    told = sweep("T5s", slots, points, lambda slot, p: freeze_worker(slot, usual, p, as_in_service=True))
    print(f"\n{told.line('freezes')}")
    assert not told.broken, told.failures()
    assert told.longest_wait <= LONGEST_WAIT
