"""Stage 1, once a topic is picked: takes in what the topic leads to, so that the script has what to cite."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit.deadlines import Deadline
from nightdesk.kit.endings import Ending
from nightdesk.lines.side_by_side import each
from nightdesk.lines.video.counts import OF_TOPICS
from nightdesk.lines.video.telling import tell
from nightdesk.stage import Bench, Policy, Saved, Stage
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video

SECONDS = 45.0
"""That gathering for one video may take; what has come by then is kept."""

LATE = "The topic's pages did not all answer in time: the script cites what had come by then."


class Gathering(Stage[Video]):
    """Pages that cannot be had keep no video waiting: its log says so, and the script cites what there is."""

    number, name, title, kind = 1, "gathering", "Topics → Videos", "Local"
    policy = Policy(batch_size=1, concurrency=8, timeout=SECONDS + 30.0, queue="local")
    table, waits, counted = Video, "picked", "topics_gathered"
    walks = True
    fields = OF_TOPICS

    def heading(self, item: Video) -> str:
        return item.topic

    async def load(self, session: AsyncSession, site: Site, items: Sequence[Video]) -> None:
        """Nothing: what belongs to a topic is looked up when its pages are fetched."""

    async def work(self, items: Sequence[Video], material: None, bench: Bench) -> dict[int, Sequence[str]]:
        found = await each(items, lambda video: _gather(video, bench))
        return {video.id: says for video, says in zip(items, found, strict=True)}

    async def save(
        self, session: AsyncSession, site: Site, items: Sequence[Video], made: Mapping[int, Sequence[str]]
    ) -> Saved:
        for video in items:
            video.status = "pending"
        says = {number: " ".join(warnings) for number, warnings in made.items() if warnings}
        await tell(session, site.workspace_id, [video.id for video in items], says)
        return Saved({"topics_gathered": len(items)}, lines=[*says.values()])


async def _gather(video: Video, bench: Bench) -> Sequence[str]:
    if video.topic_id is None:
        return ()
    try:
        async with Deadline(SECONDS):
            return await bench.studio.gather(video.topic_id)
    except TimeoutError:
        return (LATE,)
    except Ending as ending:
        return (f"Not all that the topic leads to could be had: {ending.why}",)
