"""Topics of what is talked of just now, at the places that a site looks at."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nightdesk.desk.errors import Invalid
from nightdesk.desk.topics.asking import open_site
from nightdesk.desk.topics.gathering import Gathered, take_in
from nightdesk.desk.topics.sorting import Told
from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Ending
from nightdesk.kit.text import shorten
from nightdesk.quality.sameness import host_of
from nightdesk.quality.words import content_words
from nightdesk.sources.trends import Answering, ToolServers, Trend, TrendSource, Wanted
from nightdesk.store.session import Store
from nightdesk.store.tables.tenancy import Site

NOWHERE = "none"
MOST_PLACES = 10
_TECHNICAL = re.compile(
    r"\b(?:tech\w*|software|programming|developers?|coding|computers?|hardware|startups?|gadgets?|cyber\w*|ai"
    r"|artificial intelligence|machine learning|linux|python|internet|informatik|technik)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class PlaceError:
    """A place that could not be asked, and why."""

    name: str
    why: str


@dataclass(frozen=True)
class Trending:
    """What the places told: new topics, how many trends fit of how many, and which places failed."""

    new_topics: int
    fitting: int
    told: int
    errors: tuple[PlaceError, ...] = ()


@dataclass(frozen=True)
class _Answer:
    told: int
    fitting: list[Trend]


@dataclass(frozen=True)
class Trends:
    """Looks at the places of a site."""

    store: Store
    clock: Clock
    sources: Mapping[str, TrendSource]

    def places(self, site: Site) -> list[str]:
        """Where the site looks: as it chose, else Hacker News for technology and nowhere for the rest."""
        if site.trends:
            return [str(place) for place in site.trends if place != NOWHERE]
        about = f"{site.name} {site.subject}"
        return ["hackernews"] if "hackernews" in self.sources and _TECHNICAL.search(about) else []

    async def choose(self, workspace_id: int, site_id: int, places: Sequence[str]) -> list[str]:
        """Keeps where the site looks; `["none"]` for nowhere, nothing for what its subject suggests.

        Raises `NotFound` and `Invalid`.
        """
        if len(places) > MOST_PLACES:
            raise Invalid("places", f"A site looks at {MOST_PLACES} places at most.")
        for place in places:
            if place != NOWHERE:
                self._parted(place)
        await open_site(self.store, workspace_id, site_id)
        async with self.store.workspace(workspace_id) as session:
            site = await session.get_one(Site, (workspace_id, site_id))
            site.trends = list(dict.fromkeys(places))
            return self.places(site)

    async def trending(self, workspace_id: int, site_id: int) -> Trending:
        """Takes in what is talked of and fits the site's subject. Raises `NotFound`."""
        site = await open_site(self.store, workspace_id, site_id)
        answers = await asyncio.gather(*(self._of(site, place) for place in self.places(site)))
        told = sum(answer.told for answer in answers if isinstance(answer, _Answer))
        errors = tuple(answer for answer in answers if isinstance(answer, PlaceError))
        fitting = [one for answer in answers if isinstance(answer, _Answer) for one in answer.fitting]
        done = await self._keep(site, fitting)
        return Trending(done.new_topics, len(fitting), told, errors)

    async def connectors(self) -> list[Answering]:
        """The operator's tool servers, each with whether it answers."""
        servers = self.sources.get("mcp")
        if not isinstance(servers, ToolServers):
            return []
        return list(await asyncio.gather(*(servers.status(one) for one in servers.servers)))

    async def _keep(self, site: Site, fitting: Sequence[Trend]) -> Gathered:
        told = [
            Told(
                one.url or one.title,
                one.title,
                shorten(one.summary, 600),
                one.url,
                one.image,
                site.language,
                one.published,
                one.heat,
                host_of(one.url),
            )
            for one in fitting
        ]
        async with self.store.workspace(site.workspace_id) as session:
            return await take_in(session, site, told, source="trending", now=self.clock.now())

    async def _of(self, site: Site, place: str) -> _Answer | PlaceError:
        try:
            source, where = self._parted(place)
            found = await source.trends(Wanted(where, site.subject or site.name, site.language))
        except (Ending, Invalid) as error:
            return PlaceError(place, str(error))
        # Who named a subreddit or a server meant it; a country talks of everything.
        meant = bool(where) and source.name != "google"
        return _Answer(len(found), [one for one in found if meant or _fits(one, site)])

    def _parted(self, place: str) -> tuple[TrendSource, str]:
        """The source and the place within it. Raises `Invalid`."""
        name, _, where = place.partition(":")
        source = self.sources.get(name)
        if source is None:
            raise Invalid("places", f"There is no source of trends `{name}`: {', '.join(self.sources)}.")
        if not source.knows(where):
            wanted = f"name {source.places}" if source.places else "it has no places"
            raise Invalid("places", f"`{where}` is no place of {name}: {wanted}.")
        return source, where


def _fits(trend: Trend, site: Site) -> bool:
    """Whether it shares a word with the site's subject; a site of technology takes all that Hacker News has.

    What trends at large has nothing to do with most sites, and would bury what has.
    """
    about = content_words(f"{site.name} {site.subject}")
    return (
        not about
        or bool(_TECHNICAL.search(site.subject))
        or bool(about & content_words(f"{trend.title} {trend.summary}"))
    )
