"""Stage 6: renders each video from its scenes, its narration and its captions."""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit.endings import NeedsPerson
from nightdesk.lines.branding import brand
from nightdesk.lines.keeping import keep_assets
from nightdesk.lines.side_by_side import each
from nightdesk.lines.video.counts import FIELDS
from nightdesk.lines.video.files import fetched
from nightdesk.lines.video.given import CROSSES, RATE, part, seconds_of
from nightdesk.lines.video.origins import origin_of
from nightdesk.lines.video.placing import Placed, placed
from nightdesk.lines.video.scenes import scenes_of
from nightdesk.lines.video.sizes import size_of
from nightdesk.lines.video.so_far import so_far
from nightdesk.lines.video.telling import tell
from nightdesk.lines.video.watermark import watermark
from nightdesk.media.provenance.marking import mark
from nightdesk.media.provenance.origins import Origin
from nightdesk.providers.clips.fallback import INSTEAD
from nightdesk.providers.renderers.contract import MUSIC, Heard, Look, Rendered, RenderRequest
from nightdesk.providers.renderers.contract import Scene as Shown
from nightdesk.stage import Bench, Policy, Saved, Stage
from nightdesk.store.files import AssetRef
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Scene, Video

SECONDS_A_CREDIT = 10
STORING = 30.0
"""Seconds beside those of the renderer: what it needs is fetched, and what it made is marked and stored."""


@dataclass(frozen=True)
class Made:
    """A rendered video as it is stored."""

    file: AssetRef
    cover: AssetRef
    seconds: float
    notes: tuple[str, ...]
    marks: dict[str, object]
    made: int
    reused: int


class Renders(Stage[Video]):
    """Each video whose scenes are there becomes a file; parts that did not change are used again."""

    number, name, title, kind = 6, "renders", "Clips → Renders", "Local"
    policy = Policy(batch_size=1, concurrency=1, timeout=900.0, attempts=2, queue="render")
    table, waits, counted = Video, "filmed", "videos_rendered"
    walks = True
    fields = FIELDS

    def limit(self, bench: Bench) -> float:
        return bench.studio.seconds.render + STORING

    def estimate(self, items: Sequence[Video]) -> int:
        return sum(_credits(video) for video in items)

    def credits_each(self) -> Decimal:
        return Decimal(3)

    async def load(self, session: AsyncSession, site: Site, items: Sequence[Video]) -> dict[int, list[Scene]]:
        return await scenes_of(session, site.workspace_id, [video.id for video in items])

    async def work(
        self, items: Sequence[Video], material: Mapping[int, list[Scene]], bench: Bench
    ) -> dict[int, Made]:
        await bench.files.expect(bench.site.workspace_id)
        made = await each(items, lambda video: _render(video, material[video.id], bench))
        return {video.id: one for video, one in zip(items, made, strict=True)}

    async def save(
        self, session: AsyncSession, site: Site, items: Sequence[Video], made: Mapping[int, Made]
    ) -> Saved:
        files = [file for one in made.values() for file in (one.file, one.cover)]
        await keep_assets(session, site.workspace_id, files)
        lines = dict[int, str]()
        for video in items:
            one = made[video.id]
            video.file, video.cover, video.seconds = one.file.sha256, one.cover.sha256, one.seconds
            video.width, video.height = size_of(video.shape)
            video.marks = video.marks | one.marks
            before = [note for note in video.notes if INSTEAD not in note]
            video.notes = [*before, *(note for note in one.notes if note not in before)]
            video.status, video.progress = "rendered", max(video.progress, 95)
            parts = f"{one.made} parts new, {one.reused} used again"
            lines[video.id] = f"Rendered “{video.title}”: {one.seconds:.0f} s, {parts}."
        await tell(session, site.workspace_id, list(lines), lines)
        counts = {
            "videos_rendered": len(items),
            "parts_rendered": sum(one.made for one in made.values()),
            "parts_reused": sum(one.reused for one in made.values()),
        }
        return Saved(counts, cost=sum(_credits(video) for video in items), lines=[*lines.values()])


