"""How the fetching of one feed ended, and what a scrape of many comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.sources.feeds.contract import FeedEntry, FeedRead
from nightdesk.store.tables.feeds import Feed


@dataclass(frozen=True)
class News:
    """The feed answered: with itself, or that it is as it was (`read` is None then).

    `etag`, `modified` and `body_hash` are what the next fetch compares with; `moved_to` where it says that
    it lies from now on; `headers` those of the answer, their names in lower case.
    """

    read: FeedRead | None
    etag: str = ""
    modified: str = ""
    body_hash: str = ""
    moved_to: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Trouble:
    """It could not be read: a code, and for a person what happened and what to do.

    `seconds`: how long the other side asked us to wait. `for_good`: it is not to be fetched again.
    """

    code: str
    says: str
    seconds: float | None = None
    for_good: bool = False


Outcome = News | Trouble


class Gathered(Protocol):
    """What came of the entries of one feed: how many were new, and how many topics they made."""

    @property
    def new_topics(self) -> int: ...

    @property
    def entries(self) -> int: ...


class Gather(Protocol):
    """Keeps those entries of feeds that are new and makes topics of them, in the caller's transaction.

    The feeds are of one workspace; what came of each is returned in the same order.
    """

    async def __call__(
        self, session: AsyncSession, brought: Sequence[tuple[Feed, Sequence[FeedEntry]]]
    ) -> Sequence[Gathered]: ...


@dataclass(frozen=True)
class Done:
    """One feed of a scrape: `error` is empty where it went well; `new` counts entries."""

    workspace_id: int
    site_id: int
    feed_id: int
    url: str
    title: str = ""
    new: int = 0
    new_topics: int = 0
    error: str = ""


@dataclass(frozen=True)
class FeedError:
    """A feed of a scrape that could not be read, and why."""

    feed: str
    error: str


@dataclass
class Scraped:
    """A scrape: feeds that there are, those fetched now, topics that are new, and what went wrong."""

    feeds: int = 0
    fetched: int = 0
    new_topics: int = 0
    errors: list[FeedError] = field(default_factory=list)

    def count(self, done: Done) -> None:
        self.fetched += 1
        self.new_topics += done.new_topics
        if done.error:
            self.errors.append(FeedError(done.url, done.error))
