"""Hacker News: the stories on its front page, from its public search interface (hn.algolia.com/api)."""

from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import BaseModel, Field, ValidationError

from nightdesk.kit.http.fetch import Fetcher
from nightdesk.sources.trends.contract import Trend, TrendsRefused, Wanted, by_rank, small, web_address


class _Hit(BaseModel):
    title: str | None = None
    url: str | None = None
    points: int | None = None
    story_text: str | None = None
    created_at_i: int | None = Field(None, ge=0, le=2**33)


class _Answer(BaseModel):
    hits: list[_Hit]


@dataclass(frozen=True)
class HackerNews:
    """It has no places."""

    fetcher: Fetcher
    base: str = "https://hn.algolia.com"
    name = "hackernews"
    places = ""

    def knows(self, place: str) -> bool:
        return not place

    async def trends(self, wanted: Wanted) -> list[Trend]:
        got = await self.fetcher.fetch(f"{self.base}/api/v1/search?tags=front_page&hitsPerPage=50")
        try:
            hits = _Answer.model_validate_json(small(got.body, "Hacker News")).hits
        except ValidationError as error:
            raise TrendsRefused("Hacker News did not answer with its stories.") from error
        hits.sort(key=lambda hit: -(hit.points or 0))
        return by_rank([_trend(hit) for hit in hits], wanted.limit)


def _trend(hit: _Hit) -> Trend:
    told = datetime.fromtimestamp(hit.created_at_i, UTC) if hit.created_at_i else None
    return Trend(hit.title or "", web_address(hit.url), hit.story_text or "", published=told)
