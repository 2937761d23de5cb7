"""The topics of a site: gathered, listed, typed, picked, given back, dismissed."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, NotFound, Taken
from nightdesk.desk.items import site_of
from nightdesk.desk.paging import Order, Page, Paging, orders, page_of
from nightdesk.desk.topics import gathering, picking, rescoring
from nightdesk.desk.topics.gathering import Gathered
from nightdesk.desk.topics.inputs import NewTopic, TopicFilter
from nightdesk.desk.topics.lists import read_list
from nightdesk.desk.topics.sorting import Told
from nightdesk.kit.clock import Clock
from nightdesk.quality.sameness import host_of
from nightdesk.sources.feeds.contract import FeedEntry
from nightdesk.store.events import Happening, write
from nightdesk.store.session import Store
from nightdesk.store.tables.feeds import Feed, Topic
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video

CHANGED = "topics_changed"
"""The event after which a list of topics is to be read anew."""


AT_ONCE = 200
"""Topics of a list that one transaction takes in."""


@dataclass(frozen=True)
class Imported:
    """How many topics of a list were new, and how many the site knew already."""

    new_topics: int
    known: int


class TopicRows:
    """`NotFound` where a site or topic is not the workspace's."""

    orders = orders(
        Order("score", Topic.score, Topic.id),
        Order("newest", Topic.id, Topic.id),
        Order("told", Topic.told_by, Topic.id),
        Order("title", Topic.title, Topic.id, descending=False),
    )

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock

    async def gather(
        self, session: AsyncSession, brought: Sequence[tuple[Feed, Sequence[FeedEntry]]]
    ) -> list[Gathered]:
        """Takes in what feeds gave, in the caller's transaction; what they gave before is left out."""
        return await gathering.gather(session, brought, self.clock)

    async def page(self, workspace_id: int, site_id: int, asked: TopicFilter, paging: Paging) -> Page[Topic]:
        """One page of a site's topics, with the counts of all of them by status."""
        await self.rescore(workspace_id, site_id)
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            mine = (Topic.workspace_id == workspace_id, Topic.site_id == site_id)
            query = select(Topic).where(*mine)
            if asked.undismissed:
                query = query.where(Topic.status != "dismissed")
            for column, value in ((Topic.status, asked.status), (Topic.source, asked.source)):
                query = query.where(column == value) if value is not None else query
            if asked.search:
                query = query.where(Topic.title.icontains(asked.search, autoescape=True))
            found, following = await page_of(session, query, paging)
            counted = select(Topic.status, func.count()).where(*mine).group_by(Topic.status)
            return Page(found, following, dict((await session.execute(counted)).all()))

    async def get(self, workspace_id: int, number: int) -> Topic:
        async with self.store.workspace(workspace_id) as session:
            return await self._find(session, workspace_id, number)

    async def add(self, workspace_id: int, site_id: int, new: NewTopic) -> Topic:
        """A topic typed by a person. Raises `Taken` where the site knows this story already."""
        told = Told(new.title, new.title, new.summary, new.url, host=host_of(new.url))
        async with self.store.workspace(workspace_id) as session:
            site = await site_of(session, workspace_id, site_id)
            done = await self.take_in(session, site, [told], "list")
            if not done.numbers:
                raise Taken(f"The site knows this story already: “{new.title}”.")
            return await self._find(session, workspace_id, done.numbers[0])

    async def add_many(
        self, workspace_id: int, site_id: int, titles: Sequence[str], source: str = "list"
    ) -> Gathered:
        """Topics by their titles; those that the site knows already are left out."""
        told = [Told(title, title) for title in titles if title.strip()]
        return await self._take_many(workspace_id, site_id, told, source)

    async def import_list(self, workspace_id: int, site_id: int, content: bytes) -> Imported:
        """Takes in a list in a file: one topic a line, or a table with a column `title`.

        Raises `Unreadable`.
        """
        told = await asyncio.to_thread(read_list, content)
        done = await self._take_many(workspace_id, site_id, told, "list")
        return Imported(done.new_topics, len(told) - done.new_topics)

    async def _take_many(
        self, workspace_id: int, site_id: int, told: Sequence[Told], source: str
    ) -> Gathered:
        """Takes in some at a time, so that no transaction is open for long over what they are compared by."""
        new, entries, numbers = 0, 0, list[int]()
        for start in range(0, max(len(told), 1), AT_ONCE):
            async with self.store.workspace(workspace_id) as session:
                site = await site_of(session, workspace_id, site_id)
                done = await self.take_in(session, site, told[start : start + AT_ONCE], source)
            new, entries = new + done.new_topics, entries + done.entries
            numbers += done.numbers
        return Gathered(new, entries, tuple(numbers))

    async def pick(
        self,
        workspace_id: int,
        site_id: int,
        *,
        used_for: str,
        source: str = "auto",
        topic_id: int | None = None,
    ) -> Topic:
        """The best new topic, from any source or the one named; nobody else gets it.

        Raises `NotFound` where none is left.
        """
        wanted = None if source == "auto" else source
        await self.rescore(workspace_id, site_id)
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            topic = await picking.pick(
                session,
                workspace_id,
                site_id,
                used_for=used_for,
                now=self.clock.now(),
                source=wanted,
                number=topic_id,
            )
            await self.tell(session, topic, f"“{topic.title}” was picked.")
            return topic

    async def rescore(self, workspace_id: int, site_id: int) -> int:
        """Weighs those topics whose score is due; returns how many."""
        return await rescoring.rescore(self.store, workspace_id, site_id, self.clock.now())

    async def mark_used(
        self, workspace_id: int, number: int, used_for: str = "elsewhere", *, site_id: int | None = None
    ) -> Topic:
        """It is proposed no more; again the same changes nothing. Raises `Conflict` where it is dismissed.

        With a site, a topic of another one is not found.
        """
        async with self.store.workspace(workspace_id) as session:
            found = await self._find(session, workspace_id, number)
            if site_id is not None and found.site_id != site_id:
                raise NotFound("topic")
            topic = await picking.take(session, workspace_id, number, used_for, self.clock.now())
            await self.tell(session, topic, f"“{topic.title}” was marked as used.")
            return topic

    async def give_back(self, workspace_id: int, number: int) -> Topic:
        """A used topic is new again, and a video of it that waits is no longer asked for.

        What was planned of it stays. Of a topic that is not used nothing changes.
        """
        async with self.store.workspace(workspace_id) as session:
            topic = await self._find(session, workspace_id, number)
            if await picking.give_back(session, workspace_id, [number]):
                waits = (Video.workspace_id == workspace_id, Video.topic_id == number)
                await session.execute(delete(Video).where(*waits, Video.status == "pending"))
                await session.refresh(topic)
                await self.tell(session, topic, f"“{topic.title}” was given back.")
            return topic

    async def dismiss(self, workspace_id: int, number: int) -> Topic:
        """Takes it out of the list; the story does not come back. Raises `Conflict` where it is used."""
        return await self._turn(workspace_id, number, "new", "dismissed")

    async def restore(self, workspace_id: int, number: int) -> Topic:
        """Takes a dismissal back. Raises `Conflict` where it is used."""
        return await self._turn(workspace_id, number, "dismissed", "new")

    async def _turn(self, workspace_id: int, number: int, before: str, after: str) -> Topic:
        async with self.store.workspace(workspace_id) as session:
            await self._find(session, workspace_id, number)
            topic = await picking.find(session, workspace_id, number, lock=True)
            if topic.status not in (before, after):
                raise Conflict("This topic is in use: give it back first.")
            if topic.status == before:
                topic.status = after
                told = "was dismissed" if after == "dismissed" else "is proposed again"
                await self.tell(session, topic, f"“{topic.title}” {told}.")
            return topic

    async def take_in(self, session: AsyncSession, site: Site, told: Sequence[Told], source: str) -> Gathered:
        """Takes in stories that come from no feed, and tells of it."""
        entered = source == "trending"
        done = await gathering.take_in(
            session, site, told, source=source, now=self.clock.now(), entered=entered
        )
        if done.new_topics:
            happening = Happening(CHANGED, f"{done.new_topics} new topics.", data={"source": source})
            await write(session, site.workspace_id, [happening], at=self.clock.now(), site_id=site.id)
        return done

    async def tell(self, session: AsyncSession, topic: Topic, message: str) -> None:
        """Writes down that a topic changed."""
        data: dict[str, Any] = {"topic_id": topic.id, "status": topic.status}
        await write(
            session,
            topic.workspace_id,
            [Happening(CHANGED, message, data=data)],
            at=self.clock.now(),
            site_id=topic.site_id,
        )

    async def _find(self, session: AsyncSession, workspace_id: int, number: int) -> Topic:
        topic = await picking.find(session, workspace_id, number)
        archived = text("select archived_at is not null from sites where workspace_id = :w and id = :s")
        if await session.scalar(archived, {"w": workspace_id, "s": topic.site_id}):
            raise NotFound("topic")
        return topic
