"""Kills at moments drawn by chance, three in a row: workers, those who steer them, timetable, database."""

import os
import signal
import time
from random import Random

from sweep.attempt import Attempt, Result, Slot, Undisturbed
from sweep.forks import Forked
from sweep.ground import IDLE
from sweep.kills import end, started_once, whose_actions

IN_A_ROW = 3
STEERING = {"actions": ["pause", "resume"] * 30}


def kill_workers(slot: Slot, usual: Undisturbed, seed: int) -> Result:
    """One worker after the other; at times beside another worker, or while somebody pauses and resumes."""
    chance = Random(seed)
    steered, beside = chance.random() < 0.3, chance.random() < 0.3
    with slot.attempt() as attempt:
        whose = {**whose_actions(slot), **STEERING}
        for _ in range(IN_A_ROW):
            workers = [attempt.start() for _ in range(1 + beside)]
            if steered:
                workers.append(attempt.start("person", **whose))
            time.sleep(chance.uniform(0.05, 1.2) * max(usual.seconds, 1))
            for process in workers:
                process.kill()
            attempt.check_now()
        attempt.start()
        if steered:
            _resume_until_over(attempt, {**whose, "actions": ["resume"]})
        end(attempt, None if steered else usual, IN_A_ROW * (1 + beside), may_park=True)
        kills = IN_A_ROW * (1 + beside + steered)
        what = f"workers{', two at once' if beside else ''}{', steered' if steered else ''}"
        return attempt.result(seed, what, interrupts=kills)


def kill_timetables(slot: Slot, seed: int) -> Result:
    """One timetable after the other, before or after it has started what was due."""
    chance = Random(seed)
    with slot.attempt(IDLE) as attempt:
        for _ in range(IN_A_ROW):
            timetable = attempt.start("timetable")
            time.sleep(chance.uniform(0.02, 0.6))
            timetable.kill()
            attempt.check_now()
        attempt.start("timetable")
        attempt.await_true(
            "exists (select 1 from occurrences) and (select next_run_at > now() from line_configs)"
        )
        attempt.violations += started_once(attempt)
        return attempt.result(seed, "timetables", interrupts=IN_A_ROW)


def kill_servers(slot: Slot, usual: Undisturbed, seed: int) -> Result:
    """The database server, the process that keeps it up, and the worker, in any order."""
    chance = Random(seed)
    with slot.attempt() as attempt:
        keeper, worker = _keeper(attempt), attempt.start_until_it_works()
        fallen = []
        for _ in range(IN_A_ROW):
            time.sleep(chance.uniform(0.05, 0.7))
            victim = chance.choice(("server", "server", "keeper", "worker"))
            fallen.append(victim)
            if victim == "server":
                _kill_server(attempt)
            elif victim == "keeper":
                keeper.kill()
                keeper = _keeper(attempt)
            else:
                worker.kill()
                worker = attempt.start_until_it_works()
        if worker.wait(0.5) is not None:
            attempt.violations.append(f"the worker ended by itself, with {worker.wait(0)}")
        attempt.await_end()
        keeper.kill()
        end(attempt, usual, IN_A_ROW, may_park=True)
        return attempt.result(seed, ", ".join(fallen), interrupts=IN_A_ROW)


def _resume_until_over(attempt: Attempt, resuming: dict[str, object]) -> None:
    """Resumes the run whenever it is paused: a pause that was asked for last may take hold late."""
    until = time.monotonic() + attempt.patience
    while not attempt.over() and time.monotonic() < until:
        if attempt.one("select status from runs") == "paused":
            attempt.start("person", **resuming).wait(20)
        time.sleep(0.1)


def _kill_server(attempt: Attempt) -> None:
    """Kills it outright; one that is only just coming back is waited for."""
    while (pid := attempt.ground.postgres.status().pid) is None:
        time.sleep(0.02)
    os.kill(pid, signal.SIGKILL)


def _keeper(attempt: Attempt) -> Forked:
    return attempt.start("keeper", server=str(attempt.ground.folder))
