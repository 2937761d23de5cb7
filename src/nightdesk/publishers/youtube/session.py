"""Resumable upload sessions: one for each video, whose address is kept before the first byte is sent.

https://developers.google.com/youtube/v3/guides/using_resumable_upload_protocol
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.kit.http.addresses import same_house
from nightdesk.kit.points import reach
from nightdesk.publisher import Medium, Record, Token, Unclear
from nightdesk.publishers.calling import Said
from nightdesk.publishers.youtube.api import Google, complaint, declined

STEP = 256 << 10
"""All parts of a file but its last are multiples of so many bytes."""

MOST_PART = 64 << 20
"""Bytes; a part is held in memory."""

_RANGE = re.compile(r"bytes=0-(\d{1,15})")


@dataclass(frozen=True)
class Session:
    """One session, as the publication keeps it. `asset` is the file that it is for, `at` when it was opened.

    `begun` is whether its last byte may have been sent, from which on the video may be there; `held` is how
    many bytes YouTube was known to have before that, and `video` the video's id once it is known. `comment`
    is how far its first comment is, as `first_comment.add` keeps it, `told` the fingerprint of what YouTube
    was told when it was opened.
    """

    url: str
    asset: str
    at: str
    begun: bool = False
    held: int = 0
    video: str = ""
    comment: str = ""
    told: str = ""

    @classmethod
    def of(cls, token: Token | None, medium: Medium) -> "Session | None":
        """That of a token; None where it has none, or one for another file."""
        if not token or not token.get("url") or token.get("asset") != medium.asset:
            return None
        facts = {name: token[name] for name in cls.__dataclass_fields__ if name in token}
        return cls(**facts)

    def token(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @property
    def opened(self) -> datetime:
        return datetime.fromisoformat(self.at)


@dataclass(frozen=True)
class Holds:
    """YouTube has so many bytes of the file, and no video yet."""

    bytes: int


@dataclass(frozen=True)
class Made:
    """The video is there; `answer` is its resource, where it was told just now."""

    video: str
    answer: Said | None = None


@dataclass(frozen=True)
class Gone:
    """There is no such session any more."""


State = Holds | Made | Gone


class Sessions:
    """Sessions of one account."""

    def __init__(self, google: Google) -> None:
        self._google = google

    async def open(
        self, medium: Medium, name: str, facts: dict[str, Any], record: Record, **more: str
    ) -> str:
        """Opens one for a file; returns its address. Raises `Later`, `NeedsPerson`, `Refused`.

        `name` is the file's, which only the channel's owner is shown.
        """
        google = self._google
        reach("youtube.session.before")
        said = await google.ask(
            "POST",
            f"{google.root}/upload/youtube/v3/videos",
            "Opens an upload session.",
            record,
            params={"uploadType": "resumable", "part": "snippet,status", **more},
            headers={
                "X-Upload-Content-Length": str(medium.size),
                "X-Upload-Content-Type": medium.mime,
                "Slug": name,
            },
            json=facts,
        )
        reach("youtube.session.after")
        if not said.well:
            raise declined(said, "YouTube does not take the video", google.clock.now())
        url = said.headers.get("location", "")
        if not same_house(google.root, url, "googleapis.com"):
            raise Later("YouTube's answer names no address to upload to.")
        return url

    async def state(self, session: Session, size: int, record: Record) -> State:
        """Asks how far it is. Raises `Later`, `NeedsPerson`, `Refused`."""
        said = await self._google.ask(
            "PUT",
            session.url,
            "Asks how much YouTube has of it.",
            record,
            headers={"Content-Range": f"bytes */{size}", "Content-Length": "0"},
            content=b"",
        )
        return self._read(said, size, public=False)

    async def send(
        self, session: Session, medium: Medium, start: int, end: int, record: Record, *, public: bool = False
    ) -> State:
        """Sends the bytes from one to before another; `public` with the last of them.

        Raises `Later`, `NeedsPerson`, `Refused`; with `public` also `Unclear`.
        """
        body = await _read(medium, start, end)
        reach("youtube.part.before")
        said = await self._google.ask(
            "PUT",
            session.url,
            f"Sends bytes {start:,} to {end:,} of {medium.size:,}.",
            record,
            headers={
                "Content-Type": medium.mime,
                "Content-Range": f"bytes {start}-{end - 1}/{medium.size}",
            },
            content=body,
            public=public,
            seconds=self._google.limits.upload,
        )
        reach("youtube.part.after")
        return self._read(said, medium.size, public=public)

    def _read(self, said: Said, size: int, *, public: bool) -> State:
        if said.status == 308:
            held = _RANGE.fullmatch(said.headers.get("range", "").strip())
            return Holds(min(int(held[1]) + 1, size) if held else 0)
        if said.status in (404, 410):
            return Gone()
        if not said.well:
            raise declined(said, "YouTube does not take the video", self._google.clock.now())
        video = said.at("id")
        if isinstance(video, str) and video:
            return Made(video, said)
        why = f"YouTube's answer shows no video: {complaint(said)}"
        raise Unclear(why, "answered") if public else Later(why)


def part_of(size: int, part: int, most_parts: int) -> int:
    """How many bytes a part of a file of that size has: a multiple of `STEP`."""
    wanted = min(max(part, size // most_parts), MOST_PART)
    return max(wanted // STEP, 1) * STEP


async def _read(medium: Medium, start: int, end: int) -> bytes:
    body = b"".join([part async for part in medium.read(start, end)])
    if len(body) != end - start:
        raise NeedsPerson(
            f"Of {medium.name} there are fewer bytes than it should have; make the video again."
        )
    return body
