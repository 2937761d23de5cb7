"""What a piece of a site usually costs: as its last ones did, else by the prices of its line's stages."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.costs import costs_of, costs_of_videos
from nightdesk.desk.providers import Providers
from nightdesk.desk.topics.planning import WORDS
from nightdesk.desk.videos.reckoning import Reckoning
from nightdesk.desk.videos.wishes import VideoWish
from nightdesk.lines.article.image_prompts import CREDITS, USUAL
from nightdesk.lines.article.writing.counts import WORDS_A_CREDIT
from nightdesk.store.session import Store
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content

LAST = 20
"""Pieces that an average is taken of."""

MADE = ("review", "approved", "sent_back", "rejected", "publishing", "published")


@dataclass(frozen=True)
class Price:
    """Credits for one piece, and what that is based on.

    `usd` is what providers took for one on average; None where nothing was made yet that would tell.
    """

    credits: int
    basis: str
    usd: Decimal | None = None

    def usd_of(self, credits: int) -> Decimal | None:
        """What so many credits of such pieces take in dollars, as the last pieces did."""
        return None if self.usd is None or not self.credits else self.usd * credits / self.credits


@dataclass(frozen=True)
class Prices:
    """Reckons; changes nothing."""

    store: Store
    providers: Providers
    reckoning: Reckoning

    async def of(self, site: Site, kind: str) -> Price:
        """The usual price of an `article` or a `video`."""
        async with self.store.workspace(site.workspace_id) as session:
            costs = await _last_costs(session, site, kind)
            if costs:
                credits, usd = (sum(each, Decimal(0)) / len(costs) for each in zip(*costs, strict=True))
                many = f"the last {len(costs)} {kind}s" if len(costs) > 1 else f"the last {kind}"
                return Price(
                    int(credits.to_integral_value(ROUND_CEILING)), f"what {many} took on average", usd
                )
            if kind == "article":
                return await self._article(session, site)
        parts = (await self.reckoning.reckon(site.workspace_id, site.id, VideoWish())).parts
        told = ", ".join(f"{part.stage.lower()} {part.credits}" for part in parts if part.credits)
        return Price(sum(part.credits for part in parts), f"the prices of its stages: {told}")

    async def _article(self, session: AsyncSession, site: Site) -> Price:
        words, pictures = -(-WORDS // WORDS_A_CREDIT), USUAL + 1
        drawn = pictures * await self.providers.price(session, site, "images")
        told = f"{WORDS} words {words}, image prompts {CREDITS}, {pictures} pictures {drawn}"
        return Price(words + CREDITS + drawn, f"the prices of its stages: {told}")


async def _last_costs(session: AsyncSession, site: Site, kind: str) -> list[tuple[Decimal, Decimal]]:
    """Credits and dollars of the last pieces that took any."""
    table: type[Content] | type[Video] = Content if kind == "article" else Video
    newest = (
        select(table.id)
        .where(table.workspace_id == site.workspace_id, table.site_id == site.id, table.status.in_(MADE))
        .order_by(table.id.desc())
        .limit(LAST)
    )
    numbers = list(await session.scalars(newest))
    of = costs_of if kind == "article" else costs_of_videos
    found = await of(session, site.workspace_id, numbers)
    return [(credits, usd) for credits, usd in found.values() if credits]
