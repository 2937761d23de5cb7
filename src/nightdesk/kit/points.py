"""Marks every point at which a process could die, so that a sweep can count and visit them all.

In service a point costs one look-up. A sweep arms the process through the environment, or by `arm` in a
process that it forked. PLACE is the number of a point since then (`57`), or its name and how often that was
reached (`settle.written#3`), which stays the same when the order of the others changes:

- `NIGHTDESK_POINTS_LOG=FILE` appends the number and name of each point as it is reached;
- `NIGHTDESK_KILL_AT=PLACE` ends the process with SIGKILL there;
- `NIGHTDESK_FREEZE_AT=PLACE,PLACE` stops it there with SIGSTOP instead, until somebody sends SIGCONT.
"""

import itertools
import os
import signal
from collections import Counter
from collections.abc import Callable, Collection


def _counting(kill_at: str, freeze_at: frozenset[str], log: str | None) -> Callable[[str], None] | None:
    if not (kill_at or freeze_at or log):
        return None
    counter = itertools.count(1)
    reached: Counter[str] = Counter()
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644) if log else None

    def visit(name: str) -> None:
        reached[name] += 1
        places = (str(next(counter)), f"{name}#{reached[name]}")
        if out is not None:
            os.write(out, f"{places[0]} {name}\n".encode())
        if kill_at in places:
            os.kill(os.getpid(), signal.SIGKILL)
        if not freeze_at.isdisjoint(places):
            os.kill(os.getpid(), signal.SIGSTOP)

    return visit


def _by_environment() -> Callable[[str], None] | None:
    freeze_at = os.environ.get("NIGHTDESK_FREEZE_AT", "").split(",")
    return _counting(
        os.environ.get("NIGHTDESK_KILL_AT", ""),
        frozenset(place for place in freeze_at if place),
        os.environ.get("NIGHTDESK_POINTS_LOG"),
    )


_visit = _by_environment()


def arm(*, kill_at: str = "", freeze_at: Collection[str] = (), log: str | None = None) -> None:
    """Arms this process anew, counting from here; without arguments it disarms it."""
    global _visit
    _visit = _counting(kill_at, frozenset(freeze_at), log)


def reach(name: str) -> None:
    """Says that the point called `name` (dotted, from coarse to fine) is reached."""
    if _visit is not None:
        _visit(name)
