"""Freezes a worker past its lease, has another take over, and lets the first one wake up again."""

import signal
import time
from typing import Any

from sweep.attempt import RHYTHM, Attempt, Result, Slot, Undisturbed
from sweep.kills import end

IDLE_LIMIT = 1.0
"""Seconds after which the server ends a frozen worker's transaction here. In service it is 10 beside a lease
of 8; in attempts, whose lease is a tenth, that limit is brought forward too."""

SERVICE = {"lease": 8.0, "poll": 1.5, "beat": 2.0, "grace": 3.0}
_END_IDLE = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and state = 'idle in transaction'
      and state_change < clock_timestamp() - make_interval(secs => %s)
"""


def freeze_worker(
    slot: Slot,
    usual: Undisturbed,
    point: str,
    *,
    as_in_service: bool = False,
    early: bool = False,
    **facts: Any,
) -> Result:
    """SIGSTOP of the worker at that place, SIGCONT once another has taken over.

    `early`: it wakes up while the other is still at the batches that it has taken over, else when the run is
    over. `as_in_service`: with the lease and the limits of service, and nothing brought forward.
    """
    with slot.attempt(**facts) as attempt:
        rhythm = SERVICE if as_in_service else RHYTHM
        first = attempt.start(arm={"freeze_at": [point]}, rhythm=rhythm)
        reached = attempt.await_freeze(first)
        waited = 0.0
        if reached:
            waited = taken_over(attempt, rhythm, early=early) - rhythm["lease"]
            first.tell(signal.SIGCONT)
        end(attempt, usual, 2)
        return attempt.result(point, reached=reached, waited=max(waited, 0.0))


def taken_over(attempt: Attempt, rhythm: dict[str, float], *, early: bool, **more: Any) -> float:
    """Seconds from the freeze until another worker settled something, or the run was over."""
    began = time.monotonic()
    settled = attempt.one("select count(*) from batches where status = 'done'")
    frozen = attempt.one("select max(worker) from batches")
    attempt.start(rhythm=rhythm, **more)
    waited = 0.0
    while time.monotonic() < began + 30:
        if rhythm["lease"] < SERVICE["lease"]:
            attempt.one(_END_IDLE, IDLE_LIMIT)
        over = attempt.over()
        if not waited and (
            over or attempt.one("select count(*) from batches where status = 'done'") > settled
        ):
            waited = time.monotonic() - began
        taken = "select count(*) from batches where status = 'working' and worker <> %s"
        if over or (early and attempt.one(taken, frozen or "")):
            break
        time.sleep(0.02)
    return waited or time.monotonic() - began
