"""Keeps a cluster's volume the sum of its keywords'."""

from collections.abc import Iterable

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.store.tables.planner import Cluster, Keyword


async def add_up(session: AsyncSession, workspace_id: int, clusters: Iterable[int | None]) -> None:
    """Adds up anew the volumes of those clusters; the keywords' changes must be flushed."""
    numbers = sorted({number for number in clusters if number is not None})
    if not numbers:
        return
    mine = (Cluster.workspace_id == workspace_id, Cluster.id.in_(numbers))
    # Locked in one order, which is that of the stages, so that nobody waits in a circle.
    lock = select(Cluster.id).where(*mine).order_by(Cluster.id).with_for_update(key_share=True)
    await session.execute(lock)
    total = (
        select(func.coalesce(func.sum(Keyword.volume), 0))
        .where(Keyword.workspace_id == Cluster.workspace_id, Keyword.cluster_id == Cluster.id)
        .scalar_subquery()
    )
    await session.execute(
        update(Cluster).where(*mine).values(volume=total).execution_options(synchronize_session=False)
    )
