"""Stage 6, after the render: looks through each video for what should keep it from being published."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.lines.side_by_side import each
from nightdesk.lines.video.captioning import sheets
from nightdesk.lines.video.counts import FIELDS
from nightdesk.lines.video.files import fetched
from nightdesk.lines.video.given import around, seconds_of
from nightdesk.lines.video.placing import placed
from nightdesk.lines.video.scenes import scenes_of
from nightdesk.lines.video.sizes import size_of
from nightdesk.lines.video.so_far import so_far
from nightdesk.lines.video.telling import tell
from nightdesk.media.captions.lettering import Lettering
from nightdesk.quality.video import Report, Wanted, check_video
from nightdesk.stage import Bench, Policy, Saved, Stage
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Scene, Video

COMPARED = 20
"""The site's last videos, with which a new one is compared."""

_LOOKED = 0.9
"""Of the stage, when the file was looked through."""


@dataclass(frozen=True)
class Material:
    """The scenes of each video, and the signatures of the site's last videos by title."""

    scenes: Mapping[int, Sequence[Scene]]
    past: Mapping[int, tuple[str, Sequence[int]]] = field(default_factory=dict)


class Checks(Stage[Video]):
    """Each rendered video is decoded once and judged; what it was judged by is kept with it."""

    number, name, title, kind = 6, "checks", "Clips → Renders", "Local"
    policy = Policy(batch_size=1, concurrency=1, timeout=330.0, queue="render")
    table, waits, counted = Video, "rendered", "videos_checked"
    walks = True
    fields = FIELDS

    async def load(self, session: AsyncSession, site: Site, items: Sequence[Video]) -> Material:
        signature = Video.checks["video"]["signature"]
        past = (
            select(Video.id, Video.title, signature)
            .where(Video.workspace_id == site.workspace_id, Video.site_id == site.id, signature.is_not(None))
            .order_by(Video.id.desc())
            .limit(COMPARED + len(items))
        )
        found = {row[0]: (row[1], row[2] or []) for row in await session.execute(past)}
        return Material(await scenes_of(session, site.workspace_id, [video.id for video in items]), found)

    async def work(self, items: Sequence[Video], material: Material, bench: Bench) -> dict[int, Report]:
        found = await each(items, lambda video: _check(video, material, bench))
        return {video.id: one for video, one in zip(items, found, strict=True)}

    async def save(
        self, session: AsyncSession, site: Site, items: Sequence[Video], made: Mapping[int, Report]
    ) -> Saved:
        lines: list[str] = []
        for video in items:
            report = made[video.id]
            video.checks = video.checks | {"video": report.as_json()}
            video.may_publish_itself = video.may_publish_itself and not report.failed
            video.status = "checked"
            lines += [f"“{video.title}”: {one.message}" for one in report.failed]
        await tell(session, site.workspace_id, [video.id for video in items])
        return Saved({"videos_checked": len(items)}, lines=lines)


async def _check(video: Video, material: Material, bench: Bench) -> Report:
    places = placed(material.scenes[video.id])
    lettering, language = Lettering(), video.language or bench.site.language
    wanted: dict[str, Any] = {}
    if video.captions:
        wanted["captions"] = sheets(video, places, language, lettering)
    past = {
        f"{title} ({number})": marks for number, (title, marks) in material.past.items() if number != video.id
    }
    width, height = size_of(video.shape)
    with tempfile.TemporaryDirectory(prefix="checks-", dir=bench.studio.parts(bench.site)) as made:
        file = await fetched(bench, Path(made), video.file or "", "video.mp4")
        spoken = sum(place.seconds for place in places)
        own = (seconds_of(video, "intro"), seconds_of(video, "intro") + spoken)
        if around(video):
            wanted["own"] = own
        seconds = spoken + around(video)
        report = await check_video(
            file,
            Wanted(seconds, width, height, past=past, **wanted),
            bench.studio.ffmpeg,
            lettering,
            told=so_far(video.id, bench, _LOOKED),
        )
    await bench.studio.tell(video.id, _LOOKED)
    return report
