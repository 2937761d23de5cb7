"""Stands between a worker and a child: sets its limits, and ends its whole group when the worker dies.

Run by path as `python -I -S launch.py WORKER_PID LIMITS PROGRAM ARGUMENTS…` in a session of its own, so that
nothing has to happen between fork and exec in the worker, which may hold locks at that moment; hence the
standard library alone.
"""

import ctypes
import json
import os
import resource
import signal
import sys
import time
from contextlib import suppress

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
LONGEST_ENDING = 2.0
"""Seconds in which all below this process are ended."""

NOT_STARTED = 127
LINUX = sys.platform == "linux"


def end_group(*_: object) -> None:
    """Kills everybody who descends from this process or is of its group, this process too."""
    end_descendants()
    os.killpg(0, signal.SIGKILL)


def adopt() -> None:
    """Has Linux make whoever loses a parent below this process its own child, in whatever session that is."""
    if LINUX:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_descendants() -> None:
    """Kills the children, then those whom they leave behind, and so on; browsers detach some of theirs."""
    until = time.monotonic() + LONGEST_ENDING
    while time.monotonic() < until and (left := children()):
        for one in left:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.002)


def children() -> list[int]:
    """Those of this process, by their numbers; none where the system does not tell."""
    try:
        # The module pathlib would take longer to load than all of this.
        with open(f"/proc/self/task/{os.getpid()}/children") as told:  # noqa: PTH123
            return [int(number) for number in told.read().split()]
    except OSError:
        return []


def tie_to(parent: int, sent: signal.Signals) -> None:
    """Asks Linux for a signal when this process loses its parent (prctl(2)); other systems lack the call."""
    if LINUX:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, sent, 0, 0, 0)
    if os.getppid() != parent:
        # The parent ended before the call: nobody waits for this work any more.
        end_group()


def limit(limits: dict[str, int]) -> None:
    """Sets each named limit (`AS`, `CPU`, `FSIZE`, `NOFILE`, `CORE`); skips what the system lacks."""
    for name, wanted in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}", None)
        if kind is None:
            continue
        _, hard = resource.getrlimit(kind)
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        # A second more before the hard limit, so that a program that asks is told first (SIGXCPU).
        above = value + 1 if name == "CPU" and hard == resource.RLIM_INFINITY else value
        try:
            resource.setrlimit(kind, (value, above))
        except (ValueError, OSError):
            continue


def become(program: tuple[str, ...], limits: dict[str, int], launcher: int) -> None:
    """Turns the forked process into the program; comes back only if that cannot be."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    tie_to(launcher, signal.SIGKILL)
    limit(limits)
    try:
        os.execvp(program[0], program)  # noqa: S606
    except OSError as failure:
        os.write(2, f"{program[0]}: {failure.strerror}\n".encode())


def outlast(child: int, worker: int) -> int:
    """Waits for the child, and ends the group when the worker is gone; gives the child's wait status."""
    if LINUX:
        return os.waitpid(child, 0)[1]
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        if os.getppid() != worker:
            end_group()
        time.sleep(0.2)


def leave_as(status: int) -> None:
    """Ends this process the way that the child ended."""
    if os.WIFSIGNALED(status):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if os.WTERMSIG(status) != signal.SIGKILL:
            signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    os._exit(os.waitstatus_to_exitcode(status))


def main(worker: str, limits: str, *program: str) -> None:
    signal.signal(signal.SIGTERM, end_group)
    tie_to(int(worker), signal.SIGTERM)
    adopt()
    launcher = os.getpid()
    child = os.fork()
    if child == 0:
        become(program, json.loads(limits), launcher)
        os._exit(NOT_STARTED)
    # The streams are the child's alone, so that each closes when the child closes it.
    os.closerange(0, 3)
    status = outlast(child, int(worker))
    end_descendants()
    leave_as(status)


if __name__ == "__main__":
    main(*sys.argv[1:])