def _credits(video: Video) -> int:
    return max(-(-round(video.seconds or video.target) // SECONDS_A_CREDIT), 1)


async def _render(video: Video, scenes: Sequence[Scene], bench: Bench) -> Made:
    parts, workspace = bench.studio.parts(bench.site), bench.site.workspace_id
    renderer = bench.studio.renderer()
    with tempfile.TemporaryDirectory(prefix="video-", dir=parts, ignore_cleanup_errors=True) as made:
        folder = Path(made)
        request = await _request(video, placed(scenes), folder, bench)
        telling = so_far(video.id, bench)
        done: Rendered = await renderer.render(request, folder / "video.mp4", parts, bench.meter, telling)
        source = origin_of(video, scenes)
        await asyncio.to_thread(mark, done.video, source, done.video)
        signed, unsigned = await _signed(done.video, source, video.title, bench)
        file = await bench.files.put(workspace, done.video, "video/mp4")
        cover = await bench.files.put(workspace, done.cover, "image/png")
    marks = source.as_json() | {"signed": signed, "watermark": request.watermark is not None}
    notes = (*done.notes, *filter(None, [unsigned]), *_instead(scenes))
    return Made(file, cover, done.seconds, notes, marks, done.made, done.reused)


def _instead(scenes: Sequence[Scene]) -> list[str]:
    """Which scenes a camera moves over though something else was chosen to make them, reason by reason."""
    found: dict[str, list[str]] = {}
    for scene in sorted(scenes, key=lambda one: one.position):
        if INSTEAD in scene.note:
            found.setdefault(scene.note, []).append(str(scene.position))
    return [
        f"Scene{'s' if len(places) > 1 else ''} {', '.join(places)}: {note}" for note, places in found.items()
    ]


async def _signed(file: Path, source: Origin, title: str, bench: Bench) -> tuple[bool, str]:
    """Whether the file has credentials now, and what they lack, or why there are none though wanted."""
    notary = bench.studio.notary
    if isinstance(notary, str):
        return False, notary
    try:
        return True, await notary.sign(file, source, file, title)
    except NeedsPerson as unfit:
        return False, unfit.why


async def _request(video: Video, places: Sequence[Placed], folder: Path, bench: Bench) -> RenderRequest:
    shown = [
        Shown(
            await fetched(bench, folder, place.scene.footage or place.scene.picture or ""),
            place.seconds,
            place.scene.move,  # type: ignore[arg-type]
            place.scene.seed,
            place.words,
        )
        for place in places
    ]
    width, height = size_of(video.shape)
    look = Look(
        width, height, video.captions, brand(bench.site).accent, video.language or bench.site.language,
        tuple(video.platforms),
    )  # fmt: skip
    narration = await fetched(bench, folder, video.narration or "")
    logo = await watermark(bench.site, folder, bench.files)
    ends = {which: await _bookend(video, which, folder, bench) for which in ("intro", "outro")}
    scenes = [*filter(None, (ends["intro"], *shown, ends["outro"]))]
    music, begins = part(video, "music"), seconds_of(video, "intro")
    closes = begins + sum(scene.seconds for scene in shown)
    return RenderRequest(
        tuple(scenes),
        narration,
        await fetched(bench, folder, str(music["asset"])) if music else None,
        logo,
        look,
        begins,
        tuple(
            Heard(end.footage, 0.0 if which == "intro" else max(closes - CROSSES / RATE, 0.0))
            for which, end in ends.items()
            if end is not None and part(video, which).get("sounds") and not part(video, which).get("silent")
        ),
        float(music.get("volume") or MUSIC),
    )


async def _bookend(video: Video, which: str, folder: Path, bench: Bench) -> Shown | None:
    facts = part(video, which)
    if not facts:
        return None
    clip = await fetched(bench, folder, str(facts["asset"]))
    return Shown(clip, seconds_of(video, which), "still", bare=True)
