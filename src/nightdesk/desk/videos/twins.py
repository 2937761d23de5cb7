"""One idea in both forms: an article also made as a video, a video also written as an article, each once."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, NotFound
from nightdesk.desk.items import site_of
from nightdesk.desk.people import Actor
from nightdesk.desk.people.book import note
from nightdesk.desk.people.roles import require
from nightdesk.desk.topics.planning import plan_article
from nightdesk.desk.videos.affording import Affording, Order
from nightdesk.desk.videos.starting import Starting
from nightdesk.desk.videos.wishes import LONGEST_OF, VideoWish, checked
from nightdesk.kit import ids, points
from nightdesk.kit.text import shorten
from nightdesk.lines.video.telling import tell
from nightdesk.store.session import Store
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.planner import Task
from nightdesk.store.tables.results import Twin
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content

LONGEST_SUMMARY = 600


@dataclass(frozen=True)
class Twins:
    """An idea in its two forms, of the site with the slug `site`. `content_id` is None until the article is
    written; `new` where this call asked for the other form."""

    task_id: int
    video_id: int
    content_id: int | None
    article: str
    article_status: str
    video: str
    video_status: str
    site: str
    new: bool = False


@dataclass(frozen=True)
class Twinning:
    """Asks for the other form of a piece. `NotFound` where the piece is not the workspace's."""

    store: Store
    starting: Starting
    affording: Affording

    async def of_content(self, workspace_id: int, number: int) -> Twins | None:
        """Of an article; None where it has no other form."""
        async with self.store.workspace(workspace_id) as session:
            content = await _content(session, workspace_id, number)
            return await _shown(session, workspace_id, Twin.task_id == content.task_id)

    async def of_video(self, workspace_id: int, number: int) -> Twins | None:
        """Of a video; None where it has no other form."""
        async with self.store.workspace(workspace_id) as session:
            await _video(session, workspace_id, number)
            return await _shown(session, workspace_id, Twin.video_id == number)

    async def as_video(self, by: Actor, number: int) -> Twins:
        """Has a video made of what an article is about; asking again changes nothing.

        Raises `NotAllowed`, and `InsufficientCredits`; nothing was asked for then.
        """
        require(by, "editor")
        of = by.workspace_id
        async with self.store.workspace(of) as session:
            content = await _content(session, of, number)
            if there := await _shown(session, of, Twin.task_id == content.task_id):
                return there
        wish = VideoWish(topic=shorten(content.title, LONGEST_OF["topic"]), language=content.language)
        await self.affording.check(of, [Order(content.site_id, wish)])
        async with self.store.workspace(of) as session:
            site = await site_of(session, of, content.site_id)
            # Whoever asks at the same time waits here, and finds what the first has made.
            await session.get_one(Task, (of, content.task_id), with_for_update=True)
            there = await _shown(session, of, Twin.task_id == content.task_id)
            if there is None:
                video = await self._order(session, site, wish)
                there = await self._keep(session, by, site, content.task_id, video.id, content.title)
        points.reach("videos.twin.kept")
        if there.new:
            await self.starting.start(of, content.site_id)
        return there

    async def as_article(self, by: Actor, number: int) -> Twins:
        """Plans an article on what a video is about; asking again changes nothing.

        Raises `NotAllowed`; `Conflict` where the video has no topic yet.
        """
        require(by, "editor")
        of = by.workspace_id
        async with self.store.workspace(of) as session:
            video = await _video(session, of, number, lock=True)
            if there := await _shown(session, of, Twin.video_id == number):
                return there
            if not (video.topic or video.title):
                raise Conflict("The video has no topic yet: it takes one when its turn comes.")
            site = await site_of(session, of, video.site_id)
            topic = await _topic(session, video)
            # The topic is the video's as well, so it is not given back when the article's plan is.
            plan = await plan_article(session, site, topic)
            there = await self._keep(session, by, site, plan.task_id, number, video.title or video.topic)
        points.reach("videos.twin.kept")
        return there

    async def _order(self, session: AsyncSession, site: Site, wish: VideoWish) -> Video:
        video = Video(
            workspace_id=site.workspace_id,
            site_id=site.id,
            topic=wish.topic,
            ordered=ids.sortable_id(self.starting.clock),
            asked_by="person",
            **checked(wish, site),
        )
        session.add(video)
        await session.flush()
        told = {video.id: f"A video about “{wish.topic}” was asked for, beside its article."}
        await tell(session, site.workspace_id, [video.id], told)
        return video

    async def _keep(
        self, session: AsyncSession, by: Actor, site: Site, task_id: int, video_id: int, title: str
    ) -> Twins:
        of = site.workspace_id
        session.add(Twin(workspace_id=of, site_id=site.id, task_id=task_id, video_id=video_id))
        await session.flush()
        await note(session, of, by, "twin_asked", self.starting.clock.now(), title)
        points.reach("videos.twin.written")
        found = await _shown(session, of, Twin.video_id == video_id, new=True)
        assert found is not None
        return found


async def _content(session: AsyncSession, workspace_id: int, number: int) -> Content:
    found = await session.get(Content, (workspace_id, number))
    if found is None:
        raise NotFound("article")
    return found


async def _video(session: AsyncSession, workspace_id: int, number: int, *, lock: bool = False) -> Video:
    found = await session.get(Video, (workspace_id, number), with_for_update=True if lock else None)
    if found is None:
        raise NotFound("video")
    return found


async def _topic(session: AsyncSession, video: Video) -> Topic:
    """The video's own; else what it is about, as a topic that is kept nowhere."""
    if video.topic_id is not None:
        return await session.get_one(Topic, (video.workspace_id, video.topic_id))
    said = str(video.script.get("description") or video.script.get("hook") or "")
    return Topic(
        workspace_id=video.workspace_id,
        site_id=video.site_id,
        title=video.title or video.topic,
        summary=shorten(said, LONGEST_SUMMARY) if said else "",
        idea_id=None,
    )


async def _shown(session: AsyncSession, workspace_id: int, which: Any, *, new: bool = False) -> Twins | None:
    query = (
        select(Site.slug, Task, Video, Content)
        .select_from(Twin)
        .join(Site, (Site.workspace_id == Twin.workspace_id) & (Site.id == Twin.site_id))
        .join(Task, (Task.workspace_id == Twin.workspace_id) & (Task.id == Twin.task_id))
        .join(Video, (Video.workspace_id == Twin.workspace_id) & (Video.id == Twin.video_id))
        .outerjoin(Content, (Content.workspace_id == Twin.workspace_id) & (Content.task_id == Twin.task_id))
        .where(Twin.workspace_id == workspace_id, which)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    site, task, video, content = row
    return Twins(
        task.id,
        video.id,
        content.id if content else None,
        content.title if content else task.title,
        content.state if content else task.state,
        video.title or video.topic,
        video.state,
        site,
        new,
    )
