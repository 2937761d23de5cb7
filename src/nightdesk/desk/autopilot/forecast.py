"""What the coming night is expected to take, before it runs: pieces times what one of them usually costs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.autopilot.ordering import Need, Ordering
from nightdesk.desk.autopilot.prices import Price
from nightdesk.desk.autopilot.reading import in_hand, material, spent_on, unused_topics
from nightdesk.desk.insights import Insights
from nightdesk.desk.runs import covers, with_margin
from nightdesk.desk.sites import Sites
from nightdesk.store import ledger
from nightdesk.store.session import Store
from nightdesk.store.tables.automation import LineConfig
from nightdesk.store.tables.autopilot import Pilot
from nightdesk.store.tables.tenancy import Site

NIGHT = timedelta(hours=24)
"""How far ahead is looked."""

LINES = ("article", "video")


@dataclass(frozen=True)
class Part:
    """One thing that a night is expected to take; `basis` says what its price is reckoned from.

    `usd` is what providers take for it if it is as the last pieces; None where there are none to go by.
    """

    what: str
    count: int
    each: int
    credits: int
    basis: str
    usd: Decimal | None = None


@dataclass(frozen=True)
class Forecast:
    """What a site's night would take; `left` is what there is for all sites, `spent` what today took.

    `budget` is the site's for a day, 0 where it has none. `in_hand` is what is set aside already for what is
    being made, and no part of the rest. `lacks` says what keeps it from being made.
    """

    site: Site
    until: datetime
    parts: Sequence[Part]
    left: int
    spent: int
    budget: int
    in_hand: int = 0
    lacks: Sequence[str] = ()

    @property
    def credits(self) -> int:
        return sum(part.credits for part in self.parts)

    @property
    def usd(self) -> Decimal | None:
        """Of the parts of which that is known; None where it is of none."""
        return added(part.usd for part in self.parts)

    @property
    def needed(self) -> int:
        """What has to be left for all of it to be begun."""
        return with_margin(self.credits)

    @property
    def enough(self) -> bool:
        return covers(self.left, self.credits)


@dataclass(frozen=True)
class Tonight:
    """What the sites of a workspace would take together, the dearest first."""

    sites: Sequence[Forecast]
    left: int

    @property
    def credits(self) -> int:
        return sum(one.credits for one in self.sites)

    @property
    def usd(self) -> Decimal | None:
        return added(one.usd for one in self.sites)

    @property
    def in_hand(self) -> int:
        return sum(one.in_hand for one in self.sites)

    @property
    def needed(self) -> int:
        return with_margin(self.credits)

    @property
    def enough(self) -> bool:
        return covers(self.left, self.credits)


@dataclass(frozen=True)
class Forecasting:
    """Reckons; changes nothing."""

    store: Store
    sites: Sites
    insights: Insights
    ordering: Ordering

    async def of(self, workspace_id: int, key: int | str) -> Forecast:
        """Of one site: what waits already and would be taken up, and what auto mode would order.

        Raises `NotFound`.
        """
        site = await self.sites.get(workspace_id, key)
        now = self.ordering.clock.now()
        needs = await self.ordering.needs(workspace_id, site.id)
        parts = [
            *await self._waiting(site, now, {need.kind: need.price for need in needs}),
            *[_new(need) for need in needs if need.affordable],
        ]
        async with self.store.workspace(workspace_id) as session:
            left = (await ledger.balances(session, workspace_id)).wallet
            spent = await spent_on(session, site, now)
            held = await in_hand(session, site)
            pilot = await session.get(Pilot, (workspace_id, site.id)) if site.auto_mode else None
            found = Forecast(site, now + NIGHT, parts, left, spent, site.day_budget, held)
            topics = await self._lacking_topics(session, site, needs)
        waits = f"Auto mode orders nothing while it waits: {pilot.says}" if pilot and pilot.reason else ""
        return replace(found, lacks=[one for one in (waits, *_lacking_money(found, needs), topics) if one])

    async def _lacking_topics(self, session: AsyncSession, site: Site, needs: Sequence[Need]) -> str:
        """What is said of pieces that there is nothing to make about yet."""
        wanted, there = sum(need.affordable for need in needs), await unused_topics(session, site)
        line = self.insights.automation.line("article")
        if there >= wanted or await material(session, site, line):
            return ""
        pieces = f"{wanted} {_many('piece', wanted)}"
        return f"Unused topics: {there}, for {pieces}. Feeds or people have to bring more."

    async def tonight(self, workspace_id: int) -> Tonight:
        """Of every site that would take something, or lacks something that it would."""
        found = [await self.of(workspace_id, site.id) for site in await self._running(workspace_id)]
        told = sorted(
            (one for one in found if one.parts or one.lacks or one.in_hand), key=lambda one: -one.credits
        )
        async with self.store.workspace(workspace_id) as session:
            return Tonight(told, (await ledger.balances(session, workspace_id)).wallet)

    async def _running(self, workspace_id: int) -> list[Site]:
        """The sites that run by themselves: in auto mode, or with a schedule that is due by then."""
        until = self.ordering.clock.now() + NIGHT
        scheduled = select(LineConfig.site_id).where(
            LineConfig.workspace_id == workspace_id, LineConfig.is_enabled, LineConfig.next_run_at <= until
        )
        query = select(Site).where(
            Site.workspace_id == workspace_id,
            Site.archived_at.is_(None),
            Site.auto_mode | Site.id.in_(scheduled),
        )
        async with self.store.workspace(workspace_id) as session:
            return list(await session.scalars(query.order_by(Site.id)))

    async def _waiting(self, site: Site, now: datetime, prices: Mapping[str, Price]) -> list[Part]:
        """What waits at the stages of a line that would run by then, by the prices of those stages."""
        of_site = (LineConfig.workspace_id == site.workspace_id, LineConfig.site_id == site.id)
        async with self.store.workspace(site.workspace_id) as session:
            due = (LineConfig.is_enabled, LineConfig.next_run_at <= now + NIGHT)
            query = select(LineConfig.line).where(*of_site, *due).group_by(LineConfig.line)
            lines = set(await session.scalars(query))
            if site.auto_mode:
                lines |= set(LINES)
            estimates = {
                line: (await self.insights.estimated(session, site, line)) for line in LINES if line in lines
            }
        return [
            Part(
                f"what waits at the {line} line",
                sum(int(stage["pending"]) for stage in estimate.stages if stage["estimated_credits"]),
                0,
                estimate.total,
                "the prices of the stages that it waits for; what they make of it is not guessed at",
                (prices.get(line) or await self.ordering.prices.of(site, line)).usd_of(estimate.total),
            )
            for line, estimate in estimates.items()
            if estimate.total
        ]


def _new(need: Need) -> Part:
    price, many = need.price, _many(need.kind, need.affordable)
    credits = need.affordable * price.credits
    return Part(f"new {many}", need.affordable, price.credits, credits, price.basis, price.usd_of(credits))


def _lacking_money(found: Forecast, needs: Sequence[Need]) -> list[str]:
    """What the calendar wants and money does not allow, in sentences."""
    told = [
        f"The calendar wants {need.pieces} {_many(need.kind, need.pieces)} more; budgets and credits allow "
        f"{need.affordable or 'none'} of them."
        for need in needs
        if need.affordable < need.pieces
    ]
    if not found.enough:
        told.append(f"All of it wants {found.needed:,} credits to be begun, and {found.left:,} are left.")
    return told


def _many(kind: str, count: int) -> str:
    return kind if count == 1 else f"{kind}s"


def added(sums: Iterable[Decimal | None]) -> Decimal | None:
    """Those that are known; None where none is."""
    known = [one for one in sums if one is not None]
    return sum(known, Decimal(0)) if known else None
