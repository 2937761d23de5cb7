"""Pixabay's video library (https://pixabay.com/api/docs/, read November 2026)."""

from collections.abc import Mapping

from pydantic import BaseModel

from nightdesk.providers.clips.contract import ClipRequest
from nightdesk.providers.clips.stock.library import File, Found
from nightdesk.providers.services.wire import Answer

LONGEST_QUERY = 100
_SPOKEN = "cs da de en es fr id it hu nl no pl pt ro sk fi sv tr vi th bg ru el ja ko zh"
_LANGUAGES = frozenset(_SPOKEN.split())


class _File(BaseModel):
    url: str = ""
    width: int = 0
    height: int = 0


class _Hit(BaseModel):
    id: int
    pageURL: str = ""  # noqa: N815
    duration: float = 0
    user: str = ""
    videos: dict[str, _File]


class _Page(BaseModel):
    hits: list[_Hit]


class Pixabay:
    """100 searches a minute. It knows no shapes, so the best of many is chosen here."""

    name = "pixabay"
    who = "Pixabay"
    home = "https://pixabay.com/api"
    licence = "Pixabay Content License"
    sign_up = "https://pixabay.com/api/docs/"
    path = "/videos/"
    key_header = ""
    key_field = "key"

    def query(self, words: str, request: ClipRequest) -> Mapping[str, str]:
        language = request.language.partition("-")[0].lower()
        return {
            "q": words[:LONGEST_QUERY],
            "lang": language if language in _LANGUAGES else "en",
            "video_type": "film",
            "safesearch": "true",
            "per_page": "100",
        }

    def found(self, answer: Answer) -> list[Found]:
        page = answer.read_as(_Page, self.who)
        return [
            Found(f"{self.name}:{hit.id}", hit.pageURL, hit.user, hit.duration, _files(hit))
            for hit in page.hits
        ]


def _files(hit: _Hit) -> tuple[File, ...]:
    return tuple(
        File(file.url, file.width, file.height)
        for file in hit.videos.values()
        if file.url and file.width > 0 and file.height > 0
    )
