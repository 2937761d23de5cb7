"""Does the work of a rehearsed desk, in this process or in one that may be killed."""

import asyncio
import contextlib
import multiprocessing
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from nightdesk.bootstrap import House, open_house
from nightdesk.engine.chores import PUT_OFF, Chore
from nightdesk.engine.worker import Rhythm
from nightdesk.kit.endings import Later
from nightdesk.rehearsing.clock import Board, JumpingClock
from nightdesk.settings import Settings

LOOK = 0.01
"""Seconds between two looks whether a round is asked for."""

AGAIN = 0.3
"""Seconds until a round is begun anew that the database did not let come to its end."""

BEAT = 2.0
"""Seconds between two signs of life."""

RHYTHM = Rhythm(poll=0.3, at_once=8)
QUICK = Rhythm(lease=3.0, poll=0.3, beat=0.5, grace=1.0, at_once=8)
"""A worker's: that of one that may be killed has its batches taken up again after three real seconds."""

MOST_ENDED = 3
"""Processes that may end by themselves before the rehearsal is given up."""

OUTSIDE = ("feeds.scrape", "topics.stock")
"""Chores that read pages of others, which a rehearsal leaves alone."""

EACH_ROUND = ("autopilot.round", "videos.run", "publications.send")
"""Chores that see by themselves what is due; the others come as often as the rehearsal's time says."""


@dataclass
class Rounds:
    """Does what the desk does from time to time, when it is asked to, by the rehearsal's time.

    `pause` is what passes between two looks at a site that runs by itself.
    """

    house: House
    board: Board
    pause: timedelta
    _due: dict[str, datetime] = field(default_factory=dict)

    async def keep(self, stopping: asyncio.Event) -> None:
        """Does each round that is asked for until told to stop.

        A database that is away is waited for; whatever else a chore raises ends it.
        """
        timetable = self.house.timetable()
        beating = asyncio.create_task(self._beat(timetable.name))
        try:
            while not stopping.is_set():
                asked = self.board.asked
                if asked == self.board.done:
                    await asyncio.sleep(LOOK)
                    continue
                try:
                    await timetable.look(self.house.clock.now())
                    for chore in self._chores():
                        await chore.run()
                except PUT_OFF:
                    await asyncio.sleep(AGAIN)
                else:
                    self.board.done = asked
        finally:
            beating.cancel()

    async def _beat(self, name: str) -> None:
        """Shows that somebody looks at the schedules, as a timetable does that runs by itself."""
        while True:
            with contextlib.suppress(*PUT_OFF):
                await self.house.upkeep.beat(name, "timetable", [])
            await asyncio.sleep(BEAT)

    def _chores(self) -> Iterator[Chore]:
        """Those whose time it is: first what plans and books, then what sends, then all else."""
        by_name = {chore.name: chore for chore in self.house.chores if chore.name not in OUTSIDE}
        pilot = replace(self.house.autopilot, pause=self.pause)
        by_name["autopilot.round"] = replace(by_name["autopilot.round"], run=pilot.round)
        yield from (by_name.pop(name) for name in EACH_ROUND)
        for chore in by_name.values():
            now = self.house.clock.now()
            if self._due.get(chore.name, now) <= now:
                self._due[chore.name] = now + timedelta(seconds=chore.every)
                yield chore


async def work(
    house: House, board: Board, stopping: asyncio.Event, pause: timedelta, rhythm: Rhythm = RHYTHM
) -> None:
    """Works until told to stop: the lines, the schedules, the autopilot, what goes out, what is tidied up."""
    worker = house.worker(rhythm=rhythm)
    working = asyncio.create_task(worker.run())
    try:
        await Rounds(house, board, pause).keep(stopping)
    finally:
        worker.stop()
        await working


def _live(settings: Settings, board: str, pause: timedelta) -> None:
    """A process of its own."""

    async def lived() -> None:
        stopping = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
        shared = Board(Path(board))
        async with open_house(settings, clock=JumpingClock(shared)) as house:
            await work(house, shared, stopping, pause, QUICK)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(lived())


@dataclass
class OwnHands:
    """This process does the work itself."""

    house: House
    board: Board
    pause: timedelta
    kills: int = 0
    ended: int = 0
    _working: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator["OwnHands"]:
        """It works while the block runs."""
        stopping = asyncio.Event()
        self._working = asyncio.create_task(work(self.house, self.board, stopping, self.pause))
        try:
            yield self
        finally:
            stopping.set()
            await asyncio.wait({self._working})
            self.see_that_one_works()

    def see_that_one_works(self) -> None:
        """Raises whatever ended the work."""
        if self._working is not None and self._working.done():
            self._working.result()


@dataclass
class Hands:
    """Processes that do the work, one at a time; each killed one is followed by another.

    `ended` counts those that ended without being killed, which none should.
    """

    settings: Settings
    board: Path
    pause: timedelta
    kills: int = 0
    ended: int = 0
    _context: Any = field(default_factory=lambda: multiprocessing.get_context("forkserver"))
    _process: Any = None

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator["Hands"]:
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
        """Starts one where the last one ended by itself. Raises `Later` where that goes on and on."""
        if not self._process.is_alive():
            self.ended += 1
            if self.ended > MOST_ENDED:
                raise Later(
                    f"The process that does the work ended by itself {self.ended} times; the messages above "
                    "say why."
                )
            self._start()

    def _start(self) -> None:
        facts = (self.settings, str(self.board), self.pause)
        self._process = self._context.Process(target=_live, args=facts)
        with _without_main():
            self._process.start()


@contextmanager
def _without_main() -> Iterator[None]:
    """A child begins with the script that its parent was started by, which would begin a rehearsal anew."""
    main, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
