"""Videos as they are: pages of them, one with its scenes, today's, and what was told of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from nightdesk.desk.items import Items, site_of
from nightdesk.desk.paging import Order, Page, Paging, orders, page_of
from nightdesk.desk.videos.standing import NOT_BEGUN, Standing, standings
from nightdesk.engine.control import Control
from nightdesk.kit.clock import Clock
from nightdesk.lines.video.scenes import scenes_of
from nightdesk.lines.video.telling import STEPS
from nightdesk.store.events import log_of_job
from nightdesk.store.session import Store
from nightdesk.store.tables.occasions import Event
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Scene, Video

LINES = 200
MOST_TODAY = 200
MADE = ("review", "sent_back", "approved", "rejected", "publishing", "published")
"""Statuses of videos whose file is whole."""

_HEAVY = (Video.script, Video.checks, Video.marks, Video.custom_script)


@dataclass(frozen=True)
class VideoFilter:
    """What a list is narrowed to: `status` is a job's (see `standing.JOBS`), `made` what has a whole file."""

    site_id: int | None = None
    status: str | None = None
    search: str | None = None
    made: bool = False


@dataclass(frozen=True)
class Shown:
    """A video with how it stands; in lists without its scenes."""

    video: Video
    standing: Standing
    scenes: Sequence[Scene] = ()


class Shelf(Items[Video]):
    """`NotFound` where a video or site is not the workspace's, or the site is archived."""

    table, word, named = Video, "video", "title"
    orders = orders(
        Order("newest", Video.id, Video.id),
        Order("oldest", Video.id, Video.id, descending=False),
    )

    def __init__(self, store: Store, control: Control, clock: Clock) -> None:
        super().__init__(store, control)
        self.clock = clock

    async def listed(self, workspace_id: int, asked: VideoFilter, paging: Paging) -> Page[Shown]:
        """One page of a site's videos, or of all sites'; `counts` are of a site's by state."""
        async with self.store.workspace(workspace_id) as session:
            if asked.site_id is not None:
                await site_of(session, workspace_id, asked.site_id)
            query = _of_workspace(workspace_id).where(*_narrowed(asked)).options(*_light())
            videos, following = await page_of(session, query, paging)
            stand = await standings(session, workspace_id, videos)
            site = asked.site_id
            counts = {} if site is None else await self.counts(session, workspace_id, site)
        return Page([Shown(video, stand[video.id]) for video in videos], following, counts)

    async def show(self, workspace_id: int, number: int) -> Shown:
        """One with its scenes in their order, as all of it stands. Raises `NotFound`."""
        async with self.store.workspace(workspace_id) as session:
            video = await self.find(session, workspace_id, number)
            scenes = await scenes_of(session, workspace_id, [number])
            stand = await standings(session, workspace_id, [video])
        return Shown(video, stand[number], scenes[number])

    async def progress(self, workspace_id: int, number: int) -> Standing:
        """How it stands, by itself. Raises `NotFound`."""
        async with self.store.workspace(workspace_id) as session:
            video = await self.find(session, workspace_id, number)
            return (await standings(session, workspace_id, [video]))[number]

    async def today(self, workspace_id: int, site_id: int | None = None) -> list[Shown]:
        """Those asked for since midnight in the zone of their site, newest first."""
        async with self.store.workspace(workspace_id) as session:
            if site_id is not None:
                await site_of(session, workspace_id, site_id)
            query = _of_workspace(workspace_id).where(*_narrowed(VideoFilter(site_id)))
            query = query.where(await self._since_midnight(session, workspace_id)).options(*_light())
            videos = list(await session.scalars(query.order_by(Video.id.desc()).limit(MOST_TODAY)))
            stand = await standings(session, workspace_id, videos)
        return [Shown(video, stand[video.id]) for video in videos]

    async def logs(self, workspace_id: int, number: int, lines: int = LINES) -> list[Event]:
        """The last lines about a video, oldest first. Raises `NotFound`."""
        async with self.store.workspace(workspace_id) as session:
            await self.find(session, workspace_id, number)
            return await log_of_job(session, workspace_id, number, lines)

    async def _since_midnight(self, session: AsyncSession, workspace_id: int) -> ColumnElement[bool]:
        zones = await session.scalars(
            select(Site.timezone).where(Site.workspace_id == workspace_id).group_by(Site.timezone)
        )
        now, found = self.clock.now(), list[ColumnElement[bool]]()
        for zone in zones:
            midnight = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
            found.append(and_(Site.timezone == zone, Video.created_at >= midnight))
        return or_(false(), *found)


def _of_workspace(workspace_id: int) -> Select[Video]:
    return (
        select(Video)
        .join(Site, (Site.workspace_id == Video.workspace_id) & (Site.id == Video.site_id))
        .where(Video.workspace_id == workspace_id, Site.archived_at.is_(None))
    )


def _light() -> list[Any]:
    return [defer(column, raiseload=True) for column in _HEAVY]


def _narrowed(asked: VideoFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.site_id is not None:
        found.append(Video.site_id == asked.site_id)
    if asked.made:
        found.append(Video.status.in_(MADE) & Video.file.is_not(None))
    if asked.search:
        of_title = Video.title.icontains(asked.search, autoescape=True)
        found.append(of_title | Video.topic.icontains(asked.search, autoescape=True))
    if asked.status is not None:
        found.append(_of_job(asked.status))
    return found


def _of_job(status: str) -> ColumnElement[bool]:
    """Those that `standings` calls so; before a script is begun all are taken for one, as that may change at
    any moment."""
    failed = or_(
        Video.parked_at.is_not(None),
        exists().where(
            Scene.workspace_id == Video.workspace_id,
            Scene.video_id == Video.id,
            Scene.parked_at.is_not(None),
        ),
    )
    if status == "failed":
        return failed & (Video.status != "cancelled")
    names = [name for name, step in STEPS.items() if step.job == status]
    if status in ("pending", "queued"):
        names += NOT_BEGUN
    found = Video.status.in_(names)
    return found if status == "cancelled" else found & ~failed
