"""Attempts at the video line: its input, a worker's death at any point of it, and what must hold then."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sweep import film_invariants, invariants
from sweep.attempt import Attempt, Result, Slot, places
from sweep.forks import Forked
from sweep.freezes import taken_over
from sweep.ground import IDLE, Ground, order_for
from sweep.roles import settings

from nightdesk.bootstrap import open_house
from nightdesk.desk.videos import VideoWish
from providers.renderers import remotion_house

ORDERED = "sweep_film_ordered"
"""The template: the site of the other sweeps, where a video was just ordered and its run has begun."""

RHYTHM = {"lease": 1.5, "poll": 0.2, "beat": 0.3, "grace": 0.5}
"""The lease is longer than in other attempts: a render's threads may keep a process from its loop."""

FRAMES = {"9:16": [144, 256]}
"""Videos of a two hundredth of the pixels: what dies at a point dies there at any size."""

SECONDS = 10
GIVEN_UP = 60.0
BY_NUMBER = os.environ.get("KILL_AT", "")
"""`KILL_AT=57` replays the kill at the 57th point."""


@dataclass
class Film:
    """A run of the line that nothing disturbed."""

    points: list[str]
    outcome: str
    asked: Counter[str]
    parts: dict[str, str]
    seconds: float


class FilmSlot:
    """Does attempts at the video line in a slot; `renderer` is what the settings say of who draws."""

    def __init__(self, slot: Slot, renderer: dict[str, Any] | None = None) -> None:
        self.slot, self.renderer = slot, renderer or {}

    @contextmanager
    def attempt(self, template: str = ORDERED) -> Iterator[Attempt]:
        with self.slot.attempt(template, patience=GIVEN_UP) as attempt:
            yield attempt

    def start(self, attempt: Attempt, role: str = "worker", **more: Any) -> Forked:
        facts = {"rhythm": RHYTHM, "frames": FRAMES, "settings": self.renderer}
        return attempt.start(role, **(facts | more))

    def undisturbed(self, usual: Film | None = None) -> Film:
        """A run from its beginning to the gate. Fails where even that breaks what must hold."""
        with self.attempt() as attempt:
            began, log = time.monotonic(), attempt.folder / "points"
            worker = self.start(attempt, arm={"log": str(log)})
            attempt.await_end()
            seconds = time.monotonic() - began
            attempt.stop(worker)
            self.look_at_end(attempt, usual, 0)
            if attempt.violations:
                raise AssertionError(f"undisturbed: {attempt.violations} {attempt.log.read_text()[-3000:]}")
            kept = film_invariants.parts_in(parts_of(attempt))
            outcome = film_invariants.outcome_of(attempt.connection)
            return Film(places(log), outcome, attempt.asked(), kept, seconds)

    def kill(self, usual: Film | None, point: str) -> Result:
        """SIGKILL of the worker at that place; another one brings the video to the gate."""
        with self.attempt() as attempt:
            first = self.start(attempt, arm={"kill_at": point})
            reached, waited = attempt.await_death(first, GIVEN_UP), 0.0
            if not reached:
                # Its last points lie between being told to end and having ended.
                first.tell(signal.SIGTERM)
                reached = first.wait(15) == -signal.SIGKILL
            if reached:
                self.look(attempt)
                waited = self.resume(attempt)
            self.finish(attempt, usual, 1)
            return attempt.result(point, reached=reached, waited=waited)

    def ordering(self, attempt: Attempt, **more: Any) -> int | None:
        """Has a process order two variants of a video; how it ended."""
        given = self.slot.ground.given
        whose = {"workspace": given.workspace, "site": given.site}
        return self.start(attempt, "orders", **whose, **more).wait(GIVEN_UP)

    def points_of_ordering(self) -> list[str]:
        with self.attempt(IDLE) as attempt:
            log = attempt.folder / "points"
            if self.ordering(attempt, arm={"log": str(log)}) != 0:
                raise AssertionError(f"undisturbed: {attempt.log.read_text()[-3000:]}")
            return places(log)

    def kill_ordering(self, point: str) -> Result:
        """SIGKILL of who orders two variants: both come to the gate, or none was ordered."""
        with self.attempt(IDLE) as attempt:
            reached = self.ordering(attempt, arm={"kill_at": point}) == -signal.SIGKILL
            self.look(attempt)
            if (videos := attempt.one("select count(*) from videos")) not in (0, 2):
                attempt.violations.append(f"{videos} variants of 2")
            if self.start(attempt, "chores", chores=["videos.run"]).wait(GIVEN_UP) != 0:
                attempt.violations.append("nobody could have the videos taken up")
            if videos and not attempt.one("select count(*) from runs"):
                attempt.violations.append("videos that were ordered have no run")
            self.start(attempt)
            attempt.await_end()
            for process in attempt.alive():
                attempt.stop(process)
            self.look_at_end(attempt, None, 1)
            return attempt.result(point, reached=reached)

    def freeze(self, usual: Film, point: str) -> Result:
        """SIGSTOP of the worker at that place, SIGCONT once another has brought the video to the gate."""
        with self.attempt() as attempt:
            first = self.start(attempt, arm={"freeze_at": [point]})
            reached, waited = attempt.await_freeze(first, GIVEN_UP), 0.0
            if reached:
                waited = max(taken_over(attempt, RHYTHM, early=False, frames=FRAMES) - RHYTHM["lease"], 0.0)
                first.tell(signal.SIGCONT)
            self.finish(attempt, usual, 2)
            return attempt.result(point, reached=reached, waited=waited)

    def resume(self, attempt: Attempt) -> float:
        """Starts another worker; seconds until it took its first batch."""
        since = attempt.one("select clock_timestamp()")
        self.start(attempt)
        attempt.await_end()
        took = "select extract(epoch from min(taken_at) - %s) from batches where taken_at > %s"
        return float(attempt.one(took, since, since) or 0)

    def finish(self, attempt: Attempt, usual: Film | None, interrupts: int) -> None:
        if not attempt.await_end():
            self.look(attempt)
            return
        for process in attempt.alive():
            attempt.stop(process)
        self.look_at_end(attempt, usual, interrupts)

    def look(self, attempt: Attempt) -> None:
        """What must hold right after a death: no child outlives it, no half file has its name."""
        if left := self.slot.zygote.await_no_orphans():
            attempt.violations.append(f"children outlived their worker by 3 s: {left}")
        attempt.check_now()
        attempt.violations += film_invariants.at_any_time(attempt.connection, parts_of(attempt))

    def look_at_end(self, attempt: Attempt, usual: Film | None, interrupts: int) -> None:
        self.look(attempt)
        attempt.await_true(f"not {invariants.UNREADABLE}", 15)
        connection, wrong = attempt.connection, attempt.violations
        wrong += invariants.at_the_end(connection, attempt.media, None, completed=False)
        wrong += film_invariants.at_the_gate(connection, parts_of(attempt), usual.parts if usual else None)
        if usual is not None:
            wrong += film_invariants.differences(usual.outcome, film_invariants.outcome_of(connection))
            wrong += invariants.asked_too_often(attempt.asked(), usual.asked, interrupts)


