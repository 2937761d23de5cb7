"""Stage 7: makes the pictures that stand for a video."""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.lines.branding import brand
from nightdesk.lines.keeping import keep_assets
from nightdesk.lines.side_by_side import each
from nightdesk.lines.video.files import fetched
from nightdesk.lines.video.given import around, seconds_of
from nightdesk.lines.video.origins import origin_of
from nightdesk.lines.video.scenes import scenes_of
from nightdesk.lines.video.sizes import size_of
from nightdesk.lines.video.so_far import so_far
from nightdesk.lines.video.telling import tell
from nightdesk.lines.video.watermark import corner_of
from nightdesk.media.captions.safe_areas import safe_area
from nightdesk.media.provenance.marking import marked
from nightdesk.media.thumbnails import Livery, Thumbnail, ThumbnailRequest, thumbnails
from nightdesk.media.typesetting.typefaces import Shelf
from nightdesk.stage import Bench, Policy, Saved, Stage
from nightdesk.store.files import AssetRef
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Scene, Video

CARDS = "cards"
_EDGE = 0.01
"""What the edges of captions take below their area, as a share of the height."""

_DRAWN = 0.9
"""Of the stage, when the variants are drawn; they are marked and stored then."""


@dataclass(frozen=True)
class Made:
    """A thumbnail as it is stored."""

    asset: AssetRef
    thumbnail: Thumbnail


class Thumbnails(Stage[Video]):
    """Three variants, of the video's best frames, its title and the site's looks; the first is chosen."""

    number, name, title, kind = 7, "thumbnails", "Renders → Thumbnails", "Local"
    policy = Policy(batch_size=1, concurrency=1, timeout=180.0, queue="render")
    table, waits, counted = Video, "checked", "thumbnails_made"
    walks = True
    fields = ("thumbnails_made",)

    async def load(self, session: AsyncSession, site: Site, items: Sequence[Video]) -> dict[int, list[Scene]]:
        return await scenes_of(session, site.workspace_id, [video.id for video in items])

    async def work(
        self, items: Sequence[Video], material: Mapping[int, list[Scene]], bench: Bench
    ) -> dict[int, list[Made]]:
        await bench.files.expect(bench.site.workspace_id)
        made = await each(items, lambda video: _make(video, material[video.id], bench))
        return {video.id: one for video, one in zip(items, made, strict=True)}

    async def save(
        self, session: AsyncSession, site: Site, items: Sequence[Video], made: Mapping[int, list[Made]]
    ) -> Saved:
        await keep_assets(session, site.workspace_id, (one.asset for many in made.values() for one in many))
        for video in items:
            video.thumbnails = [_kept(one, chosen=not at) for at, one in enumerate(made[video.id])]
            video.status = "finished"
        await tell(session, site.workspace_id, [video.id for video in items])
        return Saved({"thumbnails_made": sum(len(many) for many in made.values())})


async def _make(video: Video, scenes: Sequence[Scene], bench: Bench) -> list[Made]:
    source, workspace = origin_of(video, scenes), bench.site.workspace_id
    begins = seconds_of(video, "intro")
    request = ThumbnailRequest(
        title=video.title or video.topic,
        shape=video.shape,  # type: ignore[arg-type]
        language=video.language or bench.site.language,
        livery=await _livery(bench),
        captioned=bool(video.captions),
        watermark=corner_of(bench.site),  # type: ignore[arg-type]
        lettered=any(scene.label.startswith(CARDS) for scene in scenes),
        below=_below(video),
        between=(begins, (video.seconds or inf) - seconds_of(video, "outro")) if around(video) else None,
    )
    with tempfile.TemporaryDirectory(prefix="thumbnails-", dir=bench.studio.parts(bench.site)) as made:
        file = await fetched(bench, Path(made), video.file or "", "video.mp4")
        telling = so_far(video.id, bench, _DRAWN)
        found = await thumbnails(file, request, bench.studio.ffmpeg, Shelf(), told=telling)
    await bench.studio.tell(video.id, _DRAWN)
    contents = [await asyncio.to_thread(marked, one.content, source) for one in found]
    return [
        Made(await bench.files.put(workspace, content, one.mime), one)
        for one, content in zip(found, contents, strict=True)
    ]


def _below(video: Video) -> float:
    """Under which share of the height nothing is written, neither captions nor a card's heading."""
    width, height = size_of(video.shape)
    return safe_area(width, height, video.platforms).bottom / height + _EDGE


async def _livery(bench: Bench) -> Livery:
    looks, logo = brand(bench.site), str(bench.site.brand.get("logo") or "")
    picture = await bench.files.get(bench.site.workspace_id, logo) if logo else None
    return Livery(
        looks.name, looks.primary, looks.accent, looks.background, looks.text, looks.typeface, picture
    )


def _kept(one: Made, *, chosen: bool) -> dict[str, object]:
    found = one.thumbnail
    return {
        "variant": found.variant,
        "asset": one.asset.sha256,
        "mime": found.mime,
        "width": found.width,
        "height": found.height,
        "words": found.words,
        "chosen": chosen,
    }
