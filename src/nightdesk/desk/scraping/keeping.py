"""Has what came of feeds saved, all of a workspace together that came while those before were saved."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from nightdesk.desk.scraping.claims import Claim
from nightdesk.desk.scraping.outcomes import Done, Gather, Outcome, Trouble
from nightdesk.desk.scraping.saving import save
from nightdesk.kit.clock import Clock
from nightdesk.kit.points import reach
from nightdesk.store.session import Store

MOST_ENTRIES = 600
"""Entries from which a transaction takes no further feed: it is to be over within a second or two."""

_Told = tuple[Claim, Outcome]


@dataclass
class Keeper:
    """Saves the outcomes of one round; `saving` bounds the transactions that its process has open for it."""

    store: Store
    gather: Gather
    clock: Clock
    announce: Callable[[], None]
    saving: asyncio.Semaphore
    most: int | None = None
    _waiting: defaultdict[int, dict[int, _Told]] = field(default_factory=lambda: defaultdict(dict))
    _turns: defaultdict[int, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    _kept: dict[tuple[int, int], Done] = field(default_factory=dict)
    _failed: set[tuple[int, int]] = field(default_factory=set)

    async def keep(self, claim: Claim, outcome: Outcome) -> Done | None:
        """Saves it, with what waits besides; None where the feed is not ours any more, and nothing was saved.

        What fails together is saved anew one by one, so that no feed suffers from another.
        """
        workspace_id, number = key = claim.feed.workspace_id, claim.feed.id
        waiting = self._waiting[workspace_id]
        waiting[number] = (claim, outcome)
        # Topics of one site are made one call after the other: who would have to wait for that in the
        # database would keep a connection meanwhile.
        async with self._turns[workspace_id], self.saving:
            if number in waiting:
                await self._together(_first(waiting))
            if key in self._failed:
                self._failed.discard(key)
                await self._save([(claim, outcome)])
        return self._kept.pop(key, None)

    async def _together(self, told: Sequence[_Told]) -> None:
        if len(told) == 1:
            await self._save(told)
            return
        saving = asyncio.create_task(self._save(told))
        try:
            await asyncio.wait({saving})
        finally:
            saving.cancel()
            await asyncio.gather(saving, return_exceptions=True)
        if saving.exception() is not None:
            self._failed |= {(claim.feed.workspace_id, claim.feed.id) for claim, _ in told}

    async def _save(self, told: Sequence[_Told]) -> None:
        reach("scraping.feeds.save")
        async with self.store.workspace(told[0][0].feed.workspace_id) as session:
            done = await save(session, told, self.gather, self.clock.now(), self.most)
        reach("scraping.feeds.saved")
        self._kept |= {(one.workspace_id, one.feed_id): one for one in done}
        self.announce()


def _first(waiting: dict[int, _Told]) -> list[_Told]:
    """Takes those that waited longest, as many as one transaction may hold."""
    taken: list[_Told] = []
    entries = 0
    while waiting and entries < MOST_ENTRIES:
        told = waiting.pop(next(iter(waiting)))
        taken.append(told)
        outcome = told[1]
        if not isinstance(outcome, Trouble) and outcome.read is not None:
            entries += len(outcome.read.entries)
    return taken
