"""Stage 5: gives each scene something to be seen: a picture, and how it moves."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.lines.branding import brand
from nightdesk.lines.keeping import keep_assets
from nightdesk.lines.side_by_side import each
from nightdesk.lines.video.asked_makers import asked_for, asking, told_unmet
from nightdesk.lines.video.origins import GIVEN, GIVEN_BY_MODEL
from nightdesk.lines.video.own_pieces import Piece, in_turn, pieces_of, planned
from nightdesk.lines.video.picturing import Shown, Told, mark_of, shown
from nightdesk.lines.video.promoting import promote
from nightdesk.lines.video.scenes import scenes_of
from nightdesk.lines.video.sizes import size_of
from nightdesk.media.camera import chosen
from nightdesk.media.sniffing import ENOUGH, sniffed
from nightdesk.media.sound.narration import pause_after
from nightdesk.providers.clips.contract import ClipRequest
from nightdesk.providers.images.contract import PictureRequest
from nightdesk.stage import Bench, Policy, Saved, Stage
from nightdesk.store.files import AssetRef
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Scene, Video

COMPARED = 20
"""The site's last videos, whose footage is not to be seen again."""


@dataclass(frozen=True)
class Made:
    """What is seen in a scene, as it is stored."""

    picture: AssetRef
    footage: AssetRef | None
    move: str
    label: str
    note: str
    source: str
    credits: int
    unmet: str | None = None
    """See `Bench.unmet`; None where no maker of clips was asked at all."""


@dataclass(frozen=True)
class About:
    """A scene's video: what is told of it, the sources of footage that its scenes have (by their number),
    those of the site's last videos, and the site's own pieces that its scenes may show."""

    told: Told
    given: Mapping[int, str]
    stale: frozenset[str]
    own: Mapping[int, Sequence[Piece]]
    maker: str
    """Who is to film it, by the name that it came with."""


class Clips(Stage[Scene]):
    """Each scene gets a picture, and a clip of it or a move of the camera over it.

    What the site has of its own goes first, where it fits clearly; all else is made or found by providers.
    All waiting scenes of all the site's videos come one after the other, while a model is loaded.
    """

    number, name, title = 5, "clips", "Captions → Clips"
    policy = Policy(batch_size=1, concurrency=8, timeout=600.0, queue="clips", scarce="gpu")
    priced_by = "clips"
    table, waits, counted = Scene, "spoken", "scenes_filmed"
    walks = True
    fields = ("scenes_filmed",)

    def limit(self, bench: Bench) -> float:
        return bench.studio.seconds.clip

    def estimate(self, items: Sequence[Scene]) -> int:
        return len(items)

    def credits_each(self) -> Decimal:
        return Decimal(1)

    def heading(self, item: Scene) -> str:
        return item.heading or item.says[:60]

    def shared_out(self, items: Sequence[Scene], size: int) -> list[Sequence[Scene]]:
        """As usual, but each batch of one video: another may be filmed by somebody else."""
        videos = [list(scenes) for _, scenes in groupby(items, lambda scene: scene.video_id)]
        return [batch for scenes in videos for batch in super(Clips, self).shared_out(scenes, size)]

    async def asked(self, session: AsyncSession, items: Sequence[Scene]) -> Mapping[int, str]:
        return await asked_for(session, items)

    async def asking(self, session: AsyncSession, site: Site) -> Mapping[str, int]:
        return await asking(session, site, self.waits)

    def equipped(self, bench: Bench, material: Mapping[int, About]) -> Bench:
        makers = {about.maker for about in material.values()}
        return bench.filmed_by(makers.pop()) if bench.filmed_by and len(makers) == 1 else bench

    async def load(self, session: AsyncSession, site: Site, items: Sequence[Scene]) -> dict[int, About]:
        numbers = {scene.video_id for scene in items}
        videos = select(Video).where(Video.workspace_id == site.workspace_id, Video.id.in_(numbers))
        scenes = await scenes_of(session, site.workspace_id, list(numbers))
        stale, own = await _of_last(session, site, numbers), await pieces_of(session, site)
        return {
            video.id: _about(video, site, scenes[video.id], stale, own)
            for video in await session.scalars(videos)
        }

    async def work(
        self, items: Sequence[Scene], material: Mapping[int, About], bench: Bench
    ) -> dict[int, Made]:
        await bench.files.expect(bench.site.workspace_id)
        made = await each(items, lambda scene: _film(scene, material[scene.video_id], bench))
        return {scene.id: one for scene, one in zip(items, made, strict=True)}

    async def save(
        self, session: AsyncSession, site: Site, items: Sequence[Scene], made: Mapping[int, Made]
    ) -> Saved:
        files = [file for one in made.values() for file in (one.picture, one.footage) if file]
        await keep_assets(session, site.workspace_id, files)
        for scene in items:
            one = made[scene.id]
            scene.picture, scene.mime = one.picture.sha256, one.picture.mime
            scene.footage = one.footage.sha256 if one.footage else None
            scene.move, scene.label, scene.note, scene.source = one.move, one.label, one.note, one.source
            scene.status = "filmed"
        asked = ((scene.video_id, made[scene.id].unmet) for scene in items)
        await told_unmet(session, site, {video: unmet for video, unmet in asked if unmet is not None})
        await promote(session, site.workspace_id, {scene.video_id for scene in items})
        return Saved({"scenes_filmed": len(items)}, cost=sum(one.credits for one in made.values()))


