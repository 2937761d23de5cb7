"""Stage 1: gives each video that was wanted without one the best topic that nobody used."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.lines.video.counts import OF_TOPICS
from nightdesk.lines.video.telling import tell
from nightdesk.lines.video.usual import usual
from nightdesk.stage import Bench, Counts, Policy, Saved, Stage
from nightdesk.store.picking import pick
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video

FOR_VIDEO = "video"
NONE_LEFT = (
    "No unused topic is left. Scrape the site's feeds, add topics or have some proposed, then try again."
)
ON_THE_WAY = (
    *("wanted", "picked", "pending", "scripted", "narrated", "captioned", "filmed", "rendered", "checked"),
)


class Topics(Stage[Video]):
    """A run that finds nothing on its way brings in one video of its own."""

    number, name, title, kind = 1, "topics", "Topics → Videos", "Local"
    policy = Policy(batch_size=1, queue="local")
    table, waits, counted = Video, "wanted", "topics_picked"
    walks = True
    fields = OF_TOPICS

    def heading(self, item: Video) -> str:
        return item.topic or "The next topic"

    async def gather(self, session: AsyncSession, site: Site) -> Counts:
        """One video more where the site has none on its way, and a topic for it."""
        of_site = {"workspace_id": site.workspace_id, "site_id": site.id}
        on_the_way = select(Video.id).filter_by(**of_site).where(Video.state.in_(ON_THE_WAY)).exists()
        topic = select(Topic.id).filter_by(**of_site, status="new").exists()
        if await session.scalar(select(~on_the_way & topic)):
            await session.execute(
                insert(Video).values(
                    **of_site,
                    topic="",
                    status="wanted",
                    asked_by="line",
                    platforms=list(site.platforms),
                    **usual(site),
                )
            )
        return {}

    async def load(self, session: AsyncSession, site: Site, items: Sequence[Video]) -> None:
        """Nothing: a topic is taken by the transaction that gives it to its video."""

    async def work(self, items: Sequence[Video], material: Any, bench: Bench) -> Any:
        return bench.clock.now()

    async def save(self, session: AsyncSession, site: Site, items: Sequence[Video], made: Any) -> Saved:
        refused: dict[int, str] = {}
        lines: list[str] = []
        for video in items:
            topic = await pick(session, site.workspace_id, site.id, used_for=FOR_VIDEO, now=made)
            if topic is None:
                refused[video.id] = NONE_LEFT
                continue
            video.topic_id, video.topic, video.status = topic.id, topic.title, "picked"
            lines.append(f"“{topic.title}” was picked for a video.")
        await tell(session, site.workspace_id, [video.id for video in items if video.id not in refused])
        return Saved({"topics_picked": len(items) - len(refused)}, refused, lines=lines)
