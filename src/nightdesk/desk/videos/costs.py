"""What a video cost, stage by stage, all that was made anew included."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from nightdesk.desk.costs import Cost, Share
from nightdesk.desk.videos.shelf import Shelf

_BY_STEP = text("""
    select b.stage, b.step, sum(cost.credits), sum(cost.usd)
    from item_costs cost
    join batches b on b.workspace_id = :workspace and b.id = cost.batch_id
    where cost.workspace_id = :workspace
      and (cost.item_kind = 'videos' and cost.item_id = :video
           or cost.item_kind = 'scenes' and cost.item_id in (
               select id from scenes where workspace_id = :workspace and video_id = :video))
    group by 1, 2 order by 1, 2
""")
_MAKERS = text("""
    select distinct call.kind, call.provider, call.model
    from item_costs cost
    join provider_calls call on call.workspace_id = :workspace and call.batch_id = cost.batch_id
    where cost.workspace_id = :workspace and call.ok
      and (cost.item_kind = 'videos' and cost.item_id = :video
           or cost.item_kind = 'scenes' and cost.item_id in (
               select id from scenes where workspace_id = :workspace and video_id = :video))
    order by 1, 2, 3
""")


@dataclass(frozen=True)
class VideoCosts:
    """Answers what videos cost; changes nothing."""

    shelf: Shelf

    async def of(self, workspace_id: int, number: int) -> Cost:
        """Its stages in their order. Scenes that were removed are not in it. Raises `NotFound`."""
        where = {"workspace": workspace_id, "video": number}
        async with self.shelf.store.workspace(workspace_id) as session:
            await self.shelf.find(session, workspace_id, number)
            shares = [
                Share(step, credits, usd) for _, step, credits, usd in await session.execute(_BY_STEP, where)
            ]
            makers = [(kind, maker, model) for kind, maker, model in await session.execute(_MAKERS, where)]
        return _summed(shares, makers)


def _summed(shares: Sequence[Share], makers: Sequence[tuple[str, str, str]]) -> Cost:
    return Cost(
        sum((share.credits for share in shares), Decimal(0)),
        sum((share.usd for share in shares), Decimal(0)),
        shares,
        makers,
    )