async def _of_last(session: AsyncSession, site: Site, but: Collection[int]) -> frozenset[str]:
    """The sources of footage of the site's last videos."""
    last = (
        select(Video.id)
        .where(Video.workspace_id == site.workspace_id, Video.site_id == site.id, Video.id.not_in(but))
        .order_by(Video.id.desc())
        .limit(COMPARED)
    )
    used = select(Scene.source).where(
        Scene.workspace_id == site.workspace_id, Scene.video_id.in_(last), Scene.source != ""
    )
    return frozenset(await session.scalars(used))


def _about(
    video: Video, site: Site, scenes: Sequence[Scene], stale: frozenset[str], own: Sequence[Piece]
) -> About:
    told = _told(video, site, scenes)
    given = {scene.id: scene.source for scene in scenes if scene.source}
    return About(told, given, stale, planned(own, scenes, told, stale, site.subject), video.model)


def _told(video: Video, site: Site, scenes: Sequence[Scene]) -> Told:
    width, height = size_of(video.shape)
    return Told(
        title=video.title or video.topic,
        kind=video.kind,
        script=video.script,
        language=video.language or site.language,
        width=width,
        height=height,
        captions=video.captions,
        platforms=tuple(video.platforms),
        mark=mark_of(site, width, height),
        lines={scene.position: scene.says for scene in scenes},
        headings={scene.position: scene.heading for scene in scenes},
    )


async def _film(scene: Scene, video: About, bench: Bench) -> Made:
    for piece, fresh in in_turn(video.own.get(scene.id, ()), video.stale):
        if await bench.studio.take(scene.id, piece.source, fresh=fresh):
            return _of_own(scene, piece, video.told)
    workspace, about = bench.site.workspace_id, video.told
    seen = shown(scene, about)
    logo = str(bench.site.brand.get("logo") or "")
    if seen.view.kind == "call" and logo:
        seen = replace(seen, view=replace(seen.view, logo=await bench.files.get(workspace, logo)))
    picture = await bench.images.make(_request(scene, seen, about, bench.site), bench.meter)
    stored = await bench.files.put(workspace, picture.content, picture.mime)
    seconds = (scene.seconds or 1.0) + pause_after(scene.says)
    maker = bench.studio.clips()
    clip = await maker.make(
        ClipRequest(
            picture.content,
            scene.prompt,
            seconds,
            about.width,
            about.height,
            scene.seed,
            avoid=frozenset(source for number, source in video.given.items() if number != scene.id),
            stale=video.stale,
            take=partial(bench.studio.take, scene.id),
            language=about.language,
        ),
        bench.meter,
    )
    footage = None
    if clip.footage:
        footage = await bench.files.put(workspace, clip.footage, sniffed(clip.footage[:ENOUGH]).mime)
    label = ", ".join(dict.fromkeys((bench.images.label, clip.maker or maker.label)))
    credits = bench.images.credits + clip.credits
    return Made(stored, footage, clip.move, label, clip.note, clip.source, credits, bench.unmet)


def _of_own(scene: Scene, piece: Piece, about: Told) -> Made:
    """The site's own piece: a clip as it is, a photo under a camera."""
    move = "still" if piece.footage else chosen(scene.seed, *piece.size, (about.width, about.height))
    label = GIVEN_BY_MODEL if piece.by_model else GIVEN
    return Made(piece.picture, piece.footage, move, label, piece.note, piece.source, 0)


def _request(scene: Scene, seen: Shown, about: Told, site: Site) -> PictureRequest:
    """The same scene is always asked for alike."""
    return PictureRequest(
        prompt=scene.prompt or scene.says,
        title=seen.heading,
        language=about.language,
        width=about.width,
        height=about.height,
        seed=scene.seed,
        brand=brand(site),
        scene=seen.view,
    )
