"""Stage 4: puts the narration together and writes the captions beside it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit.calculating import calculated
from nightdesk.lines.keeping import keep_assets
from nightdesk.lines.side_by_side import each
from nightdesk.lines.video.captioning import sheets
from nightdesk.lines.video.given import around, given, seconds_of
from nightdesk.lines.video.placing import LEAD, RATE, Placed, placed
from nightdesk.lines.video.promoting import promote
from nightdesk.lines.video.scenes import scenes_of
from nightdesk.media.captions.beside import cues, srt, vtt
from nightdesk.media.captions.lettering import Lettering
from nightdesk.media.sound.levelling import levelled
from nightdesk.media.sound.narration import Narration, joined
from nightdesk.media.sound.waves import from_wav, silence, to_wav
from nightdesk.stage import Bench, Policy, Saved, Stage
from nightdesk.store.files import AssetRef
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Scene, Video

_READ, _JOINED, _LAID = 0.4, 0.7, 0.9
"""Of the stage, when all sounds are read, when they are one narration, and when the captions are laid."""


@dataclass(frozen=True)
class Made:
    """The whole narration and its captions, stored; `missing` are characters that no font has."""

    narration: AssetRef
    srt: AssetRef
    vtt: AssetRef
    seconds: float
    missing: str
    given: dict[str, Any]


class Captions(Stage[Video]):
    """A narrated video gets one sound, at one loudness, and its captions as files."""

    number, name, title, kind = 4, "captions", "Narration → Captions", "Local"
    policy = Policy(batch_size=1, concurrency=4, timeout=120.0, queue="local")
    table, waits, counted = Video, "narrated", "videos_captioned"
    walks = True
    fields = ("videos_captioned",)

    async def load(self, session: AsyncSession, site: Site, items: Sequence[Video]) -> dict[int, list[Scene]]:
        return await scenes_of(session, site.workspace_id, [video.id for video in items])

    async def work(
        self, items: Sequence[Video], material: Mapping[int, list[Scene]], bench: Bench
    ) -> dict[int, Made]:
        await bench.files.expect(bench.site.workspace_id)
        made = await each(items, lambda video: _make(video, material[video.id], bench))
        return {video.id: one for video, one in zip(items, made, strict=True)}

    async def save(
        self, session: AsyncSession, site: Site, items: Sequence[Video], made: Mapping[int, Made]
    ) -> Saved:
        files = [file for one in made.values() for file in (one.narration, one.srt, one.vtt)]
        await keep_assets(session, site.workspace_id, files)
        for video in items:
            one = made[video.id]
            video.narration, video.srt, video.vtt = one.narration.sha256, one.srt.sha256, one.vtt.sha256
            video.seconds, video.given = one.seconds, one.given
            video.status, video.progress = "captioned", max(video.progress, 35)
            if one.missing:
                video.notes = [*video.notes, f"No font has {one.missing}: left out of the captions."]
        await promote(session, site.workspace_id, [video.id for video in items])
        return Saved({"videos_captioned": len(items)})


async def _make(video: Video, scenes: Sequence[Scene], bench: Bench) -> Made:
    workspace, places = bench.site.workspace_id, placed(scenes)
    video.given = given(video, bench.site)
    sounds: list[bytes] = []
    for place in places:
        sounds.append(await bench.files.get(workspace, place.scene.sound or ""))
        await bench.studio.tell(video.id, _READ * len(sounds) / len(places))
    narration = await asyncio.to_thread(_narration, places, sounds)
    await bench.studio.tell(video.id, _JOINED)
    language = video.language or bench.site.language
    shown, missing = await calculated(_captions, video, places, language)
    await bench.studio.tell(video.id, _LAID)
    return Made(
        narration=await bench.files.put(workspace, narration, "audio/wav"),
        srt=await bench.files.put(workspace, srt(shown).encode(), "application/x-subrip"),
        vtt=await bench.files.put(workspace, vtt(shown).encode(), "text/vtt"),
        seconds=places[-1].first / RATE + places[-1].seconds + around(video),
        missing=missing,
        given=video.given,
    )


def _narration(places: Sequence[Placed], sounds: Sequence[bytes]) -> bytes:
    """The scenes' sounds, each at its moment, at the loudness that platforms play at."""
    pieces = [Narration(from_wav(sound), ()) for sound in sounds]
    rate = max(piece.sound.rate for piece in pieces)
    before = Narration(silence(LEAD, rate), ())
    after = Narration(silence(places[-1].pause, rate), ())
    pauses = [0.0, *(place.pause for place, _ in pairwise(places)), 0.0]
    return to_wav(levelled(joined([before, *pieces, after], pauses).sound))


def _captions(
    video: Video, places: Sequence[Placed], language: str
) -> tuple[list[tuple[float, float, str]], str]:
    """The cues of the whole video, and what of it no font can show."""
    laid = sheets(video, places, language, Lettering())
    missing = sorted({char for sheet in laid for char in sheet.missing})
    before = seconds_of(video, "intro")
    starts = [before + place.first / RATE for place in places]
    return cues(zip(starts, laid, strict=True)), "".join(missing[:20])
