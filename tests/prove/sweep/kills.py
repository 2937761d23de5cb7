"""Kills a process at one point, has another bring the run to its end, and looks at what must hold."""

from typing import Any

from sweep.attempt import Attempt, Result, Slot, Undisturbed, places
from sweep.ground import IDLE

ACTIONS = ["start", "pause", "resume", "cancel", "start"]
"""What a person does to a run while no worker is there; done again by the next one where it was cut off."""

GROUPED = "update keywords set group_key = phrase, block = 1"
"""As an earlier run leaves them, so that a run that starts sets credits aside at once."""


def kill_worker(slot: Slot, usual: Undisturbed, point: str, **facts: Any) -> Result:
    """SIGKILL of the worker at that place; another worker takes over."""
    with slot.attempt(**facts) as attempt:
        first = attempt.start(arm={"kill_at": point})
        reached = attempt.await_death(first)
        waited = 0.0
        if reached:
            attempt.check_now()
            waited = _resume(attempt)
        end(attempt, usual, 1)
        return attempt.result(point, reached=reached, waited=waited)


def kill_person(slot: Slot, point: str, **facts: Any) -> Result:
    """SIGKILL of the process that starts, pauses, resumes and cancels runs, at that place."""
    with slot.attempt(IDLE, **facts) as attempt:
        attempt.connection.execute(GROUPED)
        whose = whose_actions(slot)
        first = attempt.start("person", **whose, arm={"kill_at": point})
        status = first.wait(20)
        attempt.check_now()
        if status == -9:
            second = attempt.start("person", **whose)
            if second.wait(20) != 0:
                attempt.violations.append("the person could not do it again")
        attempt.check_now()
        attempt.start()
        end(attempt, None, 1, completed=False)
        return attempt.result(point, reached=status == -9)


def whose_actions(slot: Slot) -> dict[str, Any]:
    return {"workspace": slot.ground.given.workspace, "site": slot.ground.given.site, "actions": ACTIONS}


def points_of(slot: Slot, role: str, seconds: float) -> list[str]:
    """The points that the process of that role passes within so many seconds, or until it has done."""
    with slot.attempt(IDLE) as attempt:
        log = attempt.folder / "points"
        attempt.start(role, **whose_actions(slot), arm={"log": str(log)}).wait(seconds)
        return places(log)


def kill_timetable(slot: Slot, point: str) -> Result:
    """SIGKILL of the timetable at that place; the next one starts what is due, once."""
    with slot.attempt(IDLE) as attempt:
        reached = attempt.start("timetable", arm={"kill_at": point}).wait(3) == -9
        attempt.check_now()
        attempt.start("timetable")
        attempt.await_true(
            "exists (select 1 from occurrences) and (select next_run_at > now() from line_configs)"
        )
        attempt.violations += started_once(attempt)
        attempt.check_now()
        return attempt.result(point, reached=reached)


def started_once(attempt: Attempt) -> list[str]:
    """The violations of P5 where one planned instant was due and no run was active."""
    counted = {
        "occurrences started": "select count(*) from occurrences where outcome = 'started'",
        "runs": "select count(*) from runs",
        "first jobs": "select count(*) from queue.pgqueuer",
    }
    return [f"{name}: {n}, not 1" for name, query in counted.items() if (n := attempt.one(query)) != 1]


def _resume(attempt: Attempt) -> float:
    """Starts another worker; seconds from then until it took its first batch."""
    since = attempt.one("select clock_timestamp()")
    attempt.start()
    attempt.await_end()
    took = attempt.one(
        "select extract(epoch from min(taken_at) - %s) from batches where taken_at > %s", since, since
    )
    return float(took or 0)


def end(attempt: Attempt, usual: Undisturbed | None, interrupts: int, **facts: bool) -> None:
    """Has the run end, ends its processes, and looks at what must hold then."""
    if not attempt.await_end():
        attempt.check_now()
        return
    for process in attempt.alive():
        attempt.stop(process)
    attempt.check_end(usual, interrupts, **facts)
