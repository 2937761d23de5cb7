"""Has each scene take footage that no other has: held by the scenes' rows, so that all workers keep to it."""

from dataclasses import dataclass

from sqlalchemy import text

from nightdesk.kit import points
from nightdesk.store.session import Store

COMPARED = 20
"""The site's last videos, whose footage is not to be seen again."""

_ONE_BY_ONE = text("select pg_advisory_xact_lock(hashtextextended('footage', :workspace))")
_TAKE = text("""
    update scenes s set source = :source
    where s.workspace_id = :workspace and s.id = :scene and s.batch_id is not null
      and not exists (
          select from scenes o
          where o.workspace_id = :workspace and o.source = :source and o.source <> '' and o.id <> :scene
            and (o.video_id = s.video_id
                 or :fresh and o.video_id in (
                     select v.id from videos v
                     where v.workspace_id = :workspace and v.site_id = s.site_id and v.id <> s.video_id
                     order by v.id desc limit :compared)))
    returning s.id
""")


@dataclass(frozen=True)
class FootageTaken:
    """Writes `scenes.source` when footage is chosen, in a transaction of its own, before it is fetched."""

    store: Store

    async def take(self, workspace_id: int, scene_id: int, source: str, fresh: bool) -> bool:
        """Whether the scene has that footage now, which is in hand: no other scene of its video has it, nor,
        where it is to be `fresh`, one of the site's last videos. Asked again it says the same."""
        facts = {"workspace": workspace_id, "scene": scene_id, "source": source, "fresh": fresh}
        async with self.store.workspace(workspace_id) as session:
            await session.execute(_ONE_BY_ONE, facts)
            taken = await session.scalar(_TAKE, facts | {"compared": COMPARED})
            points.reach("videos.footage.written")
        points.reach("videos.footage.taken")
        return taken is not None
