"""Attempts at edits of a finished video: whoever edits or makes anew dies, and what must hold then."""

import json
import shutil
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sweep import film_invariants, invariants
from sweep.attempt import Attempt, Result, Slot, places
from sweep.editing import EDITS
from sweep.films import GIVEN_UP, FilmSlot, film_slots
from sweep.ground import Ground

FINISHED = "sweep_film_finished"
"""The template: the site of the other sweeps with one video, which is at the gate."""

EDITED = "sweep_film_edited"
"""The same, with all edits made and nobody who works."""

_KEPT = ("media", "parts")
_SEEN = {
    "video": """
        select status, revision, title, captions, reviewed_at is null, checks->'review'->>'decision',
               jsonb_path_query_array(thumbnails, '$[*].variant'),
               jsonb_path_query_array(thumbnails, '$[*].chosen')
        from videos order by id
    """,
    "scenes": """
        select position, says, prompt, seed, sound is null, picture is null, status, note
        from scenes order by 1
    """,
    "shelf": "select shows, removed_at is null from own_footage order by id",
    "told": "select type, message from events where type in ('video_decided', 'job_log') order by id",
}
"""What an edit changes, all in one transaction."""

_ONCE = "a video came to the gate more than once"
_BY_RUN = {
    "an item was settled twice in a step": """
        select run_id, step, item, count(*) from batches, jsonb_array_elements(items) as item
        where status = 'done' group by 1, 2, 3 having count(*) > 1
    """
}
"""What is done once in a run, and once more in that which makes it anew."""

_ALWAYS = _BY_RUN | {what: query for what, query in film_invariants.ALWAYS.items() if what != _ONCE}
_AT_THE_GATE = {
    what: query
    for what, query in film_invariants.AT_THE_GATE.items()
    if not what.startswith(("result ", "a video is not at the gate"))
}
_OUTCOME = ("videos", "scenes", "log", "spent")


@dataclass
class Edited:
    """What the first edits alone come to: what was seen right after them, and once all was made anew."""

    seen: list[str] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    making: list[str] = field(default_factory=list)


class EditSlot:
    """Does attempts at edits in a slot."""

    def __init__(self, slot: Slot) -> None:
        self.slot, self.films = slot, FilmSlot(slot)

    @contextmanager
    def attempt(self, template: str = FINISHED) -> Iterator[Attempt]:
        with self.films.attempt(template) as attempt:
            for name in _KEPT:
                shutil.copytree(self.slot.ground.folder / template / name, attempt.folder / name)
            yield attempt

    def edit(self, attempt: Attempt, count: int = len(EDITS), **more: Any) -> int | None:
        """Has a process do the first edits; how it ended."""
        facts = {"workspace": self.slot.ground.given.workspace, "video": attempt.one("select id from videos")}
        return self.films.start(attempt, "edits", edits=[*EDITS][:count], **facts, **more).wait(GIVEN_UP)

    def undisturbed(self) -> Edited:
        """What each number of edits comes to, and the points of all of them."""
        found = Edited()
        for count in range(len(EDITS) + 1):
            with self.attempt() as attempt:
                last = count == len(EDITS)
                log, making = attempt.folder / "points", attempt.folder / "making"
                if self.edit(attempt, count, **({"arm": {"log": str(log)}} if last else {})) != 0:
                    raise AssertionError(f"undisturbed: {attempt.log.read_text()[-3000:]}")
                found.seen.append(seen(attempt))
                self.make_anew(attempt, **({"arm": {"log": str(making)}} if last else {}))
                self.look_at_end(attempt)
                if attempt.violations:
                    said = attempt.log.read_text()[-3000:]
                    raise AssertionError(f"undisturbed, {count} edits: {attempt.violations} {said}")
                found.outcomes.append(outcome_of(attempt))
                if last:
                    found.points, found.making = places(log), places(making)
        return found

    def kill(self, usual: Edited, point: str, **more: Any) -> Result:
        """SIGKILL of who edits, at that place: the edit in hand was made or was not, and all goes on."""
        with self.attempt() as attempt:
            reached = self.edit(attempt, arm={"kill_at": point}, **more) == -signal.SIGKILL
            done = len(done_in(attempt))
            now = seen(attempt)
            standing = next((n for n in (done, done + 1) if now in usual.seen[n : n + 1]), None)
            if standing is None:
                attempt.violations.append(f"after {done} edits, in the next: {now[:1500]}")
            self.look(attempt)
            self.make_anew(attempt)
            self.look_at_end(attempt)
            if standing is not None:
                wrong = film_invariants.differences(usual.outcomes[standing], outcome_of(attempt))
                attempt.violations += [f"after {standing} edits: {one}" for one in wrong]
            return attempt.result(point, reached=reached)

    def kill_making(self, usual: Edited, point: str) -> Result:
        """SIGKILL of the worker that makes anew what was edited, at that place; another one goes on."""
        with self.attempt(EDITED) as attempt:
            first = self.films.start(attempt, arm={"kill_at": point})
            reached, waited = attempt.await_death(first, GIVEN_UP), 0.0
            if not reached:
                first.tell(signal.SIGTERM)
                reached = first.wait(15) == -signal.SIGKILL
            if reached:
                self.look(attempt)
                waited = self.films.resume(attempt)
            attempt.await_end()
            for process in attempt.alive():
                attempt.stop(process)
            self.look_at_end(attempt)
            attempt.violations += film_invariants.differences(usual.outcomes[-1], outcome_of(attempt))
            return attempt.result(point, reached=reached, waited=waited)

    def make_anew(self, attempt: Attempt, **more: Any) -> None:
        """Has the video taken up where nobody asked for a run any more, and made to its end."""
        if self.films.start(attempt, "chores", chores=["videos.run"]).wait(GIVEN_UP) != 0:
            attempt.violations.append("nobody could have the video taken up")
        worker = self.films.start(attempt, **more)
        attempt.await_end()
        attempt.stop(worker)

    def look(self, attempt: Attempt) -> None:
        """What must hold right after a death."""
        if left := self.slot.zygote.await_no_orphans():
            attempt.violations.append(f"children outlived their worker by 3 s: {left}")
        attempt.check_now()
        _forget(attempt, _BY_RUN)
        self._ask(attempt, _ALWAYS)

    def look_at_end(self, attempt: Attempt) -> None:
        """What must hold once nothing waits any more."""
        self.look(attempt)
        attempt.await_true(f"not {invariants.UNREADABLE}", 15)
        wrong = attempt.violations
        wrong += invariants.at_the_end(attempt.connection, attempt.media, None, completed=False)
        _forget(attempt, _BY_RUN)
        self._ask(attempt, _BY_RUN | _AT_THE_GATE)
        state = attempt.one("select state from videos")
        if state not in ("review", "approved", "sent_back"):
            wrong.append(f"the video is {state}: {attempt.one('select error from videos')}")

    def _ask(self, attempt: Attempt, queries: dict[str, str]) -> None:
        found = invariants.Found()
        found.ask(attempt.connection, queries)
        attempt.violations += found.violations


