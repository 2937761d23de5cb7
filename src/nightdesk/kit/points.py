"""Marks every point at which a process could die, so that a sweep can count and visit them all.

In service a point costs one look-up. A sweep arms the process through the environment, or by `arm` in a
process that it forked:

- `NIGHTDESK_POINTS_LOG=FILE` appends the number and name of each point as it is reached;
- `NIGHTDESK_KILL_AT=N` ends the process with SIGKILL at the N-th point it reaches;
- `NIGHTDESK_FREEZE_AT=N,M` stops it there with SIGSTOP instead, until somebody sends SIGCONT.
"""

import itertools
import os
import signal
from collections.abc import Callable, Collection


def _counting(kill_at: int, freeze_at: Collection[int], log: str | None) -> Callable[[str], None] | None:
    if not (kill_at or freeze_at or log):
        return None
    counter = itertools.count(1)
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644) if log else None

    def visit(name: str) -> None:
        number = next(counter)
        if out is not None:
            os.write(out, f"{number} {name}\n".encode())
        if number == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if number in freeze_at:
            os.kill(os.getpid(), signal.SIGSTOP)

    return visit


def _by_environment() -> Callable[[str], None] | None:
    freeze_at = os.environ.get("NIGHTDESK_FREEZE_AT", "")
    return _counting(
        int(os.environ.get("NIGHTDESK_KILL_AT", "0")),
        {int(number) for number in freeze_at.split(",") if number.strip("0 ")},
        os.environ.get("NIGHTDESK_POINTS_LOG"),
    )


_visit = _by_environment()


def arm(*, kill_at: int = 0, freeze_at: Collection[int] = (), log: str | None = None) -> None:
    """Arms this process anew, counting from here; without arguments it disarms it."""
    global _visit
    _visit = _counting(kill_at, freeze_at, log)


def reach(name: str) -> None:
    """Says that the point called `name` (dotted, from coarse to fine) is reached."""
    if _visit is not None:
        _visit(name)
