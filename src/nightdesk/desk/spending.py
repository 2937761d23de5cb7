"""What was spent when, where and on whom: by day, by site and by provider, in credits and in money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, text

from nightdesk.store.session import Store
from nightdesk.store.tables.tenancy import Site

LONGEST = 400
"""Days of one answer."""

# A day is told by its place among the instants at which the days begin, which is cheaper than its date.
_CREDITS_BY_DAY = text("""
    select width_bucket(at, cast(:starts as timestamptz[])),
           cast(sum(case kind when 'charge' then amount else -amount end) as bigint)
    from credit_transfers
    where workspace_id = :workspace and kind in ('charge', 'adjust') and at >= :since and at < :until
    group by 1
""")
_USD_BY_DAY = text("""
    select width_bucket(at, cast(:starts as timestamptz[])), sum(usd) from provider_calls
    where workspace_id = :workspace and at >= :since and at < :until
    group by 1
""")
# Each table is read once, and grouped by all that is asked for.
_CHARGED = text("""
    with moved as (
        select width_bucket(t.at, cast(:starts as timestamptz[])) as day, r.site_id as site,
               case t.kind when 'charge' then t.amount else -t.amount end as credits
        from credit_transfers t left join runs r on r.workspace_id = :workspace and r.id = t.run_id
        where t.workspace_id = :workspace and t.kind in ('charge', 'adjust')
          and t.at >= :since and t.at < :until)
    select grouping(day) = 0, day, site, cast(sum(credits) as bigint)
    from moved group by grouping sets ((day), (site))
""")
_CALLED = text("""
    with called as (
        select width_bucket(at, cast(:starts as timestamptz[])) as day, site_id as site,
               kind, provider, model, ok, seconds, usd, calls
        from provider_calls where workspace_id = :workspace and at >= :since and at < :until)
    select case when grouping(day) = 0 then 'day' when grouping(site) = 0 then 'site' else 'provider' end,
           day, site, coalesce(sum(usd), 0),
           kind, provider, model, cast(sum(calls) as bigint),
           cast(coalesce(sum(calls) filter (where not ok), 0) as bigint), sum(seconds),
           cast(coalesce(sum(calls) filter (where usd is null), 0) as bigint)
    from called group by grouping sets ((day), (site), (kind, provider, model))
""")
_WRITTEN = text("""
    select site_id, count(*) from contents
    where workspace_id = :workspace and created_at >= :since and created_at < :until
    group by 1
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
class Spent:
    """What a span took: every day of it; the sites and providers that took something, the dearest first."""

    days: Sequence[DaySpent]
    sites: Sequence[SiteSpent]
    providers: Sequence[ProviderSpent]


@dataclass(frozen=True)
class Spending:
    """Answers what a span of days took. Trials of providers are in the money: they are real calls."""

    store: Store

    async def by_day(self, workspace_id: int, span: Span) -> list[DaySpent]:
        """Every day of the span, those on which nothing was spent too; at most 400."""
        asked = _asked(workspace_id, span)
        async with self.store.workspace(workspace_id) as session:
            credits: dict[int, int] = dict((await session.execute(_CREDITS_BY_DAY, asked)).all())
            usd: dict[int, Decimal] = dict((await session.execute(_USD_BY_DAY, asked)).all())
        return _days(span, credits, usd)

    async def spent(self, workspace_id: int, span: Span) -> Spent:
        """By day, by site and by provider. A site with a piece written is there, even if it took nothing."""
        asked = _asked(workspace_id, span)
        async with self.store.workspace(workspace_id) as session:
            charged = (await session.execute(_CHARGED, asked)).all()
            called = (await session.execute(_CALLED, asked)).all()
            pieces: dict[int | None, int] = dict((await session.execute(_WRITTEN, asked)).all())
            credits = {site: n for by_day, _, site, n in charged if not by_day}
            usd = {row[2]: row[3] for row in called if row[0] == "site"}
            numbers = {*credits, *usd, *pieces}
            of_site = (Site.workspace_id == workspace_id, Site.id.in_(numbers - {None}))
            names = dict((await session.execute(select(Site.id, Site.name).where(*of_site))).all())
        sites = [
            SiteSpent(n, names.get(n, ""), credits.get(n, 0), usd.get(n, Decimal(0)), pieces.get(n, 0))
            for n in numbers
        ]
        providers = [
            ProviderSpent(kind, provider, model, calls, failed, seconds, paid, unpriced)
            for by, _, _, paid, kind, provider, model, calls, failed, seconds, unpriced in called
            if by == "provider"
        ]
        return Spent(
            _days(
                span,
                {day: n for by_day, day, _, n in charged if by_day},
                {row[1]: row[3] for row in called if row[0] == "day"},
            ),
            sorted(sites, key=lambda one: (-one.credits, -one.usd, one.site_id or 0)),
            sorted(providers, key=lambda one: (-one.usd, -one.calls, one.provider, one.model)),
        )


def _asked(workspace_id: int, span: Span) -> dict[str, Any]:
    starts = [datetime.combine(day, time.min, span.zone) for day in span.days()]
    return {"workspace": workspace_id, "since": span.since, "until": span.until, "starts": starts}


def _days(span: Span, credits: Mapping[int, int], usd: Mapping[int, Decimal]) -> list[DaySpent]:
    """`credits` and `usd` by the number of the day, of which the first is 1."""
    return [
        DaySpent(day, credits.get(number, 0), usd.get(number) or Decimal(0))
        for number, day in enumerate(span.days(), start=1)
    ]
