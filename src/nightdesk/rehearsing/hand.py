"""Does the work of a rehearsed desk, in this process or in one that may be killed."""

import asyncio
import contextlib
import multiprocessing
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nightdesk.bootstrap import House, open_house
from nightdesk.engine.chores import Chore, keep
from nightdesk.engine.worker import Rhythm
from nightdesk.rehearsing.clock import Board, JumpingClock
from nightdesk.settings import Settings

EVERY = 0.02
"""Seconds between two rounds."""

RHYTHM = Rhythm(lease=3.0, poll=0.3, beat=0.5, grace=1.0, at_once=8)
"""A worker's: a killed one's batches are taken up again after three seconds of real time."""


async def work(house: House, board: Board, stopping: asyncio.Event) -> None:
    """Works until told to stop: the lines, the schedules, the autopilot, what goes out."""
    worker = house.worker(rhythm=RHYTHM)
    timetable = house.timetable()

    async def once() -> None:
        await timetable.look(house.clock.now())
        await house.autopilot.round()
        await house.desk.videos.starting.run_waiting()
        await house.outgoing.send_due()
        board.round_done()

    working = asyncio.create_task(worker.run())
    try:
        await keep([Chore("rehearsal.round", EVERY, once)], stopping)
    finally:
        worker.stop()
        await working


def _live(settings: Settings, board: str) -> None:
    """A process of its own."""

    async def lived() -> None:
        stopping = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
        shared = Board(Path(board))
        async with open_house(settings, clock=JumpingClock(shared)) as house:
            await work(house, shared, stopping)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(lived())


@dataclass
class Hands:
    """Processes that do the work, one at a time; each killed one is followed by another."""

    settings: Settings
    board: Path
    kills: int = 0
    _context: Any = field(default_factory=lambda: multiprocessing.get_context("forkserver"))
    _process: Any = None

    @contextmanager
    def at_work(self) -> Iterator["Hands"]:
        """They work while the block runs."""
        self._context.set_forkserver_preload(["nightdesk.rehearsing.hand"])
        self._start()
        try:
            yield self
        finally:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            self._process.join(20)
            self._process.kill()
            self._process.join()

    def kill(self) -> None:
        """SIGKILL; another one follows."""
        self._process.kill()
        self._process.join()
        self.kills += 1
        self._start()

    def see_that_one_works(self) -> None:
        """Starts one where the last one ended by itself."""
        if not self._process.is_alive():
            self._start()

    def _start(self) -> None:
        self._process = self._context.Process(target=_live, args=(self.settings, str(self.board)))
        self._process.start()
