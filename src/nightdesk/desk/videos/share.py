"""Tells of long work on one video while it goes on: how far the video is, in a transaction of its own."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from nightdesk.kit.clock import Clock
from nightdesk.lines.video.telling import STEPS, job
from nightdesk.store.events import Happening, write
from nightdesk.store.session import Store

EVERY = 1.0
"""Seconds between two things told of one video."""

REMEMBERED = 1000
"""Videos of which it is remembered when they were told of last."""

TOLD = ("pending", "narrated", "filmed", "rendered", "checked")
"""Statuses in which one long piece of work is done; in others, scenes are counted."""

_FURTHER = text("""
    update videos set progress = :progress
    where workspace_id = :workspace and id = (
        select id from videos
        where workspace_id = :workspace and id = :video and status = :status and progress < :progress
        for update skip locked)
    returning site_id, status, coalesce(nullif(title, ''), topic) as topic
""")
_STATUS = text("select status from videos where workspace_id = :workspace and id = :video")


@dataclass(frozen=True)
class ShareTold:
    """Writes `videos.progress` and a `job_progress`; what cannot be written is left out."""

    store: Store
    clock: Clock
    announce: Callable[[], None]
    _told: OrderedDict[tuple[int, int], float] = field(default_factory=OrderedDict)

    async def tell(self, workspace_id: int, video_id: int, share: float) -> None:
        """`share` of the video's present step that is done, from 0 to 1; progress never falls."""
        if not self._due(workspace_id, video_id):
            return
        try:
            await self._write(workspace_id, video_id, share)
        except DBAPIError:
            return
        self.announce()

    async def _write(self, workspace_id: int, video_id: int, share: float) -> None:
        facts = {"workspace": workspace_id, "video": video_id}
        async with self.store.workspace(workspace_id) as session:
            status = await session.scalar(_STATUS, facts)
            if status not in TOLD:
                return
            step = STEPS[status]
            progress = step.begin + int((step.end - step.begin) * share)
            further = {**facts, "status": status, "progress": progress}
            row = (await session.execute(_FURTHER, further)).one_or_none()
            if row is not None:
                told = Happening("job_progress", data=job(video_id, row.status, progress, row.topic))
                await write(session, workspace_id, [told], at=self.clock.now(), site_id=row.site_id)

    def _due(self, workspace_id: int, video_id: int) -> bool:
        key, now = (workspace_id, video_id), self.clock.monotonic()
        if now - self._told.get(key, -EVERY) < EVERY:
            return False
        self._told[key] = now
        self._told.move_to_end(key)
        while len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        return True
