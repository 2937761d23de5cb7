"""What a feed is once it is read, and how one that cannot be read is refused."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from nightdesk.kit.endings import Refused
from nightdesk.quality.sameness import Story

Kind = Literal["rss", "atom", "json"]


@dataclass(frozen=True)
class FeedEntry:
    """One story of a feed: plain text, web addresses only.

    `key` is its identity within the feed: its guid, else a hash of address and title. `published` is None
    where the feed gives no date that can be read. `text` holds no markup; `media` are addresses of sound
    or video that it encloses. `story` and `flags` are None and empty where nobody asked for them: what it is
    compared by, and the code of what a person has to know of its text.
    """

    key: str
    title: str
    url: str = ""
    text: str = ""
    author: str = ""
    published: datetime | None = None
    image: str = ""
    language: str = ""
    media: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    story: Story | None = None
    flags: str = ""


@dataclass(frozen=True)
class FeedRead:
    """A feed as it answered: at most 500 entries, in its own order, each key once.

    `home` is the page it belongs to; `ttl` the minutes it asks to be left alone, 0 where it does not say.
    """

    kind: Kind
    title: str
    entries: tuple[FeedEntry, ...]
    home: str = ""
    language: str = ""
    ttl: int = 0


@dataclass(frozen=True)
class FeedLink:
    """A feed that a page names, or an OPML list."""

    url: str
    title: str = ""
    home: str = ""
    folders: tuple[str, ...] = field(default=())


class FeedRefused(Refused):
    """This cannot be read as a feed.

    `code` is one of `not_a_feed` (a page, nothing at all, or anything else), `bad_feed` (damaged, or made to
    do harm), `too_complex` (more than its share of time or memory), `too_large`;
    of a list of feeds `not_opml` too.
    """

    def __init__(self, code: str, why: str, kept: str | None = None) -> None:
        super().__init__(f"{why} ({code})", kept)
        self.code = code
