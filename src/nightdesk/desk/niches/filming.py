"""Videos that are asked for: each takes a topic that nobody else gets, and waits for the video line."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from nightdesk.desk.errors import Conflict, Invalid, NotFound
from nightdesk.desk.items import site_of
from nightdesk.desk.niches.best_hours import best_hours, best_instant
from nightdesk.desk.results import Piece, advised
from nightdesk.desk.results.hooks import video_form
from nightdesk.desk.site_facts import PLATFORMS
from nightdesk.desk.sites import Sites
from nightdesk.desk.topics import Topics, picking
from nightdesk.desk.videos import VideoWish
from nightdesk.desk.videos.affording import Order
from nightdesk.desk.videos.wishes import checked
from nightdesk.kit import points
from nightdesk.kit.clock import Clock
from nightdesk.lines.video.given import asked
from nightdesk.store.session import Store
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video

MOST = 50
"""Videos of a site that one request asks for."""

Begin = Callable[[int, int], Awaitable[str]]
"""Has the waiting videos of a workspace's site taken up by a run."""

Afford = Callable[[int, Sequence[Order]], Awaitable[None]]
"""Raises `InsufficientCredits` where a workspace has too few for orders of its sites."""

Earned = Callable[[int, int, str, date, Sequence[int]], Awaitable[Sequence[int]]]
"""Hours that did well by its results: of a workspace's site, on a platform, for that day."""

FURTHEST = timedelta(days=366)
FOR_VIDEO = "video"
USUAL_PLATFORMS = ("youtube", "instagram", "tiktok")
"""Where a site's videos go that names no platform: those that show nothing but videos."""


@dataclass(frozen=True)
class Wish:
    """What a video is to be: `publish` it by itself once it is approved, and filmed by which `model`."""

    publish: bool = False
    model: str = ""
    platforms: Sequence[str] = ()
    at: datetime | None = None


@dataclass(frozen=True)
class Ordered:
    """The videos that wait now, and how many were wanted; fewer where topics ran out."""

    site: Site
    videos: list[Video]
    wanted: int


@dataclass(frozen=True)
class Scheduled:
    """Videos at the hours that do best: `day` is the date that was meant, `instants` by platform, in UTC."""

    site: Site
    day: date
    videos: list[Video]
    instants: Mapping[str, datetime]


