"""Limited children that answer one question after another, for work that is too short for a child each.

A child of these has the program's side of `nightdesk.kit.answering`: a question and an answer are bytes, each
after its length in four bytes, the answer after one more byte that says whether the child goes on.
"""

import asyncio
import signal
import struct
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

from nightdesk.kit.deadlines import in_line
from nightdesk.kit.points import reach
from nightdesk.kit.processes import ChildLimits, end_all, exit_of, launch

_HEAD = struct.Struct(">I?")
_LENGTH = struct.Struct(">I")

LostBy = Literal["itself", "fault", "memory", "cpu", "time", "output"]

_LAST_WAIT = 5.0

OUT_OF_MEMORY = 70
"""The exit code with which a child says that its memory did not suffice."""


class ChildLost(Exception):
    """The child ended over this question; `by` says of what."""

    def __init__(self, by: LostBy) -> None:
        super().__init__(f"the child was lost ({by})")
        self.by = by


class StandingCrew:
    """At most `size` children of one program, started when they are needed and replaced when they end.

    `limits.seconds` is for one question. A question that ends its child takes no other with it: one that was
    asked of a child with questions behind it is asked again of a new one, unless its own time or output ran
    over. The children work at the root of the file system; let `limits.file_size` be 0.
    """

    def __init__(self, program: Sequence[str], limits: ChildLimits, *, size: int = 2) -> None:
        self._program = list(program)
        self._limits = limits
        self._turns = asyncio.Semaphore(size)
        self._free: list[_Standing] = []

    async def ask(self, question: bytes) -> bytes:
        """What a child answers. Raises ChildLost where none could."""
        with in_line():
            await self._turns.acquire()
        try:
            while True:
                child = await self._child()
                try:
                    return await self._answer(child, question)
                except ChildLost as lost:
                    if not child.answered or lost.by in ("cpu", "time", "output"):
                        raise
        finally:
            self._turns.release()

    async def close(self) -> None:
        """Ends the children that nobody asks just now."""
        while self._free:
            await self._free.pop().end()

    async def _child(self) -> "_Standing":
        while self._free:
            child = self._free.pop()
            if child.alive:
                return child
            await child.end()
        reach("child.standing.start")
        process = await launch(self._program, self._limits, Path("/"), overheard=False)
        reach("child.standing.started")
        return _Standing(process, self._limits)

    async def _answer(self, child: "_Standing", question: bytes) -> bytes:
        try:
            async with asyncio.timeout(self._limits.seconds):
                answer = await child.ask(question)
        except TimeoutError:
            raise ChildLost("time") from None
        finally:
            if child.goes_on:
                self._free.append(child)
            else:
                await child.end()
        return answer


class _Standing:
    """One child; after a question without an answer it goes on no more."""

    def __init__(self, process: asyncio.subprocess.Process, limits: ChildLimits) -> None:
        self._process = process
        self._limits = limits
        self.answered = 0
        self.goes_on = True

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def ask(self, question: bytes) -> bytes:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.goes_on = False
        reach("child.standing.ask")
        try:
            self._process.stdin.write(_LENGTH.pack(len(question)) + question)
            await self._process.stdin.drain()
            size, goes_on = _HEAD.unpack(await self._process.stdout.readexactly(_HEAD.size))
            if size > self._limits.output:
                raise ChildLost("output")
            answer = await self._process.stdout.readexactly(size)
        except (ConnectionError, asyncio.IncompleteReadError):
            raise ChildLost(await self._why()) from None
        reach("child.standing.answered")
        self.answered += 1
        self.goes_on = goes_on
        return answer

    async def end(self) -> None:
        await end_all(self._process)
        reach("child.standing.exit")

    async def _why(self) -> LostBy:
        # Its output ends a moment before it does, and how it ended is what is asked for.
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WAIT):
                await exit_of(self._process)
        code = self._process.returncode
        if code == -signal.SIGXCPU:
            return "cpu"
        if code == OUT_OF_MEMORY or (code is not None and code < 0):
            return "memory"
        return "fault" if code else "itself"
