"""Reddit: what is hot in a subreddit, from its public feed."""

import re
from dataclasses import dataclass

from nightdesk.kit.http.fetch import Fetcher
from nightdesk.sources.feeds.contract import FeedRefused
from nightdesk.sources.trends.contract import (
    Read,
    Trend,
    TrendsRefused,
    Wanted,
    by_rank,
    small,
    web_address,
)

_NAME = re.compile(r"[A-Za-z0-9_]{2,21}")


@dataclass(frozen=True)
class Reddit:
    """A place is the name of a subreddit; what is popular everywhere where none is named."""

    fetcher: Fetcher
    read: Read
    base: str = "https://www.reddit.com"
    name = "reddit"
    places = "a subreddit, such as gardening"

    def knows(self, place: str) -> bool:
        return not place or _NAME.fullmatch(place) is not None

    async def trends(self, wanted: Wanted) -> list[Trend]:
        got = await self.fetcher.fetch(f"{self.base}/r/{wanted.place or 'popular'}/hot/.rss?limit=50")
        body = small(got.body, "Reddit")
        try:
            feed = await self.read(body, got.headers.get("content-type", ""), got.url)
        except FeedRefused as refused:
            raise TrendsRefused(f"Reddit did not answer with a feed: {refused.why}") from refused
        found = [
            Trend(entry.title, web_address(entry.url), entry.text, entry.image, published=entry.published)
            for entry in feed.entries
        ]
        return by_rank(found, wanted.limit)
