"""What was spent when, where and on whom: by day, by site and by provider, in credits and in money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from nightdesk.store.session import Store

LONGEST = 400
"""Days of one answer."""

_CREDITS_BY_DAY = text("""
    select cast(at at time zone :zone as date),
           cast(sum(case kind when 'charge' then amount else -amount end) as bigint)
    from credit_transfers
    where workspace_id = :workspace and kind in ('charge', 'adjust') and at >= :since and at < :until
    group by 1
""")
_USD_BY_DAY = text("""
    select cast(at at time zone :zone as date), sum(usd) from provider_calls
    where workspace_id = :workspace and at >= :since and at < :until
    group by 1
""")
_BY_SITE = text("""
    with charged as (
        select r.site_id,
               cast(sum(case t.kind when 'charge' then t.amount else -t.amount end) as bigint) as credits
        from credit_transfers t left join runs r on r.workspace_id = :workspace and r.id = t.run_id
        where t.workspace_id = :workspace and t.kind in ('charge', 'adjust')
          and t.at >= :since and t.at < :until
        group by 1),
    called as (
        select site_id, sum(usd) as usd from provider_calls
        where workspace_id = :workspace and at >= :since and at < :until
        group by 1),
    written as (
        select site_id, count(*) as pieces from contents
        where workspace_id = :workspace and created_at >= :since and created_at < :until
        group by 1),
    found as (
        select site_id from charged union select site_id from called union select site_id from written)
    select s.id, s.name, coalesce(charged.credits, 0), coalesce(called.usd, 0), coalesce(written.pieces, 0)
    from found
    left join charged on charged.site_id is not distinct from found.site_id
    left join called on called.site_id is not distinct from found.site_id
    left join written on written.site_id is not distinct from found.site_id
    left join sites s on s.workspace_id = :workspace and s.id = found.site_id
    order by 3 desc, 4 desc, 1
""")
_BY_PROVIDER = text("""
    select kind, provider, model, count(*), count(*) filter (where not ok), sum(seconds),
           coalesce(sum(usd), 0), count(*) filter (where usd is null)
    from provider_calls
    where workspace_id = :workspace and at >= :since and at < :until
    group by 1, 2, 3 order by 7 desc, 4 desc, 1, 2, 3
""")


@dataclass(frozen=True)
class Span:
    """Whole days of a zone, from `first` to `last`, both of them in it."""

    first: date
    last: date
    zone: ZoneInfo

    @classmethod
    def month(cls, day: date, zone: ZoneInfo) -> "Span":
        """The month of that day."""
        following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        return cls(day.replace(day=1), following - timedelta(days=1), zone)

    @property
    def since(self) -> datetime:
        return datetime.combine(self.first, time.min, self.zone)

    @property
    def until(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time.min, self.zone)

    def days(self) -> list[date]:
        count = min((self.last - self.first).days + 1, LONGEST)
        return [self.first + timedelta(days=n) for n in range(count)]


@dataclass(frozen=True)
class DaySpent:
    """What one day took."""

    day: date
    credits: int
    usd: Decimal


@dataclass(frozen=True)
class SiteSpent:
    """What a site took and how many pieces were written for it; `site_id` None: of no site (any more)."""

    site_id: int | None
    name: str
    credits: int
    usd: Decimal
    pieces: int


@dataclass(frozen=True)
class ProviderSpent:
    """What a provider's model was asked for and took; of `unpriced` calls the price is not known."""

    kind: str
    provider: str
    model: str
    calls: int
    failed: int
    seconds: float
    usd: Decimal
    unpriced: int


@dataclass(frozen=True)
class Spending:
    """Answers what a span of days took. Trials of providers are in the money: they are real calls."""

    store: Store

    async def by_day(self, workspace_id: int, span: Span) -> list[DaySpent]:
        """Every day of the span, those on which nothing was spent too; at most 400."""
        credits = dict(await self._rows(workspace_id, _CREDITS_BY_DAY, span, zone=span.zone.key))
        usd = dict(await self._rows(workspace_id, _USD_BY_DAY, span, zone=span.zone.key))
        return [DaySpent(day, credits.get(day, 0), usd.get(day) or Decimal(0)) for day in span.days()]

    async def by_site(self, workspace_id: int, span: Span) -> list[SiteSpent]:
        """The sites that took something or had a piece written, the dearest first."""
        rows = await self._rows(workspace_id, _BY_SITE, span)
        return [SiteSpent(number, name or "", *rest) for number, name, *rest in rows]

    async def by_provider(self, workspace_id: int, span: Span) -> list[ProviderSpent]:
        """The providers' models that were called, the dearest first."""
        return [ProviderSpent(*row) for row in await self._rows(workspace_id, _BY_PROVIDER, span)]

    async def _rows(self, workspace_id: int, query: Any, span: Span, **more: str) -> Sequence[Any]:
        asked = {"workspace": workspace_id, "since": span.since, "until": span.until, **more}
        async with self.store.workspace(workspace_id) as session:
            return (await session.execute(query, asked)).all()
