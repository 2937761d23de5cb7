"""How a tool is called to publish, and what its answer means: a mapping, with presets of known servers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nightdesk.publisher import Repeats

CALL_SECONDS, UPLOAD_SECONDS = 60.0, 300.0
"""What a call may take where the account does not say: one of words, and one that brings a file."""

FILES = ("video", "video_name", "cover", "cover_name", "picture", "picture_name", "captions", "captions_name")
"""Names in arguments that stand for a file: its whole path, and its name in the folder that a program works
in."""


@dataclass(frozen=True)
class Mapped:
    """One tool. In `arguments` names in braces are filled in (see `laying_out.facts`).

    That it went out means that its number was found in the answer: at `id_path`, dotted, in its data, or
    after the words `id_after` in its text. `url` leads there, with `{id}` for the number. A failure with one
    of the words of `declined` proves that nothing was posted, with one of `busy` that it may be tried later;
    after all others nobody knows.
    """

    tool: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    id_path: str = ""
    id_after: str = ""
    url: str = ""
    repeats: Repeats = "blind"
    declined: tuple[str, ...] = ()
    busy: tuple[str, ...] = ()
    seconds: float = 0.0

    def names(self, *names: str) -> bool:
        """Whether one of these is filled in somewhere."""
        return any(f"{{{name}}}" in text for name in names for text in _texts(self.arguments))

    @property
    def longest(self) -> float:
        """Seconds of a call."""
        return self.seconds or (UPLOAD_SECONDS if self.names(*FILES) else CALL_SECONDS)


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list | tuple):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []


_STATUS = "https://x.com/i/web/status/{id}"
_WATCH = "https://www.youtube.com/watch?v={id}"

PRESETS: Mapping[str, Mapping[str, Mapped]] = {
    "x": {
        # Tells failures as text of an answer that says that it went well.
        "twitter-mcp": Mapped(
            tool="post_tweet",
            arguments={"text": "{text}"},
            id_after="status/",
            url=_STATUS,
            declined=("failed with code 400", "failed with code 401", "failed with code 403"),
            busy=("Rate limit exceeded", "failed with code 429"),
        ),
        # X's own, https://github.com/xdevplatform/xmcp: its tools are X's interface, called one to one.
        "xmcp": Mapped(
            tool="createPosts",
            arguments={"text": "{text}", "made_with_ai": "{synthetic}"},
            id_path="data.id",
            url=_STATUS,
            declined=("HTTP error 400", "HTTP error 401", "HTTP error 403"),
            busy=("HTTP error 429",),
        ),
    },
    "youtube": {
        # https://github.com/eat-pray-ai/yutu: opens files of the folder that it works in alone.
        "yutu": Mapped(
            tool="video-insert",
            arguments={
                "file": "{video_name}",
                "title": "{title}",
                "description": "{text}",
                "tags": "{tags}",
                "language": "{language}",
                "category_id": "{category}",
                "privacy": "{privacy}",
                "for_kids": "{made_for_kids}",
                "contains_synthetic_media": "{synthetic}",
                "confirmed": True,
                "output": "json",
            },
            id_path="id",
            id_after="Video inserted: ",
            url=_WATCH,
            declined=("googleapi: Error 400", "googleapi: Error 401", "googleapi: Error 403"),
        ),
        # As several servers call it; each names its arguments otherwise, so look at them.
        "upload_video": Mapped(
            tool="upload_video",
            arguments={
                "file_path": "{video}",
                "title": "{title}",
                "description": "{text}",
                "tags": "{tags}",
                "privacy_status": "{privacy}",
            },
            id_path="id",
            id_after="watch?v=",
            url=_WATCH,
        ),
    },
}
"""By platform; the first is what is usual there. All are blind: none takes a key that keeps it from doing its
work twice."""
