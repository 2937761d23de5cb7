"""Stage 3: has what each scene says read aloud."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit.endings import Refused
from nightdesk.lines.keeping import keep_assets
from nightdesk.lines.side_by_side import each
from nightdesk.lines.video.promoting import promote
from nightdesk.lines.video.second_voice import second_voice
from nightdesk.media.sound.narration import Narration as Sounding
from nightdesk.media.sound.narration import TimedWord, trimmed
from nightdesk.media.sound.waves import from_wav, to_wav
from nightdesk.providers.speech.contract import SpeechRequest, Spoken
from nightdesk.stage import Bench, Policy, Saved, Stage
from nightdesk.store.files import AssetRef
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Scene, Video

CHARACTERS_A_CREDIT = 1000
STORING = 15.0
"""Seconds beside those of the voice, which says by itself when it took too long."""


@dataclass(frozen=True)
class Voices:
    """Of a video: its language and the voices of its two speakers, empty where nobody chose one."""

    language: str
    first: str
    second: str


@dataclass(frozen=True)
class Made:
    """A scene's sound as it is stored, and when each word is said in it."""

    asset: AssetRef
    words: list[list[object]]
    seconds: float
    label: str
    credits: int
    note: str


class Narration(Stage[Scene]):
    """Each scene's words become sound, trimmed, with the time of every word."""

    number, name, title = 3, "narration", "Scripts → Narration"
    policy = Policy(batch_size=1, concurrency=8, timeout=300.0, queue="speech")
    table, waits, counted = Scene, "pending", "scenes_spoken"
    walks = True
    fields = ("scenes_spoken", "seconds_spoken")

    def limit(self, bench: Bench) -> float:
        return bench.studio.seconds.speech + STORING

    def estimate(self, items: Sequence[Scene]) -> int:
        return sum(_begun(scene.says) for scene in items)

    def credits_each(self) -> Decimal:
        return Decimal(1)

    def heading(self, item: Scene) -> str:
        return item.heading or item.says[:60]

    async def load(self, session: AsyncSession, site: Site, items: Sequence[Scene]) -> dict[int, Voices]:
        query = select(Video.id, Video.language, Video.voice, Video.second_voice).where(
            Video.workspace_id == site.workspace_id, Video.id.in_({scene.video_id for scene in items})
        )
        usual = str(site.video.get("voice") or "")
        return {
            number: Voices(language or site.language, voice or usual, second)
            for number, language, voice, second in await session.execute(query)
        }

    async def work(
        self, items: Sequence[Scene], material: Mapping[int, Voices], bench: Bench
    ) -> dict[int, Made]:
        await bench.files.expect(bench.site.workspace_id)
        made = await each(items, lambda scene: _speak(scene, material[scene.video_id], bench))
        return {scene.id: one for scene, one in zip(items, made, strict=True)}

    async def save(
        self, session: AsyncSession, site: Site, items: Sequence[Scene], made: Mapping[int, Made]
    ) -> Saved:
        await keep_assets(session, site.workspace_id, (one.asset for one in made.values()))
        for scene in items:
            one = made[scene.id]
            scene.sound, scene.words, scene.seconds = one.asset.sha256, list(one.words), one.seconds
            scene.voice = one.label
            scene.status = "filmed" if scene.picture else "spoken"
        await promote(session, site.workspace_id, {scene.video_id for scene in items})
        seconds = round(sum(one.seconds for one in made.values()))
        counts = {"scenes_spoken": len(items), "seconds_spoken": seconds}
        notes = [f"Scene {one.position}: {made[one.id].note}" for one in items if made[one.id].note]
        return Saved(counts, cost=sum(one.credits for one in made.values()), lines=notes)


async def _speak(scene: Scene, of_video: Voices, bench: Bench) -> Made:
    lexicon = bench.site.video.get("lexicon") or {}
    speech = bench.studio.speech()
    voice, alone = of_video.second if scene.speaker else of_video.first, ""
    if scene.speaker and not of_video.second:
        voice, alone = await second_voice(speech, of_video.language, of_video.first)
    request = SpeechRequest(scene.says, of_video.language, voice, lexicon=lexicon)
    spoken = await speech.speak(request, bench.meter)
    sounding = await asyncio.to_thread(_trimmed, spoken)
    if not sounding.words:
        raise Refused("The voice said nothing: write what is to be said in this scene.")
    content = await asyncio.to_thread(to_wav, sounding.sound)
    asset = await bench.files.put(bench.site.workspace_id, content, "audio/wav")
    words: list[list[object]] = [[w.text, round(w.start, 3), round(w.end, 3)] for w in sounding.words]
    credits = speech.credits * _begun(scene.says)
    note = " ".join(filter(None, (alone, spoken.note)))
    return Made(asset, words, sounding.sound.seconds, spoken.label, credits, note)


def _trimmed(spoken: Spoken) -> Sounding:
    words = tuple(TimedWord(word.text, word.start, word.end) for word in spoken.words)
    return trimmed(Sounding(from_wav(spoken.sound), words))


def _begun(text: str) -> int:
    return max(-(-len(text) // CHARACTERS_A_CREDIT), 1)
