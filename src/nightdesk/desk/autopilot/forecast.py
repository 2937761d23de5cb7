"""What the coming night is expected to take, before it runs: pieces times what one of them usually costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from nightdesk.desk.autopilot.ordering import Need, Ordering
from nightdesk.desk.autopilot.prices import Price
from nightdesk.desk.autopilot.reading import spent_on
from nightdesk.desk.insights import Insights
from nightdesk.desk.runs import covers, with_margin
from nightdesk.desk.sites import Sites
from nightdesk.store import ledger
from nightdesk.store.session import Store
from nightdesk.store.tables.automation import LineConfig
from nightdesk.store.tables.tenancy import Site

NIGHT = timedelta(hours=24)
"""How far ahead is looked."""

LINES = ("article", "video")


@dataclass(frozen=True)
class Part:
    """One thing that a night is expected to take; `basis` says what its price is reckoned from."""

    what: str
    count: int
    each: int
    credits: int
    basis: str


@dataclass(frozen=True)
class Forecast:
    """What a site's night would take; `left` is what there is for all sites, `spent` what today took.

    `budget` is the site's for a day, 0 where it has none.
    """

    site: Site
    until: datetime
    parts: Sequence[Part]
    left: int
    spent: int
    budget: int

    @property
    def credits(self) -> int:
        return sum(part.credits for part in self.parts)

    @property
    def needed(self) -> int:
        """What has to be left for all of it to be begun."""
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
        parts = [
            *await self._waiting(site, now),
            *[_new(need) for need in await self.ordering.needs(workspace_id, site.id) if need.affordable],
        ]
        async with self.store.workspace(workspace_id) as session:
            left = (await ledger.balances(session, workspace_id)).wallet
            spent = await spent_on(session, site, now)
        return Forecast(site, now + NIGHT, parts, left, spent, site.day_budget)

    async def tonight(self, workspace_id: int) -> list[Forecast]:
        """Of every site that would take something, the dearest first."""
        found = [await self.of(workspace_id, site.id) for site in await self._running(workspace_id)]
        return sorted((one for one in found if one.parts), key=lambda one: -one.credits)

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

    async def _waiting(self, site: Site, now: datetime) -> list[Part]:
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
            )
            for line, estimate in estimates.items()
            if estimate.total
        ]


def _new(need: Need) -> Part:
    price: Price = need.price
    many = need.kind if need.affordable == 1 else f"{need.kind}s"
    return Part(f"new {many}", need.affordable, price.credits, need.affordable * price.credits, price.basis)
