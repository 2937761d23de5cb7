"""Sees that there are credits for videos before they are asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from nightdesk.desk.errors import InsufficientCredits
from nightdesk.desk.insights import Insights
from nightdesk.desk.items import site_of
from nightdesk.desk.runs import covers, with_margin
from nightdesk.desk.videos.reckoning import Reckoning
from nightdesk.desk.videos.standing import LINE
from nightdesk.desk.videos.wishes import VideoWish
from nightdesk.store import ledger
from nightdesk.store.session import Store

WHAT_TO_DO = "Grant more or ask for less. No video was asked for."


@dataclass(frozen=True)
class Order:
    """So many videos of a site, each as the wish has it, its variants among them."""

    site_id: int
    wish: VideoWish
    count: int = 1


@dataclass(frozen=True)
class Affording:
    """Reckons as runs do: what waits already at those sites is to be paid as well, with the same margin."""

    store: Store
    insights: Insights
    reckoning: Reckoning

    async def check(self, workspace_id: int, orders: Sequence[Order]) -> None:
        """Raises `InsufficientCredits` where not all of them are covered; `NotFound`, `Invalid`."""
        estimate = 0
        for order in orders:
            if order.count:
                reckoned = await self.reckoning.reckon(workspace_id, order.site_id, order.wish)
                estimate += reckoned.credits * order.count
        async with self.store.workspace(workspace_id) as session:
            for number in {order.site_id for order in orders if order.count}:
                site = await site_of(session, workspace_id, number)
                estimate += (await self.insights.estimated(session, site, LINE)).total
            left = (await ledger.balances(session, workspace_id)).wallet
        if not covers(left, estimate):
            raise InsufficientCredits(with_margin(estimate), left, WHAT_TO_DO)
