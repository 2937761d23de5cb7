"""A few of the interruptions that `make prove` does in full; always the same ones."""

import pytest
from sweep.attempt import Slot, Undisturbed
from sweep.chores import ChoreSlot, chore_slots
from sweep.commit_proxy import FAULTS, Fault
from sweep.films import film_slots
from sweep.freezes import freeze_worker
from sweep.hunts import caught
from sweep.kills import kill_person, kill_timetable, kill_worker, points_of
from sweep.publishing import PublishingSlot, publishing_slots
from sweep.publishing_hunts import caught as caught_sending
from sweep.random_kills import kill_workers
from sweep.sweeping import sweep
from sweep.uncertain import strike_commits

KILLED = (
    "jobs.taken",
    "batch.taken",
    "text.call.sent",
    "store.files.temp.opened",
    "store.files.renamed",
    "settle.written",
    "settle.after",
    "jobs.acknowledge.before",
)
COMMITS = {"answer dropped": (6, 21, 36), "commit dropped": (9, 24, 39), "hang": (12, 27, 42)}
SENDING = ("wall/wall.call.after#1", "wordpress/wordpress.publish.after#1")
FILMED = "media.ffmpeg.written#3"
PLANTED = ("file written at its final name", "random keys in the ledger, no fence")


def middle(usual: Undisturbed, name: str) -> str:
    """The place of that name that lies in the middle of the others."""
    found = [place for place in usual.points if place.startswith(f"{name}#")]
    return found[len(found) // 2]


def test_a_worker_killed_where_it_hurts_leaves_everything_right(
    slots: list[Slot], usual: Undisturbed
) -> None:
    points = [middle(usual, name) for name in KILLED]
    told = sweep("T1", slots, points, lambda slot, point: kill_worker(slot, usual, point))
    assert not told.broken, told.failures()
    assert len(told.reached) >= len(KILLED) - 1


@pytest.mark.prove
def test_who_steers_runs_and_the_timetable_may_be_killed(slots: list[Slot]) -> None:
    person, timetable = points_of(slots[0], "person", 20), points_of(slots[1], "timetable", 1.5)
    told = sweep("T1p", slots, (person[5], person[-1]), kill_person)
    assert not told.broken, told.failures()
    written = timetable.index("timetable.written#1")
    told = sweep("T1t", slots, (timetable[written], timetable[written + 2]), kill_timetable)
    assert not told.broken, told.failures()


@pytest.mark.prove
def test_chores_killed_after_a_notice_went_out_lose_nothing(slots: list[Slot]) -> None:
    with chore_slots(slots[:1]) as furnished:
        told = sweep("T1c", furnished, ("notices.sent#1",), ChoreSlot.kill)
    assert not told.broken, told.failures()
    assert told.reached


@pytest.mark.prove
def test_three_kills_in_a_row_leave_everything_right(slots: list[Slot], usual: Undisturbed) -> None:
    told = sweep("T2", slots, (2, 4), lambda slot, seed: kill_workers(slot, usual, seed))
    assert not told.broken, told.failures()


@pytest.mark.parametrize("fault", FAULTS)
def test_commits_may_end_in_uncertainty(slots: list[Slot], usual: Undisturbed, fault: Fault) -> None:
    told = sweep("T4", slots, [fault], lambda slot, fault: strike_commits(slot, usual, fault, COMMITS[fault]))
    assert told.interrupts
    assert not told.broken, told.failures()


def test_a_frozen_worker_is_replaced_and_its_late_result_refused(
    slots: list[Slot], usual: Undisturbed
) -> None:
    points = [middle(usual, name) for name in ("batch.worked", "settle.written")]
    told = sweep("T5", slots, points, lambda slot, p: freeze_worker(slot, usual, p, early=p == points[0]))
    assert not told.broken, told.failures()


@pytest.mark.prove
def test_planted_faults_are_caught(slots: list[Slot], usual: Undisturbed) -> None:
    told = sweep("T8", slots, PLANTED, lambda slot, mutant: caught(slot, usual, mutant))
    assert not told.broken, told.failures()
    assert len(told.reached) == len(PLANTED)


def test_a_worker_killed_in_a_render_brings_its_video_to_the_gate(slots: list[Slot]) -> None:
    told = sweep("T1v", film_slots(slots)[:1], (FILMED,), lambda slot, point: slot.kill(None, point))
    assert not told.broken, told.failures()
    assert told.reached


def test_who_sends_publications_may_be_killed_frozen_or_cut_off(slots: list[Slot]) -> None:
    senders = publishing_slots(slots)
    told = sweep("T1p", senders, SENDING, PublishingSlot.kill)
    assert not told.broken, told.failures()
    assert len(told.reached) == len(SENDING)
    told = sweep("T5p", senders, ("wall/outgoing.prepared#1",), PublishingSlot.freeze)
    assert not told.broken, told.failures()
    told = sweep("T8p", senders, ("what was being committed is queued again",), caught_sending)
    assert not told.broken, told.failures()
