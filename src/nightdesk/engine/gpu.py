"""Gives what a host has only one of, its GPU, to one owner at a time.

The owner is whoever has locked a file (flock(2)) in a folder of this host. The system gives the lock back the
moment that its process is no more, even if it was killed, so a dead owner holds up nobody; a lock in the
database would last until the server noticed that its connection was gone, and would know nothing of hosts.
The file tells who the owner is, for people only.

A process keeps what it owns as long as others of it wait with the same model, and a moment longer, since the
next batch is often about to come: all waiting clips are made while the model is loaded. Then it lets go of
the model's memory, and of the lock. After `LONGEST` seconds others get a turn in any case.
"""

import asyncio
import fcntl
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import IO

from nightdesk.kit.clock import Clock
from nightdesk.kit.deadlines import in_line
from nightdesk.kit.endings import Later
from nightdesk.kit.points import reach
from nightdesk.stage import Use

LINGER = 3.0
LONGEST = 1200.0
MOST_WAIT = 3600.0
LOOK_EVERY = 0.2
"""Seconds."""


class OneOwner:
    """One scarce thing of this host. `file` is the same for all processes of the host that share it."""

    def __init__(
        self,
        file: Path,
        clock: Clock,
        *,
        linger: float = LINGER,
        longest: float = LONGEST,
        most_wait: float = MOST_WAIT,
    ) -> None:
        self._file, self._clock = file, clock
        self._linger, self._longest, self._most_wait = linger, longest, most_wait
        self._queue: list[tuple[Use, asyncio.Future[None]]] = []
        self._busy = False
        self._lock: IO[str] | None = None
        self._loaded: Use | None = None
        self._since = 0.0
        self._lingering: asyncio.Task[None] | None = None
        self._closing = False

    @asynccontextmanager
    async def turn(self, use: Use) -> AsyncIterator[None]:
        """Within it, nobody else of this host has it; the wait counts in no deadline of `kit.deadlines`.

        Raises `Later`, naming the owner, after an hour in line.
        """
        with in_line():
            await self._enter(use)
        try:
            yield
        finally:
            self._leave()

    async def aclose(self) -> None:
        """Lets go at once of what nobody uses."""
        self._closing = True
        if self._lingering is not None:
            self._lingering.cancel()
            with suppress(asyncio.CancelledError):
                await self._lingering
        if not self._busy:
            await self._let_go()
        self._closing = False

    async def _enter(self, use: Use) -> None:
        place = (use, asyncio.get_running_loop().create_future())
        self._queue.append(place)
        self._grant()
        try:
            await place[1]
        except asyncio.CancelledError:
            if place in self._queue:
                self._queue.remove(place)
            else:
                self._leave()
            raise
        owned = False
        try:
            await self._own(use)
            owned = True
        finally:
            if not owned:
                self._leave()

    def _grant(self) -> None:
        """Lets the next one in, if nobody is; where nobody waits, what is loaded stays a moment longer."""
        if self._busy:
            return
        self._queue = [place for place in self._queue if not place[1].done()]
        if self._queue:
            place = self._next()
            self._queue.remove(place)
            self._busy = True
            place[1].set_result(None)
        elif self._lock is not None and self._lingering is None and not self._closing:
            self._lingering = asyncio.create_task(self._let_go_soon(), name="letting go of the GPU")

    def _next(self) -> tuple[Use, asyncio.Future[None]]:
        loaded = self._loaded
        alike = [place for place in self._queue if loaded is not None and place[0].key == loaded.key]
        return alike[0] if alike and not self._overdue() else self._queue[0]

    def _leave(self) -> None:
        self._busy = False
        self._grant()

    def _overdue(self) -> bool:
        return self._loaded is not None and self._clock.monotonic() - self._since > self._longest

    async def _own(self, use: Use) -> None:
        if self._loaded is not None and (self._loaded.key != use.key or self._overdue()):
            await self._let_go()
            await self._clock.sleep(2 * LOOK_EVERY)
        if self._loaded is None:
            await self._locked(use)
            await use.before()
            self._loaded, self._since = use, self._clock.monotonic()

    async def _let_go_soon(self) -> None:
        try:
            await self._clock.sleep(self._linger)
            if self._busy or self._queue:
                return
            self._busy = True
            try:
                await self._let_go()
            finally:
                self._busy = False
        finally:
            self._lingering = None
            self._grant()

    async def _let_go(self) -> None:
        loaded, self._loaded = self._loaded, None
        try:
            if loaded is not None:
                await loaded.after()
        finally:
            lock, self._lock = self._lock, None
            if lock is not None:
                lock.close()
                reach("gpu.lock.released")

    async def _locked(self, use: Use) -> None:
        """Locks the file as soon as nobody has it. Raises `Later` when that takes too long."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        until = self._clock.monotonic() + self._most_wait
        reach("gpu.lock.wait")
        while not self._try():
            if self._clock.monotonic() > until:
                raise Later(f"another process of this host has its GPU: {self._owner()}")
            await self._clock.sleep(LOOK_EVERY)
        assert self._lock is not None
        self._lock.truncate(0)
        self._lock.write(json.dumps({"process": os.getpid(), "for": use.key}))
        self._lock.flush()
        reach("gpu.lock.taken")

    def _try(self) -> bool:
        if self._lock is not None:
            return True
        file = self._file.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._lock = file
        return True

    def _owner(self) -> str:
        with suppress(OSError):
            return self._file.read_text(encoding="utf-8")[:200]
        return "unknown"
