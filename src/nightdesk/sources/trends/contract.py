"""What a place is that tells what is talked of just now, and what it answers."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from nightdesk.kit.endings import Refused
from nightdesk.sources.feeds.contract import FeedRead

LARGEST = 2_000_000
"""Bytes of an answer that are read."""

MOST = 50
"""Trends of one answer."""

Read = Callable[[bytes, str, str], Awaitable[FeedRead]]
"""Reads a feed: its body, its content type and where it came from."""


@dataclass(frozen=True)
class Trend:
    """Something that is talked of: plain text, a web address or none.

    `heat` is 0 to 1: the share of what trends in that place that it is talked of more than.
    """

    title: str
    url: str = ""
    summary: str = ""
    image: str = ""
    heat: float = 0.0
    published: datetime | None = None


@dataclass(frozen=True)
class Wanted:
    """What is asked for: `place` narrows it where the source has places (a country, a subreddit)."""

    place: str = ""
    subject: str = ""
    language: str = "en"
    limit: int = 25


class TrendSource(Protocol):
    """Tells what is talked of."""

    @property
    def name(self) -> str:
        """As a site names it."""

    @property
    def places(self) -> str:
        """What a place of it is, for a person; empty where it has none."""

    def knows(self, place: str) -> bool:
        """Whether this can be a place of it."""

    async def trends(self, wanted: Wanted) -> list[Trend]:
        """The most talked of first. Raises `Later`, `NeedsPerson` or `Refused`."""


class TrendsRefused(Refused):
    """This place did not answer with trends."""


def by_rank(found: Sequence[Trend], limit: int) -> list[Trend]:
    """The trends, which come hottest first, with their heat by their place among all of them; titled ones."""
    titled = [trend for trend in found if trend.title.strip()][:MOST]
    hot = [replace(trend, heat=1 - place / len(titled)) for place, trend in enumerate(titled, 1)]
    return hot[:limit]


def small(body: bytes, name: str) -> bytes:
    """The body. Raises `TrendsRefused` where it is larger than any such answer is."""
    if len(body) > LARGEST:
        raise TrendsRefused(f"{name} answered with {len(body) / 1e6:.1f} MB, which is no list of trends.")
    return body


def web_address(found: object) -> str:
    """The address, where it is one of the web; else nothing."""
    text = found.strip() if isinstance(found, str) else ""
    fits = len(text) <= 2000 and not any(character.isspace() for character in text)
    return text if fits and text.startswith(("http://", "https://")) else ""
