"""T19: no child outlives a worker that is killed: neither ffmpeg nor the voice nor a browser."""

import pytest
from sweep.attempt import Slot
from sweep.children import CHROMIUM, Child, kill_beside, kill_browsing, restless_page
from sweep.films import film_slots
from sweep.sweeping import sweep

pytestmark = [pytest.mark.prove, pytest.mark.timeout(600)]
KILLS = 20
RENDERING: tuple[Child, ...] = tuple(("ffmpeg", f"media.ffmpeg.started#{number}") for number in range(1, 9))
SPEAKING: tuple[Child, ...] = tuple(
    ("espeak", f"child.standing.{moment}#{number}")
    for moment in ("started", "ask", "answered")
    for number in (1, 2)
)
DRAWING = range(KILLS - len(RENDERING) - len(SPEAKING))


def test_no_child_outlives_a_killed_worker_by_three_seconds(slots: list[Slot]) -> None:
    films = film_slots(slots)
    rendering = sweep("T19 ffmpeg", films, RENDERING, kill_beside)
    speaking = sweep("T19 espeak", films, SPEAKING, kill_beside)
    told = [rendering, speaking]
    if CHROMIUM is not None:
        with restless_page() as page:
            told.append(
                sweep("T19 chromium", films, DRAWING, lambda slot, turn: kill_browsing(slot, page, turn))
            )
    else:
        print("\nT19: NO CHROMIUM HERE, so no browser was killed over (`make browser` installs one)")
    kills = sum(one.interrupts for one in told)
    print("\n" + "\n".join(one.line("kills") for one in told) + f"\nT19 kills={kills} left after 3 s=0")
    for one in told:
        assert not one.broken, one.failures()
    assert kills == KILLS or CHROMIUM is None
