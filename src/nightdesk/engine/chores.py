"""Does what the house has to do from time to time, each chore at its own pace, until told to stop.

A chore knows nothing of other processes that keep the same ones: it sees to it by itself that two of them do
not do one thing twice, by rows that it takes with `FOR UPDATE SKIP LOCKED`.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from psycopg import OperationalError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from nightdesk.kit import points

GRACE = 5.0
"""Seconds that a chore in hand has to come to its end by itself when the process is to stop."""

PUT_OFF = (DBAPIError, OperationalError, PoolTimeout, OSError)
"""What passes by itself: a database or a file that is away."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chore:
    """One thing to do again and again: `every` is the pause in seconds between two rounds.

    `run` does one round of what is due, in steps of its own small transactions. It may be cancelled between
    any two of them.
    """

    name: str
    every: float
    run: Callable[[], Awaitable[object]]


async def keep(chores: Sequence[Chore], stopping: asyncio.Event, *, grace: float = GRACE) -> None:
    """Does all the chores beside each other until told to stop; one that fails holds up no other."""
    await asyncio.gather(*(_repeat(chore, stopping, grace) for chore in chores))


async def _repeat(chore: Chore, stopping: asyncio.Event, grace: float) -> None:
    while not stopping.is_set():
        await _round(chore, stopping, grace)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), chore.every)


async def _round(chore: Chore, stopping: asyncio.Event, grace: float) -> None:
    points.reach("chores.round.begin")
    working: asyncio.Task[object] = asyncio.ensure_future(chore.run())
    asked = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({working, asked}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            await asyncio.wait({working}, timeout=grace)
    finally:
        asked.cancel()
        working.cancel()
        await asyncio.wait({working, asked})
    _tell(chore, working)
    points.reach("chores.round.end")


def _tell(chore: Chore, ended: asyncio.Task[object]) -> None:
    """Logs how a round failed: the next one begins anew, whatever it was."""
    error = None if ended.cancelled() else ended.exception()
    if isinstance(error, PUT_OFF):
        why = type(error.orig if isinstance(error, DBAPIError) else error).__name__
        _log.warning("chores.put_off", extra={"chore": chore.name, "why": why})
    elif error is not None:
        _log.error("chores.failed", extra={"chore": chore.name}, exc_info=error)