def parts_of(attempt: Attempt) -> Path:
    return attempt.folder / "parts"


def film_slots(slots: Sequence[Slot], renderer: dict[str, Any] | None = None) -> list[FilmSlot]:
    """The slots, with the template that attempts at videos begin from; made once on each ground."""
    furnish(slots[0].ground)
    return [FilmSlot(slot, renderer) for slot in slots]


def remotion(ground: Ground) -> dict[str, Any]:
    """The settings of a desk whose videos a Remotion project draws, with a stand-in for Node.js."""
    made = remotion_house.project(ground.folder / "remotion")
    return {"renderer": "remotion"} | {f"remotion_{name}": str(path) for name, path in made.items()}


def furnish(ground: Ground) -> None:
    with ground.connect() as admin:
        known = admin.execute("select from pg_database where datname = %s", [ORDERED]).fetchone()
        if known is not None:
            return
        admin.execute(f"create database {ORDERED} template {IDLE}")
    asyncio.run(_order(order_for(ground.postgres, ORDERED, ground.folder), ground))
    with ground.connect(ORDERED) as connection:
        connection.execute("analyze")


async def _order(order: dict[str, Any], ground: Ground) -> None:
    async with open_house(settings(order)) as house:
        wish = VideoWish(topic="Worms in the kitchen", seconds=SECONDS)
        await house.desk.videos.ordering.order(ground.given.workspace, ground.given.site, wish)
