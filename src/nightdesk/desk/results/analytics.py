"""What was published and how it did, over a span of days: asked for once, told in many ways."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select, text

from nightdesk.desk.errors import Invalid
from nightdesk.desk.items import site_of
from nightdesk.desk.people import Actor
from nightdesk.desk.people.roles import require
from nightdesk.desk.results import figures
from nightdesk.desk.results.figures import DayResult, Ranked, Sums
from nightdesk.desk.results.published import Published, published
from nightdesk.desk.results.readings import LATE
from nightdesk.desk.results.usual import Compared, compared
from nightdesk.kit.clock import Clock
from nightdesk.store.session import Store
from nightdesk.store.tables.tenancy import Site

MOST_DAYS = 366
MOST_REFRESHED = 500
"""Publications that one request has read again, the newest."""

PAUSE = timedelta(minutes=15)
"""That lies between two readings that people ask for."""

KINDS = ("all", "video", "article")
Kind = Literal["all", "video", "article"]

_REFRESH = text("""
    with newest as (
        select p.workspace_id, p.id from publications p
        where p.workspace_id = :workspace and p.state = 'live' and p.remote_id <> ''
          and (cast(:site as bigint) is null or p.site_id = :site)
        order by p.live_at desc, p.id desc limit :most)
    insert into result_readings (workspace_id, publication_id, due_at)
    select workspace_id, id, :now from newest
    on conflict (workspace_id, publication_id) do update set due_at = :now
    where (result_readings.read_at is null or result_readings.read_at < :before)
      and (result_readings.due_at is null or result_readings.due_at > :now)
    returning 1
""")


@dataclass(frozen=True)
class Asked:
    """The last `days` up to today as days begin in `zone`, of one site or of all."""

    days: int = 28
    site_id: int | None = None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))


@dataclass(frozen=True)
class Insight:
    """What was published in a span, and before it as far as it gained something in it."""

    first: date
    last: date
    zone: ZoneInfo
    now: datetime
    rows: Sequence[Published]
    sites: Mapping[int, Site]

    @cached_property
    def within(self) -> list[Published]:
        """What went out in the span."""
        return [row for row in self.rows if row.live_at >= self.since]

    @property
    def since(self) -> datetime:
        return datetime.combine(self.first, time(), self.zone)

    @cached_property
    def compared(self) -> dict[int, Compared]:
        return compared(self.rows)

    @cached_property
    def sums(self) -> Sums:
        return figures.sums(self.within)

    @cached_property
    def days(self) -> list[DayResult]:
        return figures.days(self.rows, self.first, self.last, self.zone)

    def top(self, kind: Kind = "all", most: int = 10) -> list[Ranked]:
        """The pieces that reached most."""
        return figures.ranked(_of(self.within, kind), self.compared)[:most]

    def under(self, kind: Kind = "all", most: int = 10) -> list[Ranked]:
        """The pieces that did less than usual, the worst first."""
        return figures.under(_of(self.within, kind), self.compared, self.now)[:most]

    def by_platform(self) -> dict[str, Sums]:
        return figures.by(self.within, lambda row: row.platform)

    def by_site(self) -> dict[int, Sums]:
        return figures.by(self.within, lambda row: row.site_id)


@dataclass(frozen=True)
class Analytics:
    """Answers questions; `NotFound` where a site is not the workspace's, `Invalid` for a span too long."""

    store: Store
    clock: Clock

    async def look(self, workspace_id: int, asked: Asked) -> Insight:
        """All there is to tell of the span."""
        if not 1 <= asked.days <= MOST_DAYS:
            raise Invalid("days", f"From 1 to {MOST_DAYS} days.")
        now = self.clock.now()
        last = now.astimezone(asked.zone).date()
        first = last - timedelta(days=asked.days - 1)
        begin = datetime.combine(first, time(), asked.zone) - timedelta(hours=LATE)
        async with self.store.workspace(workspace_id) as session:
            if asked.site_id is not None:
                await site_of(session, workspace_id, asked.site_id)
            rows = await published(session, workspace_id, begin, now + timedelta(seconds=1), asked.site_id)
            sites = await session.scalars(select(Site).where(Site.workspace_id == workspace_id))
            return Insight(first, last, asked.zone, now, rows, {site.id: site for site in sites})

    async def refresh(self, by: Actor, site_id: int | None = None) -> int:
        """Has what is out read again at once; returns of how many. What was read just now is left.

        Raises `NotFound`, `NotAllowed`.
        """
        require(by, "editor")
        now = self.clock.now()
        facts = {"workspace": by.workspace_id, "site": site_id, "most": MOST_REFRESHED}
        async with self.store.workspace(by.workspace_id) as session:
            if site_id is not None:
                await site_of(session, by.workspace_id, site_id)
            done = await session.execute(_REFRESH, facts | {"now": now, "before": now - PAUSE})
            return len(done.all())


def _of(rows: Sequence[Published], kind: Kind) -> list[Published]:
    if kind == "all":
        return list(rows)
    return [row for row in rows if row.is_video == (kind == "video")]
