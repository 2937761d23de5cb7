"""Google Trends: what is searched for in a country today, from its public daily feed."""

import re
from dataclasses import dataclass
from html import unescape

from nightdesk.kit.http.fetch import Fetcher
from nightdesk.sources.feeds.contract import FeedRefused
from nightdesk.sources.trends.contract import Read, Trend, TrendsRefused, Wanted, by_rank, small

_COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_ITEM = re.compile(rb"<item>(.{0,20000}?)</item>", re.DOTALL)
_TITLE = re.compile(rb"<title>([^<]{1,400})</title>")
_TRAFFIC = re.compile(rb"<ht:approx_traffic>\s*([\d,. ]{1,12})([KMkm]?)\s*\+?\s*</ht:approx_traffic>")
_NEWS = re.compile(rb"<ht:news_item_title>([^<]{1,400})</ht:news_item_title>")
_TIMES = {b"": 1, b"K": 1_000, b"M": 1_000_000}
_OF_LANGUAGE = {"de": "DE", "es": "ES", "fr": "FR", "it": "IT", "nl": "NL", "pt": "PT"}


@dataclass(frozen=True)
class GoogleTrends:
    """A place is a country or region (`DE`, `US-CA`); the site's language chooses one where none is named."""

    fetcher: Fetcher
    read: Read
    base: str = "https://trends.google.com"
    name = "google"
    places = "a country, such as US"

    def knows(self, place: str) -> bool:
        return not place or _COUNTRY.fullmatch(place.upper()) is not None

    async def trends(self, wanted: Wanted) -> list[Trend]:
        place = wanted.place.upper() or _OF_LANGUAGE.get(wanted.language[:2], "US")
        got = await self.fetcher.fetch(f"{self.base}/trending/rss?geo={place}")
        body = small(got.body, "Google Trends")
        try:
            feed = await self.read(body, got.headers.get("content-type", ""), got.url)
        except FeedRefused as refused:
            raise TrendsRefused(f"Google Trends did not answer with its feed: {refused.why}") from refused
        about = _about(body)
        # Who else links to a search is nobody's source: the address of the feed's own page says nothing.
        found = [
            Trend(
                entry.title,
                summary=about.get(entry.title.strip(), (0, ""))[1],
                image=entry.image,
                published=entry.published,
            )
            for entry in feed.entries
        ]
        found.sort(key=lambda trend: -about.get(trend.title.strip(), (0, ""))[0])
        return by_rank(found, wanted.limit)


def _about(body: bytes) -> dict[str, tuple[int, str]]:
    """By title: searches, as the feed rounds them (`200K+`), and the first headline on it."""
    found: dict[str, tuple[int, str]] = {}
    for item in _ITEM.findall(body):
        title, traffic, news = _TITLE.search(item), _TRAFFIC.search(item), _NEWS.search(item)
        if title:
            digits = re.sub(rb"\D", b"", traffic[1]) if traffic else b""
            searches = int(digits or b"0") * (_TIMES[traffic[2].upper()] if traffic else 0)
            found[_plain(title[1])] = searches, _plain(news[1]) if news else ""
    return found


def _plain(spelled: bytes) -> str:
    return unescape(spelled.decode("utf-8", "replace")).strip()