def _forget(attempt: Attempt, what: dict[str, str]) -> None:
    """Takes back what was said of all runs together; `_ask` says it of each."""
    attempt.violations[:] = [one for one in attempt.violations if not one.startswith(tuple(what))]


def seen(attempt: Attempt) -> str:
    told = {name: attempt.connection.execute(query.encode()).fetchall() for name, query in _SEEN.items()}
    return json.dumps(told, default=str)


def outcome_of(attempt: Attempt) -> str:
    whole = json.loads(film_invariants.outcome_of(attempt.connection))
    return json.dumps({name: whole[name] for name in _OUTCOME})


def done_in(attempt: Attempt) -> list[str]:
    """The edits that whoever did them saw done."""
    path = attempt.folder / "edits"
    return path.read_text().splitlines() if path.exists() else []


def edit_slots(slots: Sequence[Slot]) -> list[EditSlot]:
    """The slots, with the templates that attempts at edits begin from; made once on each ground."""
    films = film_slots(slots)
    made = [EditSlot(slot) for slot in slots]
    if not (slots[0].ground.folder / FINISHED).exists():
        _finish(films[0], slots[0].ground)
        with made[0].attempt() as attempt:
            if made[0].edit(attempt) != 0:
                raise AssertionError(attempt.log.read_text()[-3000:])
            _keep(attempt, slots[0].ground, EDITED)
    return made


def _finish(film: FilmSlot, ground: Ground) -> None:
    """Has the video that was ordered made, and keeps the database and the files."""
    with film.attempt() as attempt:
        worker = film.start(attempt)
        attempt.await_end()
        attempt.stop(worker)
        film.look_at_end(attempt, None, 0)
        if attempt.violations:
            raise AssertionError(f"undisturbed: {attempt.violations} {attempt.log.read_text()[-3000:]}")
        _keep(attempt, ground, FINISHED)


def _keep(attempt: Attempt, ground: Ground, name: str) -> None:
    """The files and the database, as what later attempts begin from."""
    for folder in _KEPT:
        shutil.copytree(attempt.folder / folder, ground.folder / name / folder)
    attempt.connection.execute("analyze")
    attempt.connection.close()
    with attempt.ground.connect() as admin:
        admin.execute(f"create database {name} template {attempt.database}".encode())
    attempt.reconnect()
