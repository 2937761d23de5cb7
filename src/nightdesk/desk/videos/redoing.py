"""Sets a video back to where it has to be made anew, and no further."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict
from nightdesk.desk.items import in_hand, written
from nightdesk.desk.videos.shelf import Shelf
from nightdesk.desk.videos.starting import Starting
from nightdesk.lines.video.origins import GIVEN, GIVEN_BY_MODEL
from nightdesk.lines.video.own_pieces import number_of
from nightdesk.lines.video.promoting import promote
from nightdesk.lines.video.telling import tell
from nightdesk.store.tables.columns import Workable
from nightdesk.store.tables.videos import Scene, Video

WAY = (
    *("wanted", "picked", "pending", "scripted", "narrated", "captioned", "filmed", "rendered", "checked"),
    "finished",
)
"""Statuses in the order in which a video has them before the gate."""

CLOSED: Mapping[str, str] = {
    "publishing": "This video is being published: wait until that is done.",
    "published": "This video is published: take it down before you change it.",
    "rejected": "This video was rejected: reopen it before you change it.",
    "cancelled": "This video was cancelled: have it tried again before you change it.",
}
DECIDED = "review"
"""Under which a video's checks keep the last decision."""


class ChangedMeanwhile(Conflict):
    """The video is at another revision than the one that was read; nothing was saved."""

    def __init__(self, now: int, seen: int) -> None:
        self.now, self.seen = now, seen
        super().__init__(
            f"This video was changed meanwhile: it is at revision {now}, you saw revision {seen}. "
            "Nothing was saved; read it again."
        )


@dataclass
class Edit:
    """A video that is being changed, with its scenes in their order, all locked.

    `to` is the status that it falls back to, where it has come further; `says` goes to its log.
    """

    session: AsyncSession
    video: Video
    scenes: list[Scene]
    to: str | None = None
    says: str = ""

    def back(self, to: str) -> None:
        """It falls back to that status at least; the earliest that is asked for holds."""
        if self.to is None or WAY.index(to) < WAY.index(self.to):
            self.to = to

    def free(self, scenes: Iterable[Scene]) -> None:
        """Raises `Conflict` where one of them is in hand."""
        if any(scene.batch_id is not None for scene in scenes):
            raise in_hand("scene")


@dataclass(frozen=True)
class Redoing:
    """Opens videos to be changed, and has made anew what then has to be."""

    shelf: Shelf
    starting: Starting

    @asynccontextmanager
    async def editing(
        self, workspace_id: int, number: int, revision: int | None = None
    ) -> AsyncIterator[Edit]:
        """One transaction; where the video falls back, its revision rises and an approval is void.

        Raises `NotFound`; `Conflict` where it is closed or in hand, `ChangedMeanwhile` where `revision` is
        not the one it is at. `finish` comes after it.
        """
        async with self.shelf.writing(workspace_id) as session:
            # Stages save scenes before their video: whoever locks both does it in that order.
            scenes = await locked_scenes(session, workspace_id, number)
            video = await self.shelf.take(session, workspace_id, number)
            if video.status in CLOSED:
                raise Conflict(CLOSED[video.status])
            if revision is not None and revision != video.revision:
                raise ChangedMeanwhile(video.revision, revision)
            edit = Edit(session, video, scenes)
            yield edit
            if edit.to is not None:
                await fall_back(session, video, edit.to)
                video.revision += 1
            if edit.says:
                await tell(session, workspace_id, [number], {number: edit.says})
            await written(session, video)

    async def finish(self, video: Video) -> str:
        """Has it taken up; says what it waits for where that is not at once."""
        if video.status not in WAY:
            return ""
        return await self.starting.start(video.workspace_id, video.site_id)


async def locked_scenes(session: AsyncSession, workspace_id: int, video_id: int) -> list[Scene]:
    """In the order of their positions."""
    query = (
        select(Scene)
        .where(Scene.workspace_id == workspace_id, Scene.video_id == video_id)
        .order_by(Scene.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return sorted(await session.scalars(query), key=lambda scene: scene.position)


async def fall_back(session: AsyncSession, video: Video, to: str) -> None:
    """The video has that status again, or the earlier one that it has come to; its progress begins there."""
    come = WAY.index(video.status) if video.status in WAY else len(WAY)
    video.status = WAY[min(come, WAY.index(to))]
    video.reviewed_at = None
    video.checks = {name: check for name, check in video.checks.items() if name != DECIDED}
    if video.asked_by == "line":
        video.asked_by = "person"
    as_new(video)
    await go_on(session, video)


async def go_on(session: AsyncSession, video: Video) -> None:
    """A new attempt: from its status on as far as its scenes have come, with a progress of its own."""
    video.progress = 0
    await session.flush()
    await promote(session, video.workspace_id, [video.id])
    await session.refresh(video, ["status", "progress"])


def as_new(item: Workable) -> None:
    """As if nobody had worked on it: it is tried again."""
    item.parked_at, item.error, item.last_run, item.tries = None, None, None, 0


def unsaid(scenes: Iterable[Scene]) -> None:
    """They are to be read aloud anew; what is seen in them stays."""
    for scene in scenes:
        scene.sound, scene.voice, scene.words, scene.seconds, scene.status = None, "", [], None, "pending"
        as_new(scene)


def unseen(scenes: Iterable[Scene], *, own: bool = False) -> None:
    """They are to be given another picture or clip; what is heard in them stays.

    So does what a person gave to be seen, unless `own`; not what the scene took of the site's own by itself.
    """
    for scene in scenes:
        by_itself = number_of(scene.source) is not None
        if scene.label in (GIVEN, GIVEN_BY_MODEL) and not by_itself and not own:
            continue
        scene.picture, scene.mime, scene.footage = None, None, None
        scene.move, scene.label, scene.note, scene.source = "", "", "", ""
        scene.status = "spoken" if scene.sound else "pending"
        as_new(scene)


def standing_of(scene: Scene) -> str:
    """The status that follows from what a scene has."""
    if not scene.sound:
        return "pending"
    return "filmed" if scene.picture else "spoken"


def by_position(scenes: Sequence[Scene], position: int) -> Scene | None:
    return next((scene for scene in scenes if scene.position == position), None)


def of_speakers(scenes: Sequence[Scene], speakers: Collection[int]) -> list[Scene]:
    return [scene for scene in scenes if scene.speaker in speakers]
