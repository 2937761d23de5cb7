"""Pexels' video library (https://www.pexels.com/api/documentation/, read November 2026)."""

from collections.abc import Mapping

from pydantic import BaseModel

from nightdesk.providers.clips.contract import ClipRequest
from nightdesk.providers.clips.stock.library import File, Found
from nightdesk.providers.services.wire import Answer

_LOCALES = (
    *("en-US", "pt-BR", "es-ES", "ca-ES", "de-DE", "it-IT", "fr-FR", "sv-SE", "id-ID", "pl-PL", "ja-JP"),
    *("zh-CN", "ko-KR", "th-TH", "nl-NL", "hu-HU", "vi-VN", "cs-CZ", "da-DK", "fi-FI", "uk-UA", "el-GR"),
    *("ro-RO", "nb-NO", "sk-SK", "tr-TR", "ru-RU"),
)
_BY_LANGUAGE = {locale.partition("-")[0]: locale for locale in _LOCALES}
_SQUARE = 1.2


class _File(BaseModel):
    link: str
    file_type: str | None = None
    width: int | None = None
    height: int | None = None


class _User(BaseModel):
    name: str = ""


class _Video(BaseModel):
    id: int
    url: str = ""
    duration: float = 0
    user: _User = _User()
    video_files: list[_File]


class _Page(BaseModel):
    videos: list[_Video]


class Pexels:
    """200 searches an hour and 20,000 a month, unless Pexels allowed more."""

    name = "pexels"
    who = "Pexels"
    home = "https://api.pexels.com/videos"
    licence = "Pexels License"
    sign_up = "https://www.pexels.com/api/"
    path = "/search"
    key_header = "authorization"
    key_field = ""

    def query(self, words: str, request: ClipRequest) -> Mapping[str, str]:
        shape = request.width / request.height
        square = 1 / _SQUARE < shape < _SQUARE
        asked = {
            "query": words,
            "orientation": "square" if square else "portrait" if shape < 1 else "landscape",
            "per_page": "40",
        }
        locale = _BY_LANGUAGE.get(request.language.partition("-")[0].lower())
        return {**asked, "locale": locale} if locale else asked

    def found(self, answer: Answer) -> list[Found]:
        page = answer.read_as(_Page, self.who)
        return [
            Found(f"{self.name}:{video.id}", video.url, video.user.name, video.duration, _files(video))
            for video in page.videos
        ]


def _files(video: _Video) -> tuple[File, ...]:
    return tuple(
        File(file.link, file.width, file.height)
        for file in video.video_files
        if file.width and file.height and file.file_type in (None, "video/mp4", "video/webm")
    )
