"""Orders videos: each with a topic that nobody else gets, with what it may cite, and a run to make it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nightdesk.desk.errors import Conflict, Invalid, NotFound
from nightdesk.desk.items import site_of
from nightdesk.desk.topics import Topics, picking
from nightdesk.desk.videos.affording import Affording, Order
from nightdesk.desk.videos.starting import Starting
from nightdesk.desk.videos.wishes import VideoWish, checked
from nightdesk.desk.voices import Voices
from nightdesk.kit import ids, points
from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.lines.video.telling import tell
from nightdesk.store.picking import best
from nightdesk.store.session import Store
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video

FOR_VIDEO = "video"
TRIES = 3
"""At finding a site's best topic that nobody takes while its pages are fetched."""

LONGEST_TITLE = 80


@dataclass(frozen=True)
class Ordered:
    """The videos that wait now, variants of one another.

    `waits` says what has to be done before they are made, empty where a run takes them up by itself.
    `warnings` tell which of the topic's pages could not be had.
    """

    videos: Sequence[Video]
    waits: str = ""
    warnings: Sequence[str] = ()


@dataclass(frozen=True)
class Ordering:
    """Takes orders."""

    store: Store
    topics: Topics
    voices: Voices
    starting: Starting
    affording: Affording

    async def order(self, workspace_id: int, site_id: int, wish: VideoWish, by: str = "person") -> Ordered:
        """Keeps the videos and has them taken up; `by` says whence the order came (`person`, `api`, `cli`,
        `topic`).

        Raises `NotFound` for the site or the topic, and where no topic is left; `Invalid` for the field that
        is wrong; `Conflict` where the topic is in use; `InsufficientCredits`. Nothing was kept then.
        """
        async with self.store.workspace(workspace_id) as session:
            site = await site_of(session, workspace_id, site_id)
        facts = checked(wish, site)
        await self._known_voices(site, facts)
        await self.affording.check(workspace_id, [Order(site_id, wish)])
        topic, warnings = await self._topic(site, wish)
        videos = await self._keep(site, wish, {**facts, "asked_by": by}, topic)
        return Ordered(videos, await self.starting.start(workspace_id, site_id), warnings)

    async def _keep(
        self, site: Site, wish: VideoWish, facts: dict[str, Any], topic: Topic | None
    ) -> list[Video]:
        async with self.store.workspace(site.workspace_id) as session:
            await site_of(session, site.workspace_id, site.id)
            if topic is not None:
                topic = await picking.pick(
                    session,
                    site.workspace_id,
                    site.id,
                    used_for=FOR_VIDEO,
                    now=self.topics.clock.now(),
                    number=topic.id,
                )
                await self.topics.tell(session, topic, f"“{topic.title}” was picked for a video.")
            about = topic.title if topic else wish.topic.strip() or _named(wish)
            order = ids.sortable_id(self.topics.clock)
            videos = [
                Video(
                    workspace_id=site.workspace_id,
                    site_id=site.id,
                    topic_id=topic.id if topic else None,
                    topic=about,
                    ordered=order,
                    variant=variant,
                    **facts,
                )
                for variant in range(1, wish.count + 1)
            ]
            session.add_all(videos)
            await session.flush()
            for video in videos:
                await session.refresh(video)
            told = {video.id: f"A video about “{about}” was asked for." for video in videos}
            await tell(session, site.workspace_id, list(told), told)
            points.reach("videos.order.written")
        points.reach("videos.order.kept")
        return videos

    async def _topic(self, site: Site, wish: VideoWish) -> tuple[Topic | None, list[str]]:
        """The site's topic that is meant, with its pages gathered; it is taken only with the video."""
        if wish.topic_id is None and (wish.topic.strip() or wish.custom_script.strip()):
            return None, []
        if wish.topic_id is not None:
            topic = await self._named_topic(site, wish.topic_id)
            return topic, (await self.topics.gather_pages(topic))[1]
        await self.topics.rescore(site.workspace_id, site.id)
        topic, warnings = await self._best(site), list[str]()
        for _ in range(TRIES):
            warnings = (await self.topics.gather_pages(topic))[1]
            again = await self._best(site)
            if again.id == topic.id:
                break
            topic = again
        return topic, warnings

    async def _named_topic(self, site: Site, number: int) -> Topic:
        async with self.store.workspace(site.workspace_id) as session:
            topic = await picking.find(session, site.workspace_id, number)
        if topic.site_id != site.id:
            raise NotFound("topic")
        if topic.status != "new":
            how = "was dismissed" if topic.status == "dismissed" else f"is used for: {topic.used_for}"
            raise Conflict(f"This topic {how}. Bring it back first.")
        return topic

    async def _best(self, site: Site) -> Topic:
        """The one that would be picked next, not taken yet. Raises `NotFound`."""
        async with self.store.workspace(site.workspace_id) as session:
            topic = await best(session, site.workspace_id, site.id)
        if topic is None:
            raise NotFound(picking.NONE_LEFT)
        return topic

    async def _known_voices(self, site: Site, facts: dict[str, Any]) -> None:
        """Raises `Invalid` for a voice that the site's provider says it has not."""
        wanted = {field: facts[field] for field in ("voice", "second_voice") if facts[field]}
        if not wanted:
            return
        try:
            found = await self.voices.of(site.workspace_id, site.id, facts["language"])
        except (Later, NeedsPerson):
            return
        names = [voice.name for voice in found.voices]
        for field, name in wanted.items():
            if names and name not in names:
                some = ", ".join(names[:8])
                raise Invalid(field, f"{found.provider} has no voice `{name}` here. It has, for one: {some}.")


def _named(wish: VideoWish) -> str:
    """What a video of a script of one's own is called before its scenes are made."""
    if wish.name.strip():
        return wish.name.strip()
    lines = (line.strip("#[] \t") for line in wish.custom_script.splitlines())
    return next((line[:LONGEST_TITLE] for line in lines if line), "")
