"""Takes a site out of a desk as one document, and makes a site of such a document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.automation import Automation
from nightdesk.desk.choices import Choices
from nightdesk.desk.errors import Invalid, Taken
from nightdesk.desk.feeds import Feeds
from nightdesk.desk.feeds.finding import web_address
from nightdesk.desk.feeds.rows import add_links
from nightdesk.desk.logos import LOGO, Logos, unpacked
from nightdesk.desk.niches.auto_mode import AutoMode
from nightdesk.desk.niches.document import (
    LARGEST,
    MOST_FEEDS,
    MOST_TOPICS,
    PortableFeed,
    PortableSchedule,
    PortableSite,
    PortableTopic,
    written,
)
from nightdesk.desk.people import Actor
from nightdesk.desk.site_book import note_set, set_of
from nightdesk.desk.site_facts import checked
from nightdesk.desk.sites import Sites, slug_for
from nightdesk.desk.topics import Told, Topics
from nightdesk.desk.topics.gathering import take_in
from nightdesk.engine.timetable import plan
from nightdesk.kit.clock import Clock
from nightdesk.quality.sameness import host_of
from nightdesk.sources.feeds.contract import FeedLink
from nightdesk.store.session import Store
from nightdesk.store.tables.automation import LineConfig
from nightdesk.store.tables.feeds import Feed, Topic
from nightdesk.store.tables.tenancy import Site

FACTS = (
    *("name", "subject", "audience", "language", "timezone", "voice", "style", "prompts"),
    *("posts_a_day", "hours", "platforms", "video", "floor"),
)
SCHEDULE = tuple(PortableSchedule.model_fields)


@dataclass(frozen=True)
class Brought:
    """What a document brings: itself without what cannot be taken, the slug it gets, and notes on both."""

    document: PortableSite
    slug: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Portable:
    """Exports and imports sites. `NotFound` where a site is not the workspace's."""

    store: Store
    clock: Clock
    sites: Sites
    automation: Automation
    choices: Choices
    feeds: Feeds
    topics: Topics
    logos: Logos
    auto: AutoMode

    async def export(self, workspace_id: int, key: int | str) -> PortableSite:
        """The site as a document: no key, no credentials in addresses, topics that nobody used yet."""
        site = await self.sites.get(workspace_id, key)
        async with self.store.workspace(workspace_id) as session:
            schedules = await _schedules(session, site)
            feeds, topics = await _feeds(session, site), await _topics(session, site)
        brand = {name: str(value) for name, value in site.brand.items() if name != LOGO and value}
        document = PortableSite(
            kind="nightdesk.site",
            version=1,
            slug=site.slug,
            **{name: getattr(site, name) for name in FACTS},
            auto_mode=site.auto_mode,
            brand=brand,
            logo=await self.logos.carried(site),
            schedules=schedules,
            models={kind: str(spelled) for kind, spelled in site.choices.items() if spelled},
            feeds=feeds,
            topics=topics,
        )
        while len(written(document)) > LARGEST and document.topics:
            document = document.model_copy(update={"topics": document.topics[: len(document.topics) // 2]})
        return document

    async def look(self, workspace_id: int, document: PortableSite, *, models: bool = True) -> Brought:
        """What it would bring, without its `models` where those are not to be chosen. Raises `Invalid`."""
        _facts(document)
        if document.logo:
            unpacked(document.logo)
        notes: list[str] = []
        chosen, feeds = self._models(document, notes, models), self._feeds(document, notes)
        async with self.store.workspace(workspace_id) as session:
            slug = await _free_slug(session, workspace_id, document.slug)
        if slug != document.slug:
            notes.append(f"The address `{document.slug}` is taken here: this one becomes `{slug}`.")
        schedules = {
            line: one
            for line, one in document.schedules.items()
            if line in self.automation.control.runner.lines
        }
        kept = document.model_copy(update={"models": chosen, "feeds": feeds, "schedules": schedules})
        return Brought(kept, slug, tuple(notes))

    async def take(
        self, workspace_id: int, document: PortableSite, *, models: bool = True, by: Actor | None = None
    ) -> tuple[Site, tuple[str, ...]]:
        """Makes the site, all of it or nothing, and tells what could not be taken. Raises as `look`."""
        brought = await self.look(workspace_id, document, models=models)
        logo = ""
        if document.logo:
            logo = await self.logos.stored(workspace_id, unpacked(document.logo))
        for _ in range(3):
            try:
                return await self._make(workspace_id, brought, logo, by), brought.notes
            except IntegrityError:
                # Somebody took the slug in this moment.
                brought = replace(brought, slug=(await self.look(workspace_id, document)).slug)
        raise Taken(f"There is a site `{brought.slug}` already. Nothing was made; try again.")

    async def _make(self, workspace_id: int, brought: Brought, logo: str, by: Actor | None) -> Site:
        document = brought.document
        async with self.store.workspace(workspace_id) as session:
            facts = _facts(document)
            look = {name: value for name, value in facts["brand"].items() if name != LOGO}
            facts |= {"brand": look | ({LOGO: logo} if logo else {}), "choices": document.models}
            site = Site(workspace_id=workspace_id, slug=brought.slug, auto_mode=document.auto_mode, **facts)
            session.add(site)
            await session.flush()
            await session.refresh(site)
            await note_set(session, site, set_of(site) | {"auto_mode": False}, by, self.clock.now())
            for line, schedule in document.schedules.items():
                session.add(self._config(site, line, schedule))
            await _keep_feeds(session, site, document.feeds)
            await self._keep_topics(session, site, document.topics)
            await session.flush()
            return site

    def _config(self, site: Site, line: str, schedule: PortableSchedule) -> LineConfig:
        config = LineConfig(
            workspace_id=site.workspace_id, site_id=site.id, line=line, **schedule.model_dump()
        )
        config.a_day = self.auto.limit_of(site, line)
        plan(config, site.timezone, self.clock.now())
        return config

    async def _keep_topics(self, session: AsyncSession, site: Site, topics: Sequence[PortableTopic]) -> None:
        by_source: dict[str, list[Told]] = {}
        for one in topics:
            by_source.setdefault(one.source, []).append(_told(one))
        for source, told in by_source.items():
            await take_in(session, site, told, source=source, now=self.clock.now(), entered=False)

    def _models(self, document: PortableSite, notes: list[str], wanted: bool) -> dict[str, str]:
        kept: dict[str, str] = {}
        if document.models and not wanted:
            notes.append("Its models are left out: an owner chooses which models are used.")
            return kept
        for kind, spelled in document.models.items():
            try:
                kept[kind] = self.choices.wanted(kind, spelled)
            except Invalid as error:
                notes.append(f"The choice `{spelled}` for {kind} is left out: {error}")
        return kept

    def _feeds(self, document: PortableSite, notes: list[str]) -> list[PortableFeed]:
        kept: dict[str, PortableFeed] = {}
        for feed in document.feeds:
            try:
                url = web_address(self.feeds.fetcher, feed.url, nothing="It is left out.")
                kept.setdefault(url, feed.model_copy(update={"url": url}))
            except Invalid as error:
                notes.append(f"The feed {feed.url[:100]}: {error}")
        return list(kept.values())


def _facts(document: PortableSite) -> dict[str, Any]:
    """Raises `Invalid`."""
    return checked({name: getattr(document, name) for name in (*FACTS, "brand")})


async def _schedules(session: AsyncSession, site: Site) -> dict[str, PortableSchedule]:
    mine = (LineConfig.workspace_id == site.workspace_id, LineConfig.site_id == site.id)
    found = await session.scalars(select(LineConfig).where(*mine).order_by(LineConfig.line))
    return {
        config.line: PortableSchedule.model_validate({name: getattr(config, name) for name in SCHEDULE})
        for config in found
    }


async def _feeds(session: AsyncSession, site: Site) -> list[PortableFeed]:
    mine = (Feed.workspace_id == site.workspace_id, Feed.site_id == site.id)
    found = await session.scalars(select(Feed).where(*mine).order_by(Feed.id).limit(MOST_FEEDS))
    feeds = [
        PortableFeed(
            url=_without_credentials(feed.url),
            title=feed.title[:2000],
            home=_without_credentials(feed.home),
            enabled=feed.enabled,
            is_default=feed.is_default,
        )
        for feed in found
    ]
    return sorted(feeds, key=lambda feed: feed.url)


async def _topics(session: AsyncSession, site: Site) -> list[PortableTopic]:
    """The best that nobody used, in the order of their titles, which is the same wherever they are."""
    mine = (Topic.workspace_id == site.workspace_id, Topic.site_id == site.id, Topic.status == "new")
    best = select(Topic).where(*mine).order_by(Topic.score.desc(), Topic.id).limit(MOST_TOPICS)
    return [
        PortableTopic.model_validate(
            {
                **{name: getattr(topic, name) for name in ("title", "summary", "source", "language")},
                "url": topic.url if len(topic.url) <= 2000 else "",
                "image": topic.image if len(topic.image) <= 2000 else "",
                "published_at": topic.published_at and topic.published_at.astimezone(UTC).isoformat(),
            }
        )
        for topic in sorted(await session.scalars(best), key=lambda topic: topic.title)
    ]


async def _keep_feeds(session: AsyncSession, site: Site, feeds: Sequence[PortableFeed]) -> None:
    links = [FeedLink(feed.url, feed.title, feed.home) for feed in feeds]
    by_url: Mapping[str, PortableFeed] = {feed.url: feed for feed in feeds}
    for row in await add_links(session, site, links, field="feeds"):
        row.enabled, row.is_default = by_url[row.url].enabled, by_url[row.url].is_default


async def _free_slug(session: AsyncSession, workspace_id: int, wanted: str) -> str:
    taken = set(await session.scalars(select(Site.slug).where(Site.workspace_id == workspace_id)))
    slug, number = slug_for(wanted), 2
    free = slug
    while free in taken:
        free, number = f"{slug[:70]}-{number}", number + 1
    return free


def _told(topic: PortableTopic) -> Told:
    try:
        published = datetime.fromisoformat(topic.published_at) if topic.published_at else None
    except ValueError as error:
        raise Invalid(
            "topics", f"`{topic.published_at}` is no time in RFC 3339. Nothing was made."
        ) from error
    if published is not None and published.tzinfo is None:
        published = published.replace(tzinfo=UTC)
    return Told(
        topic.url or topic.title,
        topic.title,
        topic.summary,
        topic.url,
        topic.image,
        topic.language,
        published,
        host=host_of(topic.url),
    )


def _without_credentials(url: str) -> str:
    """The address without a user and password in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])) if "@" in parts.netloc else url
