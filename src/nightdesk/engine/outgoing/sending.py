"""Sends one publication that was taken: prepares, writes down that it commits, commits; or looks it up."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from nightdesk.engine.outgoing.claims import AWAY, LEASE, NotOurs, Taken, ours, renew, step
from nightdesk.engine.outgoing.settling import MOST_TRIES, Settling
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.points import reach
from nightdesk.publisher import Found, Piece, Publisher, Repeats, Token, Unclear, Unknown

PREPARE_SECONDS = 1800.0
COMMIT_SECONDS = 1800.0
LOOK_SECONDS = 120.0
"""What each step may take at most; adapters have shorter limits of their own for each call."""

Opening = Callable[[Taken], Awaitable[Publisher]]
"""Opens the publisher of its account. Raises `NeedsPerson`."""

Composing = Callable[[Taken], Awaitable[Piece]]
"""Lays the piece out as it was approved. Raises `Refused` where it is not that any more, `Later`."""


@dataclass(frozen=True)
class Story:
    """Writes down the steps of one taking, each in a transaction; raises `NotOurs` where it is over.

    A process that was frozen and has lost its lease learns so at the step before it would send something.
    """

    settling: Settling
    taken: Taken

    async def step(self, what: str, says: str, **data: Any) -> None:
        row, settling = self.taken.publication, self.settling
        async with settling.store.workspace(row.workspace_id) as session:
            await ours(session, self.taken)
            session.add(step(row.workspace_id, row.id, settling.clock.now(), what, says, **data))

    async def token(self, token: Token) -> None:
        settling = self.settling
        reach("outgoing.token.before")
        async with settling.store.workspace(self.taken.publication.workspace_id) as session:
            row = await ours(session, self.taken)
            row.token = dict(token)
            session.add(step(row.workspace_id, row.id, settling.clock.now(), "token", "Kept before its use."))
        reach("outgoing.token.after")


@dataclass(frozen=True)
class Sender:
    """Sends; `opening` and `composing` are the desk's. `beat`: seconds between two signs of life, a third of
    the lease where it is not said."""

    settling: Settling
    opening: Opening
    composing: Composing
    beat: float | None = None

    async def send(self, taken: Taken) -> None:
        """Does what is next for it, and writes down what came of it.

        Whatever it is broken off by, once it has said that it commits the lease runs out, and the platform is
        asked before anything else.
        """
        with contextlib.suppress(NotOurs):
            if taken.publication.tries >= MOST_TRIES:
                return await self.settling.given_up(taken)
            async with self._alive(taken):
                await (self._look_up(taken) if taken.looking else self._go_out(taken))

    async def _go_out(self, taken: Taken) -> None:
        story = Story(self.settling, taken)
        try:
            async with asyncio.timeout(PREPARE_SECONDS):
                piece, publisher = await self._opened(taken)
        except TimeoutError:
            return await self.settling.unsent(taken, Later("It could not be made ready in time."))
        except (Later, Refused, NeedsPerson) as ending:
            return await self.settling.unsent(taken, ending)
        async with contextlib.aclosing(publisher):
            try:
                async with asyncio.timeout(PREPARE_SECONDS):
                    token = await publisher.prepare(piece, taken.token, story)
            except TimeoutError:
                return await self.settling.unsent(taken, Later("It could not be made ready in time."))
            except (Later, Refused, NeedsPerson) as ending:
                return await self.settling.unsent(taken, ending)
            reach("outgoing.prepared")
            if await self.settling.committing(taken, token):
                await self._commit(taken, publisher, piece, token, story)

    async def _opened(self, taken: Taken) -> tuple[Piece, Publisher]:
        piece = await self.composing(taken)
        publisher = await self.opening(taken)
        if faults := publisher.faults(piece):
            await publisher.aclose()
            raise Refused(" ".join(faults))
        return piece, publisher

    async def _commit(
        self, taken: Taken, publisher: Publisher, piece: Piece, token: Token | None, story: Story
    ) -> None:
        try:
            async with asyncio.timeout(COMMIT_SECONDS):
                found = await publisher.commit(piece, token, story)
        except TimeoutError:
            await self.settling.unclear(taken, Unclear("The platform did not answer in time."))
        except Unclear as ending:
            await self.settling.unclear(taken, ending)
        except (Later, Refused, NeedsPerson) as ending:
            await self.settling.unsent(taken, ending)
        else:
            reach("outgoing.committed")
            await self.settling.found(taken, found, publisher.repeats)

    async def _look_up(self, taken: Taken) -> None:
        story = Story(self.settling, taken)
        found: Found = Unknown("The platform did not answer in time.")
        repeats: Repeats = "blind"
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                try:
                    piece, publisher = await self.composing(taken), await self.opening(taken)
                except (Later, Refused, NeedsPerson) as ending:
                    found = Unknown(ending.why)
                else:
                    async with contextlib.aclosing(publisher):
                        repeats = publisher.repeats
                        found = await publisher.look_up(piece, taken.token, story)
        reach("outgoing.looked_up")
        await self.settling.found(taken, found, repeats)

    @asynccontextmanager
    async def _alive(self, taken: Taken) -> AsyncIterator[None]:
        """Renews the lease within the block, which is broken off with `NotOurs` when it is another's, or must
        be by now since it could not be renewed."""
        working = asyncio.current_task()
        lost = False

        async def beat() -> None:
            nonlocal lost
            await self._beaten(taken)
            lost = True
            if working is not None:
                working.cancel()

        beating = asyncio.create_task(beat())
        try:
            yield
        except asyncio.CancelledError:
            if lost and working is not None and working.uncancel() == 0:
                raise NotOurs from None
            raise
        finally:
            beating.cancel()
            await asyncio.wait({beating})

    async def _beaten(self, taken: Taken) -> None:
        """Renews the lease again and again; returns once it is lost."""
        time = asyncio.get_running_loop().time
        beat = LEASE / 3 if self.beat is None else self.beat
        kept, pause = time(), beat
        while True:
            await asyncio.sleep(pause)
            asked, pause = time(), beat
            try:
                async with (
                    asyncio.timeout(LEASE / 3),
                    self.settling.store.workspace(taken.publication.workspace_id) as session,
                ):
                    await renew(session, taken)
            except NotOurs:
                return
            except AWAY:
                if asked - kept >= LEASE:
                    return
                pause = beat / 4
            else:
                kept = asked
