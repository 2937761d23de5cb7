"""Looks at what an address that a person gave answers with: a feed, or a page that names feeds."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from nightdesk.desk.errors import Invalid
from nightdesk.kit.endings import Later, Refused
from nightdesk.kit.http.fetch import Fetched, Fetcher
from nightdesk.sources.feeds.contract import FeedLink, FeedRead, FeedRefused
from nightdesk.sources.feeds.discovery import find_feeds, guesses
from nightdesk.sources.feeds.reading import FeedReader

NOTHING = "Nothing was added."
LONGEST = 2000
"""Characters of an address."""


@dataclass(frozen=True)
class Seen:
    """A feed at `url`, or else the feeds that the page there names."""

    url: str
    read: FeedRead | None = None
    named: Sequence[FeedLink] = ()

    @property
    def link(self) -> FeedLink:
        """The feed as a row is made of it."""
        assert self.read is not None
        return FeedLink(self.url, self.read.title, self.read.home)


def web_address(fetcher: Fetcher, spelled: str, field: str = "url", nothing: str = NOTHING) -> str:
    """What a person typed as an address that may be fetched. Raises `Invalid` for `field`."""
    spelled = spelled.strip()
    if spelled.startswith(("feed://", "feed:http")):
        spelled = spelled.removeprefix("feed:").removeprefix("//")
    if "://" not in spelled:
        spelled = f"https://{spelled}"
    try:
        if len(spelled) > LONGEST:
            raise Refused(f"An address has at most {LONGEST:,} characters. (bad_address)")
        return fetcher.inspect(spelled)
    except Refused as error:
        raise Invalid(field, f"{error.why} {nothing}") from error


async def look(fetcher: Fetcher, reader: FeedReader, address: str) -> Seen:
    """Fetches an address and reads it. Raises `Invalid` for `url`, with a code word at its end."""
    fetched = await _fetch(fetcher, address)
    seen_at = fetched.moved_to or address
    try:
        read = await reader.read(fetched.body, fetched.headers.get("content-type", ""), fetched.url)
        return Seen(seen_at, read)
    except FeedRefused as error:
        if error.code != "not_a_feed":
            raise Invalid("url", f"{error.why} {NOTHING}") from error
        named = await asyncio.to_thread(find_feeds, fetched.body, fetched.url)
        if not named and (found := await _guessed(fetcher, reader, fetched.url)):
            return found
        if not named:
            raise Invalid(
                "url",
                f"{error.why} The page names no feed either: look there for a link that says RSS, Atom or "
                f"feed, and give that. {NOTHING}",
            ) from error
        return Seen(seen_at, named=named)


async def _guessed(fetcher: Fetcher, reader: FeedReader, page: str) -> Seen | None:
    """The feed at the first of the places where a site has one although it does not say so."""
    for link in guesses(page):
        try:
            fetched = await fetcher.fetch(link.url)
            read = await reader.read(fetched.body, fetched.headers.get("content-type", ""), fetched.url)
        except (Refused, Later):
            continue
        return Seen(fetched.moved_to or link.url, read)
    return None


async def _fetch(fetcher: Fetcher, address: str) -> Fetched:
    try:
        return await fetcher.fetch(address)
    except (Refused, Later) as error:
        raise Invalid("url", f"{error.why} {NOTHING}") from error
