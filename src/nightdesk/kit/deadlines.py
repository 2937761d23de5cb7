"""Deadlines that stand still while the work waits for its turn."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from types import TracebackType

_running: ContextVar["Deadline | None"] = ContextVar("deadline", default=None)


class Deadline:
    """`async with Deadline(60): ...` raises `TimeoutError` after a minute that was not spent `in_line`.

    A deadline within another stands still together with it.
    """

    def __init__(self, seconds: float) -> None:
        self._timeout = asyncio.timeout(seconds)
        self._left = seconds
        self._in_line = 0

    async def __aenter__(self) -> None:
        await self._timeout.__aenter__()
        self._outer = _running.get()
        self._token: Token[Deadline | None] = _running.set(self)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _running.reset(self._token)
        await self._timeout.__aexit__(kind, error, trace)

    def hold(self) -> None:
        """Stands still until as many have gone on as have been held."""
        until = self._timeout.when()
        if not self._in_line and until is not None and not self._timeout.expired():
            self._left = until - asyncio.get_running_loop().time()
            self._timeout.reschedule(None)
        self._in_line += 1
        if self._outer is not None:
            self._outer.hold()

    def go_on(self) -> None:
        self._in_line -= 1
        if not self._in_line and not self._timeout.expired():
            self._timeout.reschedule(asyncio.get_running_loop().time() + self._left)
        if self._outer is not None:
            self._outer.go_on()


@contextmanager
def in_line() -> Iterator[None]:
    """Around a wait for one's turn: the deadline that this runs under, if any, stands still meanwhile."""
    deadline = _running.get()
    if deadline is None:
        yield
        return
    deadline.hold()
    try:
        yield
    finally:
        deadline.go_on()
