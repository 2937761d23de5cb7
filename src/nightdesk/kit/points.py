"""Marks every point at which a process could die, so that a sweep can count and visit them all.

In service a point costs one attribute look-up. A sweep arms the process through the environment:

- `NIGHTDESK_POINTS_LOG=FILE` appends the number and name of each point as it is reached;
- `NIGHTDESK_KILL_AT=N` ends the process with SIGKILL at the N-th point it reaches;
- `NIGHTDESK_FREEZE_AT=N` stops it there with SIGSTOP instead, until somebody sends SIGCONT.
"""

import itertools
import os
import signal
from collections.abc import Callable


def _armed() -> Callable[[str], None] | None:
    log = os.environ.get("NIGHTDESK_POINTS_LOG")
    kill_at = int(os.environ.get("NIGHTDESK_KILL_AT", "0"))
    freeze_at = int(os.environ.get("NIGHTDESK_FREEZE_AT", "0"))
    if not (log or kill_at or freeze_at):
        return None
    counter = itertools.count(1)
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644) if log else None

    def visit(name: str) -> None:
        number = next(counter)
        if out is not None:
            os.write(out, f"{number} {name}\n".encode())
        if number == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if number == freeze_at:
            os.kill(os.getpid(), signal.SIGSTOP)

    return visit


_visit = _armed()


def reach(name: str) -> None:
    """Says that the point called `name` (dotted, from coarse to fine) is reached."""
    if _visit is not None:
        _visit(name)
