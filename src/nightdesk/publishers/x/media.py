"""Puts files up for a post that is to come: in parts, then looked at until X has worked on them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Later, Refused
from nightdesk.kit.points import reach
from nightdesk.publisher import Medium, Piece, Record
from nightdesk.publishers.calling import Said
from nightdesk.publishers.x.calls import X, complaint

# https://docs.x.com/x-api/media/quickstart/best-practices
PICTURES = ("image/jpeg", "image/png", "image/webp")
LARGEST_PICTURE = 5 << 20
PART = 4 << 20
"""Bytes of one part; X takes up to 5 MB."""

MOST_ALT = 1000
MARGIN = timedelta(minutes=10)
"""A file that X forgets so soon is put up again."""


@dataclass(frozen=True)
class Up:
    """A file that lies at X for a post: its number there, until when, and whether it is whole."""

    id: str
    until: str
    whole: bool = False

    @classmethod
    def out_of(cls, kept: Any) -> "Up | None":
        """What a token kept of it."""
        if not isinstance(kept, Mapping) or not kept.get("id"):
            return None
        return cls(str(kept["id"]), str(kept.get("until", "")), bool(kept.get("whole")))

    def lasts(self, now: datetime) -> bool:
        try:
            return datetime.fromisoformat(self.until) - MARGIN > now
        except ValueError:
            return False


def chosen(piece: Piece) -> Medium | None:
    """What goes with the post: the video, or an article's picture where X takes it."""
    if piece.kind == "video":
        return piece.of_role("video")
    picture = piece.of_role("featured")
    fits = picture is not None and picture.mime in PICTURES and picture.size <= LARGEST_PICTURE
    return picture if fits and piece.options.get("picture", True) else None


class Uploads:
    """Puts up the file of one piece; `kept` is told of each step that a later try can go on from."""

    def __init__(self, x: X, clock: Clock, record: Record, kept: Any) -> None:
        self._x, self._clock, self._record, self._kept = x, clock, record, kept

    async def up(self, medium: Medium, known: Up | None) -> Up:
        """Raises `Later`, `NeedsPerson`, `Refused`."""
        if known is None or not known.lasts(self._clock.now()):
            known = await self._sent(medium)
            await self._kept(known)
        if not known.whole:
            known = await self._worked_on(known, medium)
            await self._kept(known)
        return known

    async def _sent(self, medium: Medium) -> Up:
        category = "tweet_video" if medium.role == "video" else "tweet_image"
        asked = {"media_type": medium.mime, "total_bytes": medium.size, "media_category": category}
        said = await self._ask("POST", "/initialize", f"Begins to put up {medium.name}.", json=asked)
        number = said.at("data", "id")
        if not isinstance(number, str) or not number:
            raise Later(f"X's answer shows no number for {medium.name}: {complaint(said)}")
        seconds = said.number("data", "expires_after_secs") or 3600
        up = Up(number, (self._clock.now() + timedelta(seconds=seconds)).isoformat())
        index = 0
        async for part in _parts(medium):
            reach("x.media.before")
            await self._ask(
                "POST",
                f"/{number}/append",
                f"Puts up part {index + 1} of {medium.name}.",
                form={"segment_index": str(index)},
                files={"media": ("part", part, "application/octet-stream")},
                seconds=self._x.limits.upload,
                raw=True,
            )
            reach("x.media.after")
            index += 1
        said = await self._ask("POST", f"/{number}/finalize", f"Says that {medium.name} is whole.")
        if medium.alt and medium.role != "video":
            await self._described(up, medium)
        return replace(up, whole=_state(said) == "succeeded")

    async def _worked_on(self, up: Up, medium: Medium) -> Up:
        """Waits until X has worked on it."""
        waited = 0.0
        while True:
            asked = {"command": "STATUS", "media_id": up.id}
            said = await self._ask("GET", "", f"Asks how far X is with {medium.name}.", params=asked)
            state = _state(said)
            if state == "succeeded":
                return replace(up, whole=True)
            if state == "failed":
                told = said.at("data", "processing_info", "error", "message") or complaint(said)
                raise Refused(f"X cannot work with {medium.name}: {told}")
            if waited >= self._x.limits.working:
                raise Later(f"X still works on {medium.name}; it is looked at again.", 120)
            pause = min(float(said.number("data", "processing_info", "check_after_secs") or 1), 30.0)
            await asyncio.sleep(min(pause, self._x.limits.working))
            waited += pause

    async def _described(self, up: Up, medium: Medium) -> None:
        """Words for who cannot see it; a post goes out without them rather than not at all."""
        asked = {"id": up.id, "metadata": {"alt_text": {"text": medium.alt[:MOST_ALT]}}}
        about = f"Describes {medium.name}."
        said = await self._x.ask("POST", "/2/media/metadata", about, self._record, json=asked, raw=True)
        if not said.well:
            await self._record.step(
                "decision", f"X did not take the description of {medium.name}: {complaint(said)}"
            )

    async def _ask(self, method: str, path: str, about: str, **more: Any) -> Said:
        said = await self._x.ask(method, f"/2/media/upload{path}", about, self._record, **more)
        if not said.well:
            ending = Refused if said.status in (400, 403, 413, 422) else Later
            raise ending(f"X did not take the file: {complaint(said)}")
        return said


async def _parts(medium: Medium) -> AsyncIterator[bytes]:
    """The file in parts of the size that X takes, whatever the size in which it is read."""
    kept = bytearray()
    async for read in medium.read(0, None):
        kept += read
        while len(kept) >= PART:
            yield bytes(kept[:PART])
            del kept[:PART]
    if kept:
        yield bytes(kept)


def _state(said: Said) -> str:
    """`succeeded` too where X says nothing of working on it, as with pictures."""
    if said.at("data", "processing_info") is None:
        return "succeeded" if said.at("data") is not None else "pending"
    return str(said.at("data", "processing_info", "state"))
