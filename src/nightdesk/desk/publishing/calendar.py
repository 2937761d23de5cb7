"""The calendar: what goes out on which day, what is held, and where a site lacks pieces for its day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit.clock import Clock
from nightdesk.publishers import KINDS
from nightdesk.store.session import Store
from nightdesk.store.tables.publishing import Account, AccountSite, Publication
from nightdesk.store.tables.tenancy import Site

MOST_SLOTS = 1000
"""Publications of one view of the calendar."""

MOST_DAYS = 31
FILLS = ("queued", "preparing", "committing", "ambiguous", "held", "live")
"""States of what counts as a piece of its day."""

_Slots = Select[Publication, str, str, datetime]

# What was moved by a daily cap goes out when it is due; the slot it was planned for is past.
_AT = case(
    (
        (Publication.state == "queued") & (Publication.moved != ""),
        func.greatest(Publication.due_at, Publication.planned_at),
    ),
    else_=Publication.planned_at,
)


@dataclass(frozen=True)
class Slot:
    """A publication in its place: when it goes or went out, and to which account."""

    publication: Publication
    account: str
    platform: str
    at: datetime


@dataclass(frozen=True)
class Lacking:
    """A site in auto mode that has so many articles and videos fewer for a day than it is to put out."""

    site_id: int
    name: str
    slug: str
    articles: int
    videos: int


@dataclass(frozen=True)
class DayPlan:
    """One day: its slots by their time, and what is missing of it."""

    day: date
    slots: Sequence[Slot]
    lacking: Sequence[Lacking]


@dataclass(frozen=True)
class Span:
    """So many days from `first` on, as days begin in `zone`."""

    first: date
    days: int
    zone: ZoneInfo

    @property
    def dates(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range(min(self.days, MOST_DAYS))]

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The moment it begins, and the one before which it ends."""
        after = self.first + timedelta(days=len(self.dates))
        return _midnight(self.first, self.zone), _midnight(after, self.zone)


@dataclass(frozen=True)
class Calendar:
    """Reads publications by their slots."""

    store: Store
    clock: Clock

    async def plan(self, workspace_id: int, span: Span, site_id: int | None = None) -> list[DayPlan]:
        """Every day of the span, in order; what was cancelled is left out. Days gone by lack nothing."""
        start, end = span.bounds
        query = _slots(workspace_id, site_id).where(start <= _AT, end > _AT, Publication.state != "cancelled")
        sites = select(Site).where(
            Site.workspace_id == workspace_id, Site.auto_mode, Site.archived_at.is_(None)
        )
        if site_id is not None:
            sites = sites.where(Site.id == site_id)
        async with self.store.workspace(workspace_id) as session:
            rows = await session.execute(query.order_by(_AT, Publication.id).limit(MOST_SLOTS))
            slots = [Slot(*row) for row in rows]
            auto = list(await session.scalars(sites.order_by(Site.name)))
            takes = await _taken(session, workspace_id) if auto else {}
        by_day: dict[date, list[Slot]] = {day: [] for day in span.dates}
        for slot in slots:
            by_day[slot.at.astimezone(span.zone).date()].append(slot)
        today = self.clock.now().astimezone(span.zone).date()
        return [
            DayPlan(day, found, _lacking(auto, takes, found) if day >= today else [])
            for day, found in by_day.items()
        ]

    async def held(self, workspace_id: int, most: int) -> tuple[list[Slot], int]:
        """What waits for a person, the oldest first, and how many there are in all."""
        query = _slots(workspace_id, None).where(Publication.state == "held")
        return await self._some(workspace_id, query.order_by(Publication.id), most)

    async def refused(self, workspace_id: int, most: int) -> tuple[list[Slot], int]:
        """What its account did not take, the newest first, and how many there are in all."""
        query = _slots(workspace_id, None).where(
            Publication.state == "rejected", Account.removed_at.is_(None)
        )
        return await self._some(workspace_id, query.order_by(Publication.id.desc()), most)

    async def _some(self, workspace_id: int, query: _Slots, most: int) -> tuple[list[Slot], int]:
        """The first of them, and how many there are, by one question: pages ask this of everybody."""
        async with self.store.workspace(workspace_id) as session:
            rows = (await session.execute(query.add_columns(func.count().over()).limit(most))).all()
        return [Slot(*row[:4]) for row in rows], rows[0][4] if rows else 0

    async def next_out(self, workspace_id: int, most: int) -> list[Slot]:
        """What goes out next."""
        query = _slots(workspace_id, None).where(Publication.state.in_(("queued", "preparing", "committing")))
        async with self.store.workspace(workspace_id) as session:
            return [
                Slot(row[0], row[1], row[2], row[3])
                for row in await session.execute(query.order_by(_AT, Publication.id).limit(most))
            ]


def _slots(workspace_id: int, site_id: int | None) -> _Slots:
    of_it = (Account.workspace_id == Publication.workspace_id) & (Account.id == Publication.account_id)
    query = select(Publication, Account.name, Account.platform, _AT).join(Account, of_it)
    query = query.where(Publication.workspace_id == workspace_id)
    return query if site_id is None else query.where(Publication.site_id == site_id)


async def _taken(session: AsyncSession, workspace_id: int) -> dict[int, set[str]]:
    """The kinds of pieces that each site's accounts in auto mode take; a site without any is left out."""
    of_it = (Account.workspace_id == AccountSite.workspace_id) & (Account.id == AccountSite.account_id)
    query = (
        select(AccountSite.site_id, Account.platform)
        .join(Account, of_it)
        .where(AccountSite.workspace_id == workspace_id, AccountSite.by_itself, Account.removed_at.is_(None))
    )
    found: dict[int, set[str]] = {}
    for site_id, platform in await session.execute(query):
        found.setdefault(site_id, set()).update(KINDS[platform].takes)
    return found


def _lacking(
    auto: Sequence[Site], takes: Mapping[int, Collection[str]], slots: Sequence[Slot]
) -> list[Lacking]:
    """What no account of a site takes is not made by itself, so it is not lacking either."""
    rows = [slot.publication for slot in slots if slot.publication.state in FILLS]
    found = []
    for site in auto:
        there = [row for row in rows if row.site_id == site.id]
        short = {
            "article": site.posts_a_day - len({row.content_id for row in there} - {None}),
            "video": site.videos_a_day - len({row.video_id for row in there} - {None}),
        }
        lacks = {kind: max(n, 0) if kind in takes.get(site.id, short) else 0 for kind, n in short.items()}
        if any(lacks.values()):
            found.append(Lacking(site.id, site.name, site.slug, lacks["article"], lacks["video"]))
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
