"""Keeps the topics of sites that run by themselves above their floor, without a page being open."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import text

from nightdesk.desk.errors import DeskError
from nightdesk.desk.topics.trending import Trending
from nightdesk.kit import points
from nightdesk.kit.clock import Clock
from nightdesk.store.session import Store
from nightdesk.store.tables.feeds import Topic

PAUSE = timedelta(minutes=9)
"""Between two looks at a site; the chore comes every ten minutes, in as many processes as there are."""

AT_ONCE = 20
LEFT_ALONE = timedelta(minutes=30)
"""After a feed was fetched, in which it is not made due again."""

PROPOSED = 10
BETWEEN_PROPOSALS = timedelta(hours=6)

_LOW = text("""
    update sites set stocked_at = :now
    where (workspace_id, id) in (
        select s.workspace_id, s.id from sites s
        where s.archived_at is null and s.removed_at is null
          and (s.stocked_at is null or s.stocked_at < :before)
          and (s.auto_mode or exists (
              select from line_configs c
              where c.workspace_id = s.workspace_id and c.site_id = s.id and c.is_enabled))
          and s.floor > (
              select count(*) from (
                  select from topics t
                  where t.workspace_id = s.workspace_id and t.site_id = s.id and t.status = 'new'
                  limit s.floor) as counted)
        order by s.stocked_at nulls first limit :most
        for update of s skip locked)
    returning workspace_id, id
""")
_DUE = text("""
    update feeds set due_at = :now
    where workspace_id = :workspace and site_id = :site and enabled and failures = 0 and due_at > :now
      and (fetched_at is null or fetched_at < :before)
    returning id
""")
_MISSING = text("""
    select s.floor - (select count(*) from topics t
                      where t.workspace_id = s.workspace_id and t.site_id = s.id and t.status = 'new')
    from sites s where s.workspace_id = :workspace and s.id = :site
""")
_ASKED = text("""
    select exists (
        select from provider_calls
        where workspace_id = :workspace and site_id = :site and note like 'topics%' and at > :before)
""")

_log = logging.getLogger(__name__)


class Stock(Protocol):
    """What fills a site's topics up."""

    async def rescore(self, workspace_id: int, site_id: int) -> int: ...

    async def trending(self, workspace_id: int, site_id: int) -> Trending: ...

    async def suggest(self, workspace_id: int, site_id: int, count: int) -> list[Topic]: ...


@dataclass(frozen=True)
class Stocking:
    """One round of looking after all sites."""

    store: Store
    clock: Clock
    stock: Stock

    async def keep_stocked(self) -> int:
        """Looks after the sites whose topics are below their floor; returns how many there were.

        First their feeds are made due and trends are looked at; only where no feed is left to wait for, the
        model is asked, at most every six hours. Any number of processes may do this at once.
        """
        now = self.clock.now()
        async with self.store.everywhere() as session:
            facts = {"now": now, "before": now - PAUSE, "most": AT_ONCE}
            low = [(row[0], row[1]) for row in await session.execute(_LOW, facts)]
        points.reach("topics.stocking.claimed")
        for workspace_id, site_id in low:
            try:
                await self._fill(workspace_id, site_id, now)
            except DeskError as error:
                _log.info("topics.not_stocked", extra={"site": site_id, "why": str(error)})
        return len(low)

    async def _fill(self, workspace_id: int, site_id: int, now: datetime) -> None:
        facts: dict[str, Any] = {"workspace": workspace_id, "site": site_id, "now": now}
        async with self.store.workspace(workspace_id) as session:
            fed = (await session.execute(_DUE, facts | {"before": now - LEFT_ALONE})).all()
        await self.stock.trending(workspace_id, site_id)
        await self.stock.rescore(workspace_id, site_id)
        async with self.store.workspace(workspace_id) as session:
            missing = await session.scalar(_MISSING, facts) or 0
            asked = await session.scalar(_ASKED, facts | {"before": now - BETWEEN_PROPOSALS})
        if missing > 0 and not fed and not asked:
            await self.stock.suggest(workspace_id, site_id, min(missing, PROPOSED))
