"""T1, T3 to T5 of publications: whatever befalls who sends them, each piece comes out once."""

import pytest
from sweep.attempt import Slot
from sweep.commit_proxy import FAULTS
from sweep.outlets import OUTLETS
from sweep.publishing import PublishingSlot, publishing_slots, told_of
from sweep.publishing_hunts import HUNTS, caught
from sweep.sweeping import share, sweep

pytestmark = [pytest.mark.prove, pytest.mark.timeout(1800)]
MUST_BE_VISITED = frozenset(
    (
        *("outgoing.lapsed.begin", "outgoing.taken", "outgoing.prepared", "outgoing.committing.before"),
        *("outgoing.committing.after", "outgoing.committed", "outgoing.settle.before"),
        *("outgoing.settle.after", "folder.piece.renamed", "folder.file.written", "wordpress.draft.before"),
        *("wordpress.draft.after", "wordpress.publish.before", "wordpress.publish.after"),
        *("wordpress.call.before", "wordpress.call.after", "http.call.connect", "http.call.sent"),
        *("outgoing.token.before", "outgoing.token.after", "wall.post.before", "wall.post.after"),
        *("youtube.comment.before", "youtube.comment.after", "instagram.comment.before"),
        *("instagram.comment.after", "x.comment.before", "x.comment.after"),
        *("store.commit.before", "store.commit.after"),
    )
)


@pytest.fixture(scope="module")
def senders(slots: list[Slot]) -> list[PublishingSlot]:
    return publishing_slots(slots)


@pytest.fixture(scope="module")
def points(senders: list[PublishingSlot]) -> list[str]:
    return [f"{name}/{place}" for name in OUTLETS for place in senders[0].points(name)]


def test_who_sends_may_be_killed_at_any_point(senders: list[PublishingSlot], points: list[str]) -> None:
    assert {point.partition("/")[2].rpartition("#")[0] for point in points} >= MUST_BE_VISITED
    told = sweep("T1p", senders, share(points), PublishingSlot.kill)
    print(
        f"\n{told.line()} of {len(points)}; {told_of(senders)}; missed: {', '.join(told.missed()) or 'none'}"
    )
    assert not told.broken, told.failures()


def test_who_sends_may_be_frozen_at_any_second_point(
    senders: list[PublishingSlot], points: list[str]
) -> None:
    told = sweep("T5p", senders, share(points[1::2]), PublishingSlot.freeze)
    print(f"\n{told.line('freezes')}; {told_of(senders)}")
    assert not told.broken, told.failures()


def test_any_commit_of_who_sends_may_end_in_uncertainty(senders: list[PublishingSlot]) -> None:
    cases = [
        (name, fault, number)
        for name in OUTLETS
        for number in range(1, senders[0].commits(name) + 1)
        for fault in FAULTS
    ]
    told = sweep("T4p", senders, share(cases), lambda slot, case: slot.strike(*case))
    print(f"\n{told.line('commits')} of {len(cases)}; {told_of(senders)}")
    assert not told.broken, told.failures()


def test_publications_survive_a_crash_of_the_database_at_every_third_point(own_slots: list[Slot]) -> None:
    senders, in_one, cases = publishing_slots(own_slots), 3, []
    for name in OUTLETS:
        third = senders[0].points(name)[::3]
        apart = -(-len(third) // in_one)
        cases += [(name, third[first::apart]) for first in range(apart)]
    told = sweep("T3p", senders, share(cases), lambda slot, case: slot.crash(*case))
    print(f"\n{told.line('crashes')}; {told_of(senders)}")
    assert not told.broken, told.failures()


def test_every_fault_planted_in_a_sender_is_caught(senders: list[PublishingSlot]) -> None:
    told = sweep("T8p", senders, share(list(HUNTS)), caught)
    print(f"\nT8p mutants={len(told.results)} caught={len(told.reached)} seconds={told.seconds:.0f}")
    for one in told.results:
        print(f"  {one.case:42} {one.what:20} {one.interrupts} attempts  {one.log[:110]}")
    assert not told.broken, told.failures()
