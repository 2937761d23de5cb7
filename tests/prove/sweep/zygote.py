"""Forks processes of the house that have imported everything; itself it has no loop, thread or connection.

Reads one order a line from its standard input, `{"role": …, …}`, and writes one line for each process that
starts (`{"pid": …}`) or ends (`{"pid": …, "status": …}`). Ends, with all of them, when its input is closed.
"""

import ctypes
import gc
import json
import os
import selectors
import signal
import socket
import sys
import traceback
from typing import Any

import sweep.warming
from sweep.roles import ROLES

PR_SET_PDEATHSIG = 1
"""prctl(2): has a process killed when the one that started it dies."""

PR_SET_CHILD_SUBREAPER = 36
"""prctl(2): has the children of those that die become ours, so that what outlives a worker can be counted."""


def say(document: dict[str, Any]) -> None:
    os.write(1, json.dumps(document).encode() + b"\n")


def fork(order: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        _become_ordinary(order["log"])
        ROLES[order["role"]](order)
        status = 0
    except BaseException:  # noqa: BLE001 - told in the log of the attempt, whatever it is
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _become_ordinary(log: str) -> None:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.closerange(3, 256)


def reap(alive: set[int]) -> None:
    """Takes in who has ended: those that were forked here, and what they left behind."""
    while True:
        try:
            found, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not found:
            return
        if found in alive:
            alive.discard(found)
            say({"pid": found, "status": os.waitstatus_to_exitcode(status)})


def main() -> None:
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    sweep.warming.warm()
    gc.collect()
    gc.freeze()
    woken, waker = socket.socketpair()
    woken.setblocking(False)
    waker.setblocking(False)
    signal.set_wakeup_fd(waker.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    selector = selectors.DefaultSelector()
    selector.register(0, selectors.EVENT_READ)
    selector.register(woken, selectors.EVENT_READ)
    say({"pid": os.getpid()})
    alive: set[int] = set()
    orders = b""
    while True:
        for key, _ in selector.select():
            if key.fileobj is woken:
                woken.recv(4096)
                reap(alive)
                continue
            read = os.read(0, 65536)
            if not read:
                for pid in alive:
                    os.kill(pid, signal.SIGKILL)
                return
            *whole, orders = (orders + read).split(b"\n")
            for line in whole:
                pid = fork(json.loads(line))
                alive.add(pid)
                say({"pid": pid})


if __name__ == "__main__":
    main()