@dataclass(frozen=True)
class Filming:
    """Asks for videos. `NotFound` where a site is not the workspace's, `InsufficientCredits` where not all
    that topics are left for can be paid; nothing was asked for then."""

    store: Store
    sites: Sites
    topics: Topics
    clock: Clock
    begin: Begin
    afford: Afford
    earned: Earned
    usual: Sequence[str] = field(default=USUAL_PLATFORMS)

    async def automate(self, workspace_id: int, key: int | str, count: int, wish: Wish) -> Ordered:
        """So many videos of one site. Raises `Conflict` where no topic is left; nothing was made then."""
        site = await self.sites.get(workspace_id, key)
        await self._afford(workspace_id, [site], [wish] * count)
        ordered = await self._order(site, [wish] * count)
        if not ordered.videos:
            raise Conflict(none_left(site))
        return ordered

    async def bulk(
        self, workspace_id: int, sites: Collection[int] | None, each: int, wish: Wish
    ) -> list[Ordered]:
        """So many videos of each of the sites, or of all; a site without topics gets none."""
        if sites is None:
            chosen = await self.sites.listed(workspace_id)
        else:
            chosen = [await self.sites.get(workspace_id, number) for number in dict.fromkeys(sites)]
        await self._afford(workspace_id, chosen, [wish] * each)
        return [await self._order(site, [wish] * each) for site in chosen]

    async def schedule(
        self, workspace_id: int, key: int | str, platforms: Sequence[str], day: date | None
    ) -> Scheduled:
        """A video for each platform at its best hour of that date in the site's zone, or of the next day.

        The hours are those of the site where it names some. Raises `Invalid`, and `Conflict` where no topic
        is left.
        """
        site = await self.sites.get(workspace_id, key)
        zone, now = ZoneInfo(site.timezone), self.clock.now()
        today = now.astimezone(zone).date()
        if day is not None and day < today:
            raise Invalid("scheduled_date", f"{day} is past: at {site.name} it is {today}.")
        if day is not None and day > today + FURTHEST:
            raise Invalid("scheduled_date", f"A video is planned at most {FURTHEST.days} days ahead.")
        wanted = _known(platforms or site.platforms or self.usual)
        on = day or today
        usual = {name: best_hours(name, on.weekday(), site.hours) for name in wanted}
        earned = {name: await self.earned(workspace_id, site.id, name, on, usual[name]) for name in wanted}
        instants = {name: best_instant(name, on, zone, now, site.hours, earned[name]) for name in wanted}
        wishes = [Wish(platforms=[name], at=at) for name, at in instants.items()]
        await self._afford(workspace_id, [site], wishes)
        ordered = await self._order(site, wishes)
        if not ordered.videos:
            raise Conflict(none_left(site))
        made = {video.platforms[0] for video in ordered.videos}
        kept = {name: at for name, at in instants.items() if name in made}
        return Scheduled(site, day or today, ordered.videos, kept)

    async def _afford(self, workspace_id: int, sites: Sequence[Site], wishes: Sequence[Wish]) -> None:
        """As many videos of each site as it has topics for; all of one order cost alike."""
        unused = (
            select(Topic.site_id, func.count())
            .where(Topic.workspace_id == workspace_id, Topic.status == "new")
            .where(Topic.site_id.in_([site.id for site in sites]))
            .group_by(Topic.site_id)
        )
        async with self.store.workspace(workspace_id) as session:
            left: dict[int, int] = dict((await session.execute(unused)).all())
        counts = {site.id: min(len(wishes), left.get(site.id, 0)) for site in sites}
        wish = VideoWish(model=wishes[0].model if wishes else "")
        await self.afford(workspace_id, [Order(number, wish, n) for number, n in counts.items()])

    async def _order(self, site: Site, wishes: Sequence[Wish]) -> Ordered:
        """As many of them as there are topics for; each with its topic in a transaction of its own."""
        videos: list[Video] = []
        await self.topics.rescore(site.workspace_id, site.id)
        for wish in wishes:
            try:
                videos.append(await self._one(site, wish))
            except NotFound:
                break
        if videos:
            await self.begin(site.workspace_id, site.id)
        return Ordered(site, videos, len(wishes))

    async def _one(self, site: Site, wish: Wish) -> Video:
        """Raises `NotFound` where no topic is left; one that was picked is used only if the video is kept."""
        where = _known(wish.platforms or site.platforms or self.usual)
        wished = VideoWish(publish=wish.publish, model=wish.model, platforms=where)
        now = self.clock.now()
        async with self.store.workspace(site.workspace_id) as session:
            await site_of(session, site.workspace_id, site.id)
            topic: Topic = await picking.pick(
                session, site.workspace_id, site.id, used_for=FOR_VIDEO, now=now
            )
            given = await advised(session, site, Piece.on(topic, FOR_VIDEO), now, {})
            kind, _ = video_form(given.format, 0)
            video = Video(
                workspace_id=site.workspace_id,
                site_id=site.id,
                topic_id=topic.id,
                topic=topic.title,
                status="picked",
                asked_by="api",
                scheduled_for=wish.at,
                given=asked(given.opening),
                **checked(replace(wished, kind=kind), site),
            )
            session.add(video)
            await session.flush()
            await session.refresh(video)
            told = f"“{topic.title}” was picked for a video.{given.because}"
            await self.topics.tell(session, topic, told)
            points.reach("niches.filming.written")
        points.reach("niches.filming.kept")
        return video


def none_left(site: Site) -> str:
    """What is said where a site has no topic that nobody used."""
    return (
        f"{site.name} has no unused topic left, so no video was asked for. Scrape its feeds, add topics, or "
        "have some proposed."
    )


def _known(platforms: Sequence[str]) -> list[str]:
    """In our own order, each once. Raises `Invalid` for `platforms`."""
    for name in platforms:
        if name not in PLATFORMS:
            raise Invalid("platforms", f"There is no platform `{name}`; there are {', '.join(PLATFORMS)}.")
    return [name for name in PLATFORMS if name in platforms]
