"""Works through publications that are due: many accounts at once, one publication of each."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from nightdesk.engine.outgoing import claims
from nightdesk.engine.outgoing.claims import AWAY, Taken
from nightdesk.engine.outgoing.sending import Sender
from nightdesk.kit.points import reach

AT_ONCE = 16
"""Publications that one process has in hand."""

LOOK_EVERY = 2.0
"""Seconds between two looks at what is due while something is in hand."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OutgoingMeans:
    """What sends, who takes (`owner`, of this process alone), and caps a day by platform."""

    sending: Sender
    owner: str
    caps: Mapping[str, int] = field(default_factory=dict)


class Outgoing:
    """Any number of processes may send: what one has in hand, no other takes."""

    def __init__(self, means: OutgoingMeans) -> None:
        self._means = means
        self._store = means.sending.settling.store
        self._clock = means.sending.settling.clock

    async def send_due(self) -> int:
        """Sends all that is due, and what becomes due meanwhile; returns how many were taken. A chore."""
        in_hand: set[asyncio.Task[None]] = set()
        count = 0
        try:
            while True:
                for taken in await self._more(len(in_hand)):
                    in_hand.add(asyncio.create_task(self._means.sending.send(taken)))
                    count += 1
                if not in_hand:
                    return count
                ended, in_hand = await asyncio.wait(
                    in_hand, timeout=LOOK_EVERY, return_when=asyncio.FIRST_COMPLETED
                )
                for task in ended:
                    self._end(task)
        finally:
            for task in in_hand:
                task.cancel()
            await asyncio.gather(*in_hand, return_exceptions=True)

    async def _more(self, in_hand: int) -> list[Taken]:
        """What is taken besides; a database that is away for a moment breaks off nothing that is in hand."""
        try:
            return await self._take(AT_ONCE - in_hand)
        except AWAY as error:
            if not in_hand:
                raise
            _log.warning("outgoing.not_looked", extra={"why": type(error).__name__})
            return []

    def _end(self, task: asyncio.Task[None]) -> None:
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, AWAY):
            # Its lease runs out by itself; what was being committed is looked up then.
            _log.warning("outgoing.put_off", extra={"why": type(error).__name__})
        elif error is not None:
            # The same holds for what nobody foresaw; it holds up no other publication.
            _log.error("outgoing.failed", exc_info=error)

    async def _take(self, room: int) -> list[Taken]:
        if room <= 0:
            return []
        now = self._clock.now()
        async with self._store.everywhere() as session:
            await claims.lapsed(session, now)
            found = await claims.due(session, now, room)
        taken: list[Taken] = []
        for workspace_id, number in found:
            async with self._store.workspace(workspace_id) as session:
                one = await claims.take(
                    session, workspace_id, number, self._means.owner, now, self._means.caps
                )
            if one is not None:
                reach("outgoing.taken")
                taken.append(one)
        return taken
