"""The videos before the gate: what waits in all sites or in one, with what is looked at before opening it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from nightdesk.desk.costs import costs_of_videos
from nightdesk.desk.paging import Order, Page, Paging, orders, page_of
from nightdesk.desk.review.counting import counts_by_site
from nightdesk.desk.review.queue import Asked, Mark
from nightdesk.desk.videos.pictures import picture_of
from nightdesk.store.session import Store
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video

SERIOUS: ColumnElement[bool] = literal_column(
    """(videos.checks @? '$.*.findings[*] ? (@.severity == "serious")'
        or coalesce(videos.checks -> 'video' ->> 'status', '') = 'fail')"""
)
FILE = "video"
"""Under which a video's checks keep what was found of its file; all others are of its script."""

_SEVERITY = {"warn": "warning", "fail": "serious"}


@dataclass(frozen=True)
class FilmWaiting:
    """A video of the queue; `picture` is the SHA-256 of its thumbnail."""

    video: Video
    site: Site
    marks: Mapping[str, Mark] = field(default_factory=dict)
    picture: str | None = None
    credits: Decimal = Decimal(0)
    usd: Decimal = Decimal(0)


@dataclass(frozen=True)
class FilmQueue:
    """Reads the queue; changes nothing. Its orders are called as those of articles."""

    orders = orders(
        Order("oldest", Video.id, Video.id, descending=False),
        Order("newest", Video.id, Video.id),
        Order("site", Video.site_id, Video.id, descending=False),
        Order("title", Video.title, Video.id, descending=False),
        Order("words", Video.seconds, Video.id),
    )

    store: Store

    async def page(self, workspace_id: int, asked: Asked, paging: Paging) -> Page[FilmWaiting]:
        """One page of it."""
        heavy = [defer(column, raiseload=True) for column in (Video.script, Video.marks, Video.custom_script)]
        query = select(Video).where(*_narrowed(workspace_id, asked)).options(*heavy)
        query = query.join(Site, (Site.workspace_id == Video.workspace_id) & (Site.id == Video.site_id))
        async with self.store.workspace(workspace_id) as session:
            videos, following = await page_of(session, query, paging)
            return Page(await _whole(session, workspace_id, videos), following)

    async def counts(self, workspace_id: int) -> dict[int, dict[str, int]]:
        """How many videos each site that is not archived has in each state."""
        return await counts_by_site(self.store, workspace_id, Video.__tablename__)


def _narrowed(workspace_id: int, asked: Asked) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [
        Video.workspace_id == workspace_id,
        Video.state == asked.state,
        Site.archived_at.is_(None),
    ]
    if asked.site_id is not None:
        wanted.append(Video.site_id == asked.site_id)
    if asked.search:
        of_title = Video.title.icontains(asked.search, autoescape=True)
        wanted.append(of_title | Video.topic.icontains(asked.search, autoescape=True))
    if asked.worry is not None:
        wanted.append(SERIOUS if asked.worry == "serious" else ~SERIOUS)
    return wanted


async def _whole(session: AsyncSession, workspace_id: int, videos: Sequence[Video]) -> list[FilmWaiting]:
    if not videos:
        return []
    found = await session.scalars(
        select(Site).where(Site.workspace_id == workspace_id, Site.id.in_({one.site_id for one in videos}))
    )
    sites = {site.id: site for site in found}
    costs = await costs_of_videos(session, workspace_id, [video.id for video in videos])
    return [
        FilmWaiting(
            video,
            sites[video.site_id],
            dict(_marks(video.checks)),
            picture_of(video),
            *costs.get(video.id, (Decimal(0), Decimal(0))),
        )
        for video in videos
    ]


def _marks(checks: Mapping[str, Any]) -> Iterator[tuple[str, Mark]]:
    for name, report in checks.items():
        if not isinstance(report, dict):
            continue
        if isinstance(report.get("findings"), list):
            severities = Counter(str(one.get("severity")) for one in report["findings"])
            yield name, Mark(report.get("score"), severities)
        elif name == FILE:
            statuses = [str(one.get("status")) for one in report.get("checks") or []]
            yield name, Mark(None, Counter(_SEVERITY[one] for one in statuses if one in _SEVERITY))
