"""Lets a video go on once all of its scenes have come so far."""

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.lines.video.telling import tell

_STEPS = (("scripted", ("spoken", "filmed"), "narrated"), ("captioned", ("filmed",), "filmed"))
"""From which status, once all scenes have one of these, to which."""

_PROMOTE = text("""
    update videos v set status = :to
    where v.workspace_id = :workspace and v.id = any(:videos) and v.status = :was
      and exists (select from scenes s where s.workspace_id = v.workspace_id and s.video_id = v.id)
      and not exists (
          select from scenes s
          where s.workspace_id = v.workspace_id and s.video_id = v.id and s.status <> all(:scenes))
""")


async def promote(session: AsyncSession, workspace_id: int, videos: Collection[int]) -> None:
    """Moves those of the videos on that wait for nothing any more, and tells how far they are.

    Videos that the session has loaded are not refreshed.
    """
    await session.flush()
    for was, scenes, to in _STEPS:
        values = {
            "workspace": workspace_id,
            "videos": list(videos),
            "was": was,
            "scenes": list(scenes),
            "to": to,
        }
        await session.execute(_PROMOTE, values)
    await tell(session, workspace_id, videos)
