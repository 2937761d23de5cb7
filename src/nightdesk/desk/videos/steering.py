"""Steers a video on its way: cancelled, tried again, deleted."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict
from nightdesk.desk.items import in_hand, written
from nightdesk.desk.videos.redoing import WAY, Redoing, as_new, go_on, locked_scenes, standing_of
from nightdesk.desk.videos.scenes import Changed
from nightdesk.desk.videos.stopping import withdraw
from nightdesk.kit import points
from nightdesk.lines.video.telling import tell
from nightdesk.store.tables.videos import Scene, Video

CANCELLED = "cancelled"
OPEN = (*WAY, "review", "sent_back")
"""What can be cancelled; what is approved is rejected instead."""


@dataclass(frozen=True)
class Steering:
    """`NotFound` where the video is not the workspace's."""

    redoing: Redoing

    async def cancel(self, workspace_id: int, number: int) -> Video:
        """Takes it off its way; work on it is aborted, or what it makes is dropped. Parts that are done stay.

        Its topic is new again. Cancelling again changes nothing. Raises `Conflict` once it is approved.
        """
        shelf = self.redoing.shelf
        async with shelf.writing(workspace_id) as session:
            await shelf.find(session, workspace_id, number)
            withdrawn = await withdraw(session, shelf.control, workspace_id, number)
            points.reach("videos.cancel.withdrawn")
            scenes = await locked_scenes(session, workspace_id, number)
            video = await shelf.find(session, workspace_id, number, lock=True)
            if video.status != CANCELLED:
                if video.status not in OPEN:
                    raise Conflict(f"This video is {video.status}: it cannot be cancelled any more.")
                if video.batch_id is not None or any(scene.batch_id is not None for scene in scenes):
                    raise in_hand("video")
                _stop(video, scenes)
                await tell(session, workspace_id, [number], {number: "The video was cancelled."})
                video = await written(session, video)
            if withdrawn is not None:
                await shelf.control.runner.advance(session, withdrawn.run, withdrawn.site)
        self.redoing.starting.runs.announce()
        return video

    async def retry(self, workspace_id: int, number: int) -> Changed:
        """Has a failed or cancelled one go on where it stood, with all that is done. Raises `Conflict`."""
        shelf = self.redoing.shelf
        async with shelf.writing(workspace_id) as session:
            scenes = await locked_scenes(session, workspace_id, number)
            video = await shelf.take(session, workspace_id, number)
            failed = video.parked_at is not None or any(scene.parked_at for scene in scenes)
            if video.status != CANCELLED and not failed:
                raise Conflict(
                    "This video did not fail and was not cancelled: there is nothing to try again."
                )
            await _go_on(session, video, scenes)
            await tell(session, workspace_id, [number], {number: "The video is tried again."})
            video = await written(session, video)
        return Changed(video, await self.redoing.finish(video))

    async def delete(self, workspace_id: int, number: int) -> None:
        """Deletes it with its scenes. Raises `Conflict` while it is in hand, or once it is published."""
        shelf = self.redoing.shelf
        async with shelf.writing(workspace_id) as session:
            scenes = await locked_scenes(session, workspace_id, number)
            video = await shelf.take(session, workspace_id, number)
            if any(scene.batch_id is not None for scene in scenes):
                raise in_hand("video")
            if video.status in ("publishing", "published"):
                raise Conflict("This video is published: take it down before you delete it.")
            await session.delete(video)


def _stop(video: Video, scenes: list[Scene]) -> None:
    """Nothing of it waits for a stage any more."""
    items: list[Video | Scene] = [video, *scenes]
    for item in items:
        as_new(item)
        item.status = CANCELLED


async def _go_on(session: AsyncSession, video: Video, scenes: list[Scene]) -> None:
    """Its status follows from what it has, unless it failed at a step that stands."""
    cancelled = video.status == CANCELLED
    items: list[Video | Scene] = [video, *scenes]
    for item in items:
        as_new(item)
    if video.asked_by == "line":
        video.asked_by = "person"
    if not cancelled:
        return
    for scene in scenes:
        scene.status = standing_of(scene)
    video.status = "scripted" if scenes else _begun(video)
    await go_on(session, video)


def _begun(video: Video) -> str:
    """The status of one without a script: it may not have been looked up yet what its topic leads to."""
    if video.topic_id is not None and not video.custom_script:
        return "picked"
    return "pending" if video.topic else "wanted"
