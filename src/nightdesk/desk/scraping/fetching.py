"""Fetches one feed with what is known of it, and says in plain words where that failed."""

import hashlib

from nightdesk.desk.scraping.outcomes import News, Outcome, Trouble
from nightdesk.kit.endings import Later, Refused
from nightdesk.kit.http.fetch import Fetched, Fetcher
from nightdesk.kit.points import reach
from nightdesk.quality.sameness import outlet_of
from nightdesk.sources.feeds.reading import FeedReader
from nightdesk.store.tables.feeds import Feed

WANTED = "application/feed+json, application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5"
LONGEST_VALIDATOR = 500
"""Characters of an ETag or a date that are kept; a longer one is as good as none."""

AGAIN = "It is tried again by itself, after a longer pause each time."
WHAT_TO_DO = {
    "http_401": "It wants a log-in: look on its site for a public feed.",
    "http_403": "It shuts programs out: look on its site for another feed, or switch this one off.",
    "http_404": "Look on its site for the feed's new address, and switch this one off.",
    "http_410": "Its site ended it, so it was switched off. What it gave stays.",
    "blocked_address": "The operator can allow one that is private (NIGHTDESK_ALLOW_ADDRESSES).",
    "unknown_host": "Look whether the address is spelled right.",
    "bad_certificate": f"Nothing was read, for safety. {AGAIN}",
    "too_many_redirects": "Give the address that a browser ends up at.",
    "not_a_feed": "Add the address of the page anew to see which feeds it names.",
    "robots": "Ask its owner, or switch the feed off.",
}
ROBOTS = (
    "The site's robots.txt asks programs to leave this address alone, or could not be read, "
    "so the feed was not fetched. (robots)"
)


async def fetch(fetcher: Fetcher, feed: Feed) -> Fetched | Trouble:
    """One conditional request (RFC 9110, section 13.1)."""
    reach("scraping.feed.fetch")
    try:
        fetched = await fetcher.fetch(feed.url, headers=_conditions(feed))
    except (Refused, Later) as ending:
        return trouble(ending)
    reach("scraping.feed.fetched")
    return fetched


async def read(reader: FeedReader, feed: Feed, fetched: Fetched) -> Outcome:
    """What it answered; a body that was read before is not read again."""
    etag, modified = (_validator(fetched, name) for name in ("etag", "last-modified"))
    moved_to, headers = fetched.moved_to, fetched.headers
    if fetched.status == 304:
        return News(None, etag or feed.etag, modified or feed.modified, feed.body_hash, moved_to, headers)
    digest = hashlib.sha256(fetched.body).hexdigest()
    if digest == feed.body_hash:
        return News(None, etag, modified, digest, moved_to, headers)
    try:
        outlet = outlet_of(feed.title, feed.home or feed.url)
        found = await reader.read(fetched.body, headers.get("content-type", ""), fetched.url, outlet=outlet)
    except (Refused, Later) as ending:
        return trouble(ending)
    return News(found, etag, modified, digest, moved_to, headers)


def trouble(ending: Refused | Later) -> Trouble:
    """An ending as the feed's health tells it."""
    code = str(getattr(ending, "code", "refused"))
    seconds = ending.seconds if isinstance(ending, Later) else None
    says = f"{ending.why} {WHAT_TO_DO.get(code, AGAIN)}"
    return Trouble(code, says, seconds, for_good=code == "http_410")


def shut_out() -> Trouble:
    """The site wants no programs there."""
    return Trouble("robots", f"{ROBOTS} {WHAT_TO_DO['robots']}")


def _conditions(feed: Feed) -> dict[str, str]:
    given = {"Accept": WANTED, "If-None-Match": feed.etag, "If-Modified-Since": feed.modified}
    return {name: value for name, value in given.items() if value}


def _validator(fetched: Fetched, name: str) -> str:
    value = fetched.headers.get(name, "")
    return value if len(value) <= LONGEST_VALIDATOR and value.isascii() and value.isprintable() else ""
