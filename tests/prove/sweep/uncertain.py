"""Has commits end in uncertainty: it is not known whether they took hold."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from sqlalchemy import make_url
from sweep.attempt import OPENED, Attempt, Result, Slot, Undisturbed
from sweep.commit_proxy import CommitProxy, Fault
from sweep.ground import IDLE
from sweep.kills import end, whose_actions

PATIENCE = 0.8
"""Seconds after which a silent database is given up; 35 in service."""


@contextmanager
def between(attempt: Attempt, **facts: object) -> Iterator[tuple[CommitProxy, dict[str, object]]]:
    """A proxy for the attempt's processes, and the order that has them use it."""
    proxy = CommitProxy(attempt.folder, attempt.ground.postgres.socket_folder, **facts)  # type: ignore[arg-type]
    url = make_url(attempt.ground.postgres.url(attempt.database)).update_query_dict(
        {"host": str(attempt.folder)}
    )
    with proxy.running():
        yield proxy, {"database": url.render_as_string(hide_password=False), "patience": PATIENCE}


def commits_of_a_run(slot: Slot) -> tuple[int, int]:
    """How many explicit and implicit commits an undisturbed run makes."""
    with slot.attempt() as attempt, between(attempt) as (proxy, order):
        worker = attempt.start(**order)
        attempt.await_end()
        attempt.stop(worker)
        assert not attempt.violations, attempt.violations
        return proxy.explicit, proxy.implicit


def strike_commits(
    slot: Slot,
    usual: Undisturbed,
    fault: Fault,
    at: Collection[int],
    of: Literal["explicit", "implicit"] = "explicit",
    **facts: Any,
) -> Result:
    """The commits of these numbers end in the fault; the same worker goes on."""
    with (
        slot.attempt(**facts) as attempt,
        between(attempt, fault=fault, at=at, of=of) as (proxy, order),
    ):
        worker = attempt.start_until_it_works(**order)
        if attempt.await_end():
            if worker.ended():
                attempt.violations.append(f"the worker ended by itself, with {worker.wait(0)}")
            end(attempt, usual, proxy.struck)
        else:
            attempt.check_now()
        return attempt.result((fault, min(at)), of, reached=proxy.struck > 0, interrupts=proxy.struck)


def strike_person(slot: Slot, fault: Fault, at: int) -> Result:
    """A commit of somebody who starts and steers runs ends in the fault; they look and do it again."""
    with slot.attempt(IDLE) as attempt, between(attempt, fault=fault, at=[at]) as (proxy, order):
        whose = whose_actions(slot)
        first = attempt.start("person", **order, **whose)
        if first.wait(OPENED) is None:
            first.kill()
        attempt.check_now()
        if attempt.start("person", **whose).wait(20) != 0:
            attempt.violations.append("the person could not do it again")
        attempt.start()
        end(attempt, None, 1, completed=False)
        return attempt.result((fault, at), "who steers", reached=proxy.struck > 0)
