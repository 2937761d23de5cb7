"""Holds finished videos against what platforms take, and makes files that they take."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from nightdesk.desk.errors import Conflict, Invalid, NotFound, Unavailable
from nightdesk.desk.studio import StudioMeans
from nightdesk.desk.videos.files import Opened, VideoFiles
from nightdesk.desk.videos.shelf import Shelf
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.lines.keeping import keep_assets
from nightdesk.lines.video.watermark import marked
from nightdesk.media.platforms.export import export
from nightdesk.media.platforms.facts import PostFacts, VideoFacts, facts_of
from nightdesk.media.platforms.limits import Limits, table
from nightdesk.media.platforms.plan import ExportPlan, plan
from nightdesk.media.platforms.validate import Break, validate
from nightdesk.store.session import Store
from nightdesk.store.tables.library import Asset
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video

LONGEST = 300.0
"""Seconds that one file may take to be made."""


@dataclass(frozen=True)
class Verdict:
    """What a platform would not take of a video; nothing where it takes it as it is."""

    platform: str
    name: str
    breaks: Sequence[Break]


@dataclass(frozen=True)
class Exported:
    """A file that the platform takes: the video's own where `plan.same`; `plan.left` a person has to mend."""

    platform: str
    plan: ExportPlan
    file: Opened


@dataclass(frozen=True)
class Exports:
    """`NotFound` where the video is not the workspace's or has no file yet."""

    store: Store
    shelf: Shelf
    files: VideoFiles
    means: StudioMeans
    _one_at_a_time: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    def platforms(self) -> Mapping[str, Limits]:
        """What each platform takes."""
        return table()

    async def validate(self, workspace_id: int, number: int, platform: str | None = None) -> list[Verdict]:
        """The verdict of each platform, or of the one named. Raises `Invalid` for one that is not known."""
        wanted = {platform: self._limits(platform)} if platform else self.platforms()
        async with self._at_hand(workspace_id, number) as (video, facts, _):
            post = _post(video)
            return [Verdict(key, one.name, validate(facts, one, post)) for key, one in wanted.items()]

    async def optimize(self, workspace_id: int, number: int, platform: str) -> Exported:
        """A file for the platform; the video itself stays as it is. Its file is kept for a day.

        Raises `Invalid` for the platform; `Conflict` where no such file can be made, `Unavailable` where it
        took too long or there is no room.
        """
        limits = self._limits(platform)
        async with self._one_at_a_time, self._at_hand(workspace_id, number) as (_, facts, file):
            planned = plan(facts, limits)
            own = await self.files.find(workspace_id, number, "video")
            if planned.same:
                return Exported(platform, planned, own)
            try:
                target = file.with_name("out.mp4")
                made = await export(file, planned, self.means.ffmpeg, target, seconds=LONGEST)
                ref = await self.files.files.put(workspace_id, made, "video/mp4")
            except (Refused, NeedsPerson) as ending:
                raise Conflict(f"No file for {limits.name} could be made: {ending.why}") from ending
            except Later as ending:
                raise Unavailable(ending.why) from ending
        async with self.store.workspace(workspace_id) as session:
            await keep_assets(session, workspace_id, [ref])
        return Exported(platform, planned, Opened(ref.sha256, ref.mime, ref.size))

    async def made(self, workspace_id: int, sha256: str) -> Opened:
        """A file that was made for a platform. Raises `NotFound`, also once it is gone, and `Unavailable`."""
        query = select(Asset).where(
            Asset.workspace_id == workspace_id, Asset.sha256 == sha256, Asset.mime == "video/mp4"
        )
        async with self.store.workspace(workspace_id) as session:
            found = (await session.scalars(query)).one_or_none()
        if found is None:
            raise NotFound("file")
        try:
            size = await self.files.files.size(workspace_id, sha256)
        except Refused as error:
            raise NotFound("file") from error
        except (Later, NeedsPerson) as error:
            raise Unavailable(error.why) from error
        return Opened(sha256, found.mime, size)

    def _limits(self, platform: str) -> Limits:
        known = self.platforms()
        if platform not in known:
            raise Invalid("platform", f"One of {', '.join(known)}.")
        return known[platform]

    @asynccontextmanager
    async def _at_hand(self, workspace_id: int, number: int) -> AsyncIterator[tuple[Video, VideoFacts, Path]]:
        """The video, what its file is like, and a copy of it on this machine."""
        video = (await self.shelf.show(workspace_id, number)).video
        opened = await self.files.find(workspace_id, number, "video")
        content = await self.files.content(workspace_id, opened)
        async with self.store.workspace(workspace_id) as session:
            site = await session.get_one(Site, (workspace_id, video.site_id))
        with TemporaryDirectory(prefix="export-", ignore_cleanup_errors=True) as made:
            file = Path(made) / "in.mp4"
            await asyncio.to_thread(file.write_bytes, content)
            try:
                facts = await facts_of(self.means.ffmpeg, file, watermark=marked(video, site))
            except (Refused, NeedsPerson) as ending:
                raise Conflict(f"This video's file cannot be read: {ending.why}") from ending
            except Later as ending:
                raise Unavailable(ending.why) from ending
            yield video, facts, file


def _post(video: Video) -> PostFacts:
    said = video.script
    return PostFacts(video.title, str(said.get("description") or ""), list(said.get("hashtags") or []))
