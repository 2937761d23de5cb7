"""What publications mean for their piece: a video is publishing while one is on its way, then published."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.lines.video.telling import tell
from nightdesk.store.tables.publishing import Publication
from nightdesk.store.tables.videos import Video

ON_ITS_WAY = {"queued", "preparing", "committing", "ambiguous", "held"}


async def stands(session: AsyncSession, changed: Publication) -> None:
    """Brings the video's status in line with its publications; an article's stays, for its page tells."""
    if changed.video_id is None:
        return
    video = await session.get(Video, (changed.workspace_id, changed.video_id), with_for_update=True)
    if video is None or video.status not in ("approved", "publishing", "published"):
        return
    of_it = (Publication.workspace_id == video.workspace_id, Publication.video_id == video.id)
    states = set(await session.scalars(select(Publication.state).where(*of_it)))
    status = "published" if "live" in states else "publishing" if states & ON_ITS_WAY else "approved"
    if status != video.status:
        video.status = status
        await session.flush()
        await tell(session, video.workspace_id, [video.id])
