"""Scrapes feeds: those that are due from time to time, and a site's or a workspace's when somebody asks."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update

from nightdesk.desk.items import site_of
from nightdesk.desk.scraping import claims
from nightdesk.desk.scraping.claims import Claim
from nightdesk.desk.scraping.outcomes import Done, Scraped
from nightdesk.desk.scraping.round import Means, Round
from nightdesk.desk.scraping.saving import UNKNOWN
from nightdesk.store import events
from nightdesk.store.events import Happening
from nightdesk.store.tables.feeds import Feed
from nightdesk.store.tables.tenancy import Site

PATIENCE = 60.0
"""Seconds that somebody waits for a scrape; what is not done by then stays due and goes on without them."""


@dataclass(frozen=True)
class Scraping:
    """Any number of processes may scrape: what one has in hand, no other takes."""

    means: Means

    async def scrape(
        self,
        workspace_id: int,
        site_id: int | None = None,
        *,
        force: bool = False,
        max_items: int | None = None,
        patience: float = PATIENCE,
    ) -> Scraped:
        """Fetches the feeds of a site, or of all of the workspace's sites, that are due.

        `force` makes all of them due and has them read anew, also those that did not change. `max_items`:
        entries that are taken of each. Raises `NotFound`.
        """
        scraped = Scraped(await self._begin(workspace_id, site_id, force))

        async def more(room: int, busy: Collection[str]) -> list[Claim]:
            async with self.means.store.workspace(workspace_id) as session:
                found = await claims.due(session, room, busy, workspace_id=workspace_id, site_id=site_id)
                return await claims.take(session, workspace_id, [number for _, number in found])

        round_ = Round(self.means, more, max_items)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await round_.run()
        for done in round_.done:
            scraped.count(done)
        await self._finish(round_.done)
        return scraped

    async def scrape_due(self) -> int:
        """Fetches all feeds that are due, of all workspaces in turn; returns how many. A chore."""
        round_ = Round(self.means, self._more_of_all)
        await round_.run()
        await self._finish(round_.done)
        return len(round_.done)

    async def _more_of_all(self, room: int, busy: Collection[str]) -> list[Claim]:
        async with self.means.store.everywhere() as session:
            found = await claims.due(session, room, busy)
        numbers: defaultdict[int, list[int]] = defaultdict(list)
        for workspace_id, number in found:
            numbers[workspace_id].append(number)
        taken: list[Claim] = []
        for workspace_id, of_it in numbers.items():
            async with self.means.store.workspace(workspace_id) as session:
                taken += await claims.take(session, workspace_id, of_it)
        return taken

    async def _begin(self, workspace_id: int, site_id: int | None, force: bool) -> int:
        """Makes the feeds due where that is asked for; returns how many there are that are fetched at all."""
        mine = [Feed.workspace_id == workspace_id, Feed.enabled]
        async with self.means.store.workspace(workspace_id) as session:
            if site_id is not None:
                await site_of(session, workspace_id, site_id)
                mine.append(Feed.site_id == site_id)
            if force:
                anew = update(Feed).where(*mine).values(due_at=func.now(), **UNKNOWN)
                await session.execute(anew.execution_options(synchronize_session=False))
            at_work = (Site.workspace_id == Feed.workspace_id) & (Site.id == Feed.site_id)
            query = select(func.count()).select_from(Feed).join(Site, at_work)
            return int(await session.scalar(query.where(*mine, Site.archived_at.is_(None))) or 0)

    async def _finish(self, done: Sequence[Done]) -> None:
        """Tells each site what came of all of its feeds."""
        of_sites: defaultdict[tuple[int, int], Scraped] = defaultdict(Scraped)
        for one in done:
            of_sites[one.workspace_id, one.site_id].count(one)
        for (workspace_id, site_id), scraped in of_sites.items():
            data = {
                "feeds": scraped.fetched,
                "new_topics": scraped.new_topics,
                "errors": len(scraped.errors),
            }
            async with self.means.store.workspace(workspace_id) as session:
                told = [Happening("scrape_finished", data=data)]
                now = self.means.clock.now()
                await events.write(session, workspace_id, told, at=now, site_id=site_id)
        if done:
            self.means.announce()
