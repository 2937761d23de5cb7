"""Kills a worker while a child of its works, and looks whether anybody of the child's is left."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from sweep.attempt import Attempt, Result
from sweep.films import GIVEN_UP, FilmSlot
from sweep.forks import Forked, processes

from chromium import CHROMIUM

Child = tuple[str, str]
"""What its command line holds, and the place at which the worker stands still while it works."""

OPENED = 30.0
TRIES = 4
_LATER = 0.25
_RESTLESS = b"<html><body><script>setInterval(() => document.body.append('more '), 20)</script></body></html>"


def below(pid: int) -> list[tuple[int, str]]:
    """All that descend from a process and are alive."""
    of, found = dict[int, list[tuple[int, str]]](), list[tuple[int, str]]()
    for number, parent, state, command in processes():
        if state not in "ZX":
            of.setdefault(parent, []).append((number, command))
    ahead = [pid]
    while ahead:
        mine = of.get(ahead.pop(), [])
        found += mine
        ahead += [number for number, _ in mine]
    return found


def kill_beside(slot: FilmSlot, child: Child) -> Result:
    """SIGKILL of a worker that stands at the place, while the child that it has just started is alive.

    On a crowded machine a child may be done before anybody looks: then it is tried again.
    """
    for _ in range(TRIES):
        result = _killed_beside(slot, child)
        if result.reached or result.violations:
            break
    return result


def _killed_beside(slot: FilmSlot, child: Child) -> Result:
    what, place = child
    with slot.attempt() as attempt:
        worker = slot.start(attempt, arm={"freeze_at": [place]})
        reached = attempt.await_freeze(worker, GIVEN_UP)
        beside = [one for one in below(worker.pid) if what in one[1]] if reached else []
        _kill(slot, attempt, worker, beside)
        return attempt.result(f"{what} at {place}", reached=bool(beside))


@contextmanager
def restless_page() -> Iterator[str]:
    """The host and port of a page that is never done."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(_RESTLESS)))
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(_RESTLESS)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def kill_browsing(slot: FilmSlot, page: str, number: int) -> Result:
    """SIGKILL of a process whose browser is drawing a page, a little later each time."""
    with slot.attempt() as attempt:
        url = f"http://{page}/"
        worker = slot.start(attempt, "browser", browser=str(CHROMIUM), url=url, allow=page)
        until, beside = time.monotonic() + OPENED, list[tuple[int, str]]()
        while not beside and time.monotonic() < until and not worker.ended():
            time.sleep(0.02)
            beside = [one for one in below(worker.pid) if "--type=" in one[1]]
        time.sleep(number * _LATER)
        _kill(slot, attempt, worker, below(worker.pid) if beside else [])
        return attempt.result(f"chromium {number}", reached=bool(beside))


def _kill(slot: FilmSlot, attempt: Attempt, worker: Forked, beside: list[tuple[int, str]]) -> None:
    """Whoever was beside the worker must be gone 3 s after it, whoever it has become the child of."""
    worker.tell(signal.SIGKILL)
    worker.wait(5)
    until = time.monotonic() + 3.0
    while (left := _alive(beside)) and time.monotonic() < until:
        time.sleep(0.05)
    left += [] if left else slot.slot.zygote.await_no_orphans(0.0)
    if left:
        attempt.violations.append(f"left 3 s after the worker: {left}")


def _alive(known: list[tuple[int, str]]) -> list[str]:
    now = {number: command for number, _, state, command in processes() if state not in "ZX"}
    return [command[:200] for number, command in known if now.get(number) == command]
