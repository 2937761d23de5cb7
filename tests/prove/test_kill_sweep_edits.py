"""T1, edits: who edits a finished video, and who makes it anew, may be killed at any point."""

import pytest
from sweep.attempt import Slot
from sweep.editing import EDITS, HALVED
from sweep.edits import Edited, EditSlot, edit_slots
from sweep.sweeping import share, sweep

pytestmark = [pytest.mark.prove, pytest.mark.timeout(1800)]
RESUMED = 10.0


@pytest.fixture(scope="module")
def desks(slots: list[Slot]) -> list[EditSlot]:
    return edit_slots(slots)


@pytest.fixture(scope="module")
def edited(desks: list[EditSlot]) -> Edited:
    return desks[0].undisturbed()


def test_who_edits_a_video_may_be_killed_at_any_point(desks: list[EditSlot], edited: Edited) -> None:
    assert len(set(edited.seen)) == len(EDITS) + 1
    told = sweep("T1e", desks, share(edited.points), lambda slot, point: slot.kill(edited, point))
    print(f"\n{told.line()} of {len(edited.points)}; not come by: {', '.join(told.missed()) or 'none'}")
    assert not told.broken, told.failures()


def test_who_makes_anew_what_was_edited_may_be_killed_at_any_point(
    desks: list[EditSlot], edited: Edited
) -> None:
    told = sweep("T1em", desks, share(edited.making), lambda slot, point: slot.kill_making(edited, point))
    print(f"\n{told.line()} of {len(edited.making)}; not come by: {', '.join(told.missed()) or 'none'}")
    assert not told.broken, told.failures()
    assert told.longest_wait < RESUMED


def test_edits_that_are_kept_by_halves_are_found_out(desks: list[EditSlot], edited: Edited) -> None:
    """The first that has the video made anew shows it; those that follow find it set back already."""
    halved = (f"{HALVED}#1", f"{HALVED}#2")
    told = sweep("T8e", desks, halved, lambda slot, point: slot.kill(edited, point, by_halves=True))
    print(f"\nT8e: {[(one.case, one.reached, one.violations[:1]) for one in told.results]}"[:900])
    first, _ = told.results
    assert first.reached
    assert first.violations[0].startswith("after 6 edits, in the next")
