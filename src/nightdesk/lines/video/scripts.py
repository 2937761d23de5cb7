"""Stage 2: writes the script of each video and lays out its scenes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit.calculating import calculated
from nightdesk.lines.asking import site_brief
from nightdesk.lines.material import Material, read_material, terms
from nightdesk.lines.passages import in_reading_order, pick
from nightdesk.lines.side_by_side import each
from nightdesk.lines.video.given import opening
from nightdesk.lines.video.scripting.custom import from_custom
from nightdesk.lines.video.scripting.limited import Limited
from nightdesk.lines.video.scripting.made import ScriptBrief, ScriptMade, numbered
from nightdesk.lines.video.scripting.posting import fitted, limits_of
from nightdesk.lines.video.scripting.sourcing import sources_of
from nightdesk.lines.video.scripting.writing import write_script
from nightdesk.lines.video.telling import tell
from nightdesk.providers.text.questions import SourceDocument
from nightdesk.stage import Bench, Policy, Saved, Stage
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Scene, Video

CREDITS = 4
"""Of a script: it takes three or four calls."""
PASSAGES = 24
CALLS = 4


@dataclass(frozen=True)
class About:
    """What a script is written from: the topic's summary, and what the site's documents have."""

    summary: str
    material: Material


@dataclass(frozen=True)
class Made:
    """A script, whether what wrote it may publish without a person, and what each scene goes back to."""

    script: ScriptMade
    trusted: bool
    sources: Sequence[list[dict[str, Any]]] = ()


class Scripts(Stage[Video]):
    """Each video gets a script: its own words where a person gave them, else written about its topic."""

    number, name, title = 2, "scripts", "Topics → Scripts"
    policy = Policy(batch_size=1, timeout=120.0 * CALLS)
    table, waits, counted = Video, "pending", "scripts_written"
    walks = True
    fields = ("scripts_written", "scenes_planned", "total_words")

    def limit(self, bench: Bench) -> float:
        return bench.studio.seconds.script * CALLS

    def estimate(self, items: Sequence[Video]) -> int:
        return CREDITS * len(items)

    def credits_each(self) -> Decimal:
        return Decimal(CREDITS)

    def heading(self, item: Video) -> str:
        return item.title or item.topic

    async def load(self, session: AsyncSession, site: Site, items: Sequence[Video]) -> dict[int, About]:
        numbers = {video.topic_id for video in items if video.topic_id}
        query = select(Topic.id, Topic.summary).where(
            Topic.workspace_id == site.workspace_id, Topic.id.in_(numbers)
        )
        summaries: dict[int | None, str] = dict((await session.execute(query)).all())
        return {
            video.id: About(
                summaries.get(video.topic_id, ""), await read_material(session, site, _brief(video))
            )
            for video in items
            if not video.custom_script
        }

    async def work(
        self, items: Sequence[Video], material: Mapping[int, About], bench: Bench
    ) -> dict[int, Made]:
        made = await each(items, lambda video: _write(video, material.get(video.id), bench))
        return {video.id: one for video, one in zip(items, made, strict=True)}

    async def save(
        self, session: AsyncSession, site: Site, items: Sequence[Video], made: Mapping[int, Made]
    ) -> Saved:
        rows, lines, cost = list[dict[str, object]](), dict[int, str](), 0
        for video in items:
            one = made[video.id]
            _keep(video, one)
            scenes = _scenes(video, one)
            rows += scenes
            cost += 0 if video.custom_script else CREDITS
            lines[video.id] = (
                f"Wrote the script of “{video.title}”: {one.script.words} words, {len(scenes)} scenes."
            )
        gone = delete(Scene).where(
            Scene.workspace_id == site.workspace_id, Scene.video_id.in_([video.id for video in items])
        )
        await session.execute(gone.execution_options(synchronize_session=False))
        await session.execute(insert(Scene), rows)
        await tell(session, site.workspace_id, list(lines), lines)
        words = sum(made[video.id].script.words for video in items)
        counts = {"scripts_written": len(items), "scenes_planned": len(rows), "total_words": words}
        return Saved(counts, cost=cost, lines=[*lines.values()])


def _brief(video: Video) -> dict[str, object]:
    return {"title": video.topic, "keywords": [], "outline": []}


async def _write(video: Video, about: About | None, bench: Bench) -> Made:
    language = video.language or bench.site.language
    if about is None:
        script = await calculated(from_custom, video.custom_script, video.target, language)
        return Made(script, trusted=False)
    brief = await calculated(script_brief, video, about, bench.site, language)
    limited = Limited(bench.text, bench.studio.seconds.script, partial(bench.studio.tell, video.id))
    script = await write_script(limited, brief, bench.meter)
    sources = [sources_of(scene, brief) for scene in script.scenes]
    return Made(script, bench.text.trusted_to_publish, sources)


def script_brief(video: Video, about: About, site: Site, language: str) -> ScriptBrief:
    """What the script of a video is written from."""
    found = about.material
    titles = {number: document.title for number, document in found.documents.items()}
    best = pick(found.passages, terms(_brief(video)), PASSAGES, main=[video.topic], titles=titles)
    passages = numbered(in_reading_order(best, found.passages))
    documents: dict[int, SourceDocument] = {one.document: found.documents[one.document] for one in passages}
    return ScriptBrief(
        site=site_brief(site),
        title=video.topic,
        summary=about.summary,
        kind=video.kind,  # type: ignore[arg-type]
        language=language,
        seconds=video.target,
        documents=list(documents.values()),
        passages=passages,
        character=video.character,
        opening=opening(video),
        limits=limits_of(video.platforms),
        prompts=site.prompts,
    )


def _keep(video: Video, one: Made) -> None:
    script = one.script
    video.title = video.title or script.title
    video.language = script.language
    video.script = script.as_json() | {
        "description": fitted(script.description, script.hashtags, video.platforms),
        "hashtags": list(script.hashtags),
        "documents": list(script.documents),
    }
    video.checks = dict(script.checks)
    video.label, video.may_publish_itself = script.label, one.trusted
    video.status, video.progress = "scripted", max(video.progress, 15)


def _scenes(video: Video, made: Made) -> list[dict[str, object]]:
    spoken = made.script.scenes
    found = made.sources or [[] for _ in spoken]
    return [
        {
            "workspace_id": video.workspace_id,
            "site_id": video.site_id,
            "video_id": video.id,
            "position": position,
            "heading": scene.heading,
            "says": scene.says,
            "speaker": scene.speaker,
            "prompt": scene.prompt,
            "cites": list(scene.cites),
            "sources": sources,
            "seed": video.id * 100 + position,
        }
        for position, (scene, sources) in enumerate(zip(spoken, found, strict=True), 1)
    ]
