"""Which makers of clips videos ask for, told for their scenes."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Scene, Video

UNMET = "Not filmed by "
"""How a note begins that says why somebody else films a video than it asked for."""

_OF_VIDEO = (Video.workspace_id == Scene.workspace_id) & (Video.id == Scene.video_id)


async def asked_for(session: AsyncSession, scenes: Sequence[Scene]) -> Mapping[int, str]:
    """The names that the videos of those scenes came with, by the scene's number; without a name, nothing."""
    if not scenes:
        return {}
    named = (
        select(Scene.id, Video.model)
        .join(Video, _OF_VIDEO)
        .where(Scene.workspace_id == scenes[0].workspace_id, Scene.id.in_([scene.id for scene in scenes]))
        .where(Video.model != "")
    )
    found: dict[int, str] = dict((await session.execute(named)).all())
    return found


async def asking(session: AsyncSession, site: Site, state: str) -> Mapping[str, int]:
    """How many of the site's scenes in that state are of videos that ask for a maker, by its name."""
    named = (
        select(Video.model, func.count())
        .join(Scene, _OF_VIDEO)
        .where(Scene.workspace_id == site.workspace_id, Scene.site_id == site.id, Scene.state == state)
        .where(Video.model != "")
        .group_by(Video.model)
    )
    found: dict[str, int] = dict((await session.execute(named)).all())
    return found


async def told_unmet(session: AsyncSession, site: Site, unmet: Mapping[int, str]) -> None:
    """Has the notes of videos say why somebody else films them than they asked for, or no more."""
    found = select(Video).where(Video.workspace_id == site.workspace_id, Video.id.in_(unmet))
    for video in await session.scalars(found):
        others = [note for note in video.notes if not str(note).startswith(UNMET)]
        notes = [*others, *filter(None, [unmet[video.id]])]
        if notes != video.notes:
            # Whoever locks scenes and their video does it in that order.
            await session.flush()
            video.notes = notes
