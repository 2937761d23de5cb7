"""Works through feeds that are due, many at once: claims more whenever there is room."""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from nightdesk.desk.scraping import claims, fetching
from nightdesk.desk.scraping.claims import Claim
from nightdesk.desk.scraping.keeping import Keeper
from nightdesk.desk.scraping.outcomes import Done, Gather, Trouble
from nightdesk.kit.clock import Clock
from nightdesk.kit.http.fetch import Fetched, Fetcher
from nightdesk.kit.points import reach
from nightdesk.sources.feeds.politeness import Manners
from nightdesk.sources.feeds.reading import FeedReader
from nightdesk.store.session import Store

AT_ONCE = 256
"""Feeds that one round has in hand."""

ROOM = 24
"""Feeds that are claimed together, so that not each of them costs a look at all that is due."""

SAVES_AT_ONCE = 4
"""Transactions that one process has open to save feeds, whatever the number of its rounds."""

AWAY = (DBAPIError, PoolTimeout, OSError)

_log = logging.getLogger(__name__)

Source = Callable[[int, Collection[str]], Awaitable[list[Claim]]]
"""Claims at most so many feeds more, none of the hosts that are named."""


@dataclass(frozen=True)
class Means:
    """What rounds work with; the rounds of one process share them."""

    store: Store
    fetcher: Fetcher
    reader: FeedReader
    clock: Clock
    gather: Gather
    manners: Manners
    announce: Callable[[], None] = lambda: None
    saving: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(SAVES_AT_ONCE))


class Round:
    """One pass over what a source gives; `done` tells of each feed that was saved."""

    def __init__(self, means: Means, source: Source, most: int | None = None) -> None:
        """`most`: entries that are taken of a feed."""
        self.done: list[Done] = []
        self._means, self._source = means, source
        self._in_hand: dict[asyncio.Task[Done | None], str] = {}
        # Waiting for the first of many tasks would have each of them looked at for each that ends.
        self._ended: asyncio.Queue[asyncio.Task[Done | None]] = asyncio.Queue()
        self._keeper = Keeper(means.store, means.gather, means.clock, means.announce, means.saving, most)
        self._failed: BaseException | None = None

    async def run(self) -> None:
        """Works until nothing is due. What it had in hand when it is cancelled stays due.

        One feed that fails in a way nobody foresaw holds up no other; its error is raised in the end.
        """
        reach("scraping.round.begin")
        try:
            more = True
            while True:
                if more and (AT_ONCE - len(self._in_hand) >= ROOM or not self._in_hand):
                    more = await self._claim()
                if not self._in_hand:
                    break
                self._end(await self._ended.get())
                while not self._ended.empty():
                    self._end(self._ended.get_nowait())
        finally:
            for task in self._in_hand:
                task.cancel()
            await asyncio.gather(*self._in_hand, return_exceptions=True)
        if self._failed is not None:
            raise self._failed

    async def _claim(self) -> bool:
        """Takes more in hand; False where there is none to be had in this round."""
        hosts = Counter(self._in_hand.values())
        busy = [host for host, count in hosts.items() if count >= claims.OF_A_HOST]
        taken = await self._source(AT_ONCE - len(self._in_hand), busy)
        reach("scraping.feeds.claimed")
        for claim in taken:
            task = asyncio.create_task(self._one(claim))
            task.add_done_callback(self._ended.put_nowait)
            self._in_hand[task] = urlsplit(claim.feed.url).netloc
        return bool(taken or busy)

    def _end(self, task: "asyncio.Task[Done | None]") -> None:
        del self._in_hand[task]
        error = task.exception()
        if isinstance(error, AWAY):
            # Its claim runs out by itself, which is a pause before it is tried again.
            _log.warning("scraping.put_off", extra={"why": type(error).__name__})
        elif error is not None:
            self._failed = self._failed or error
        elif done := task.result():
            self.done.append(done)

    async def _one(self, claim: Claim) -> Done | None:
        taken = self._means.clock.monotonic()
        try:
            async with self._means.manners.at(urlsplit(claim.feed.url).netloc):
                if self._means.clock.monotonic() - taken > claims.RENEW:
                    async with self._means.store.workspace(claim.feed.workspace_id) as session:
                        renewed = await claims.renew(session, claim)
                    if renewed is None:
                        return None
                    claim = renewed
                answer = await self._fetched(claim)
            outcome = (
                answer
                if isinstance(answer, Trouble)
                else await fetching.read(self._means.reader, claim.feed, answer)
            )
            return await self._keeper.keep(claim, outcome)
        except asyncio.CancelledError:
            with contextlib.suppress(*AWAY):
                async with self._means.store.workspace(claim.feed.workspace_id) as session:
                    await claims.let_go(session, claim)
            raise

    async def _fetched(self, claim: Claim) -> Fetched | Trouble:
        means = self._means
        if not await means.manners.may_fetch(means.fetcher, claim.feed.url):
            return fetching.shut_out()
        return await fetching.fetch(means.fetcher, claim.feed)
