"""Plans an article about a topic, and gathers what pieces about it may cite."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, DeskError, Invalid, NotFound
from nightdesk.desk.items import site_of
from nightdesk.desk.sources import Added, Sources
from nightdesk.desk.topics import picking
from nightdesk.desk.topics.planning import Plan, plan_article
from nightdesk.kit import points
from nightdesk.kit.clock import Clock
from nightdesk.kit.text import count_words
from nightdesk.store.events import Happening, write
from nightdesk.store.session import Store
from nightdesk.store.tables.feeds import Entry, Topic

FOR_ARTICLE = "article"
PAGES = 3
"""Pages of a topic that are fetched, those of different hosts."""

SECONDS = 20.0
"""That fetching them may take in all."""

ENOUGH = 15
"""Words of a summary that an article can cite something of."""


@dataclass(frozen=True)
class Planned:
    """An article that is planned; `warnings` say which of its sources could not be had."""

    topic: Topic
    cluster_id: int
    idea_id: int
    task_id: int
    undo: int | None
    documents: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Using:
    """Leads a topic to its next step."""

    store: Store
    clock: Clock
    sources: Sources

    async def for_article(self, workspace_id: int, site_id: int, number: int) -> Planned:
        """Plans an article about the topic and gathers what it may cite.

        The plan stands once this is told of, whatever becomes of the sources. Raises `NotFound`, and
        `Conflict` where the topic is in use or dismissed.
        """
        async with self.store.workspace(workspace_id) as session:
            site = await site_of(session, workspace_id, site_id)
            topic = await self._take(session, workspace_id, site_id, number, FOR_ARTICLE)
            plan = await plan_article(session, site, topic)
            await self._tell(session, topic, f"An article about “{topic.title}” was planned.")
            points.reach("topics.article.written")
        points.reach("topics.article.kept")
        documents, warnings = await self.gather(topic)
        return _planned(topic, plan, documents, warnings)

    async def _take(
        self, session: AsyncSession, workspace_id: int, site_id: int, number: int, used_for: str
    ) -> Topic:
        topic = await picking.find(session, workspace_id, number, lock=True)
        if topic.site_id != site_id:
            raise NotFound("topic")
        if topic.status != "new":
            how = "was dismissed" if topic.status == "dismissed" else f"is used for: {topic.used_for}"
            raise Conflict(f"This topic {how}. Bring it back first.")
        return await picking.take(session, workspace_id, number, used_for, self.clock.now())

    async def gather_of(self, workspace_id: int, number: int) -> list[str]:
        """As `gather`, by a topic's number; nothing for one that is gone. Tells what could not be had."""
        async with self.store.workspace(workspace_id) as session:
            topic = await session.get(Topic, (workspace_id, number))
        return list(dict.fromkeys((await self.gather(topic))[1])) if topic else []

    async def gather(self, topic: Topic) -> tuple[list[int], list[str]]:
        """What the feeds said and the pages they lead to, as documents; failures are told, not raised."""
        found: list[int] = []
        warnings: list[str] = []
        if count_words(topic.summary) >= ENOUGH:
            of = (topic.workspace_id, topic.site_id)
            await self._kept(
                self.sources.add_entry(*of, topic.title, topic.summary, topic.url), found, warnings
            )
        entries = await self._entries(topic)
        try:
            async with asyncio.timeout(SECONDS):
                await asyncio.gather(*(self._page(topic, one, found, warnings) for one in entries))
        except TimeoutError:
            warnings.append("Some pages did not answer in time: add them to the site's sources by hand.")
        return found, warnings

    async def _page(self, topic: Topic, entry: Entry, found: list[int], warnings: list[str]) -> None:
        adding = self.sources.add_page(topic.workspace_id, topic.site_id, entry.url)
        number = await self._kept(adding, found, warnings)
        if number is not None and entry.id:
            async with self.store.workspace(topic.workspace_id) as session:
                kept = update(Entry).where(Entry.workspace_id == topic.workspace_id, Entry.id == entry.id)
                await session.execute(kept.values(document_id=number))

    async def _kept(self, adding: Awaitable[Added], found: list[int], warnings: list[str]) -> int | None:
        try:
            added = await adding
        except DeskError as error:
            field = "" if isinstance(error, Invalid) else "A page could not be read: "
            warnings.append(f"{field}{error}")
            return None
        found.append(added.document.id)
        warnings.extend(added.warnings)
        return added.document.id

    async def _entries(self, topic: Topic) -> list[Entry]:
        """The first story of each host; of a topic without any, its own address."""
        async with self.store.workspace(topic.workspace_id) as session:
            query = (
                select(Entry)
                .where(Entry.workspace_id == topic.workspace_id, Entry.topic_id == topic.id, Entry.url != "")
                .order_by(Entry.id)
                .limit(100)
            )
            stories = list(await session.scalars(query))
        of_host = {one.host: one for one in reversed(stories)}
        if not of_host and topic.url:
            return [Entry(workspace_id=topic.workspace_id, url=topic.url, host="")]
        return sorted(of_host.values(), key=lambda one: one.id)[:PAGES]

    async def _tell(self, session: AsyncSession, topic: Topic, message: str) -> None:
        data = {"topic_id": topic.id, "status": topic.status}
        happening = Happening("topics_changed", message, data=data)
        await write(session, topic.workspace_id, [happening], at=self.clock.now(), site_id=topic.site_id)


def _planned(topic: Topic, plan: Plan, documents: list[int], warnings: list[str]) -> Planned:
    return Planned(
        topic,
        plan.cluster_id,
        plan.idea_id,
        plan.task_id,
        plan.undo,
        tuple(dict.fromkeys(documents)),
        tuple(dict.fromkeys(warnings)),
    )
