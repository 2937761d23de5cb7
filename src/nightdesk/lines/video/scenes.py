"""Reads the scenes of videos, each video's in their order."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.store.tables.videos import Scene


async def scenes_of(
    session: AsyncSession, workspace_id: int, videos: Sequence[int]
) -> dict[int, list[Scene]]:
    """The scenes by the number of their video."""
    query = (
        select(Scene)
        .where(Scene.workspace_id == workspace_id, Scene.video_id.in_(videos))
        .order_by(Scene.video_id, Scene.position)
    )
    found: dict[int, list[Scene]] = {number: [] for number in videos}
    for scene in await session.scalars(query):
        found[scene.video_id].append(scene)
    return found
