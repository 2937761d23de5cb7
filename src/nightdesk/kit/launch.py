"""The first thing a child runs: it ties itself to its parent, sets its limits, then becomes the program.

Run by path as `python -I -S launch.py PARENT_PID LIMITS PROGRAM ARGUMENTS…`, so that nothing has to happen
between fork and exec in the parent, which may hold locks at that moment; hence the standard library alone.
"""

import ctypes
import json
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
NOT_STARTED = 127


def tie_to_parent(parent: int) -> None:
    """Asks Linux to kill this process when its parent ends (prctl(2)); other systems lack the call."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            # The parent ended before the call: nobody waits for this work any more.
            os.kill(os.getpid(), signal.SIGKILL)


def limit(limits: dict[str, int]) -> None:
    """Sets each named limit (`AS`, `CPU`, `FSIZE`, `NOFILE`, `CORE`); skips what the system lacks."""
    for name, value in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}", None)
        if kind is None:
            continue
        _, hard = resource.getrlimit(kind)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # A second more before the hard limit, so that a program that asks is told first (SIGXCPU).
        above = value + 1 if name == "CPU" and hard == resource.RLIM_INFINITY else value
        try:
            resource.setrlimit(kind, (value, above))
        except (ValueError, OSError):
            continue


def main(parent: str, limits: str, *program: str) -> None:
    tie_to_parent(int(parent))
    limit(json.loads(limits))
    try:
        os.execvp(program[0], program)  # noqa: S606
    except OSError as failure:
        sys.stderr.write(f"{program[0]}: {failure.strerror}\n")
        sys.exit(NOT_STARTED)


if __name__ == "__main__":
    main(*sys.argv[1:])
