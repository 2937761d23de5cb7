"""A channel at a fake YouTube, as the tests see it: opened as the desk opens it, and looked into."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

from nightdesk.kit.clock import Clock, SystemClock
from nightdesk.kit.endings import Ending
from nightdesk.publisher import Asking, Login, Piece, Publisher, Token
from nightdesk.publishers import youtube
from nightdesk.publishers.youtube.api import Limits
from nightdesk.rehearsal.logins import CLIENT
from nightdesk.rehearsal.serving import Served
from nightdesk.rehearsal.youtube import STEP, FakeYouTube, Video
from publishing.contract import Lines, Stand, medium, picture
from publishing.short_videos import video

LAST = r"PUT /upload/youtube/v3/videos"
SIZE = 2 * STEP + 1000
PATIENT = Limits(part=STEP, again=0)
SHORT = Limits(call=0.4, upload=0.4, part=STEP, again=0)
SRT = b"1\n00:00:00,000 --> 00:00:02,000\nHeat rises.\n"


@dataclass
class Channel:
    """Alice's. `kept` is what the desk keeps of her log-in."""

    served: Served
    limits: Limits = PATIENT
    clock: Clock = field(default_factory=SystemClock)
    config: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    lines: Lines = field(default_factory=Lines)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.kept = dict(self.platform.secrets)

    @property
    def platform(self) -> FakeYouTube:
        assert isinstance(self.served.platform, FakeYouTube)
        return self.served.platform

    def opened(self) -> Publisher:
        async def renew(used: Mapping[str, str], ask: Asking) -> Mapping[str, str]:
            async with self.lock:
                if dict(used) == self.kept:
                    self.kept = {**used, **(await ask(used)).secrets}
                return self.kept

        config = {"client_id": CLIENT, "api": self.served.address, **self.config}
        login = Login(1, "channel", config, self.kept, renew)
        return youtube.opened(login, self.served.guard(), self.clock, self.limits)

    def stand(self, again: Callable[[], None] = lambda: None) -> Stand:
        # A spent quota is given anew within a day.
        return Stand(self.served, self.opened, film(), again, LAST, pause=11_000)

    async def out(self, piece: Piece, token: Token | None = None) -> Any:
        """How publishing it ends: with what is live, or with its ending."""
        async with aclosing(self.opened()) as publisher:
            try:
                token = await publisher.prepare(piece, token, self.lines)
                return await publisher.commit(piece, token, self.lines)
            except Ending as ending:
                return ending

    async def made_ready(self, piece: Piece, token: Token | None = None) -> Token | None:
        async with aclosing(self.opened()) as publisher:
            return await publisher.prepare(piece, token, self.lines)

    async def looked_up(self, piece: Piece, token: Token | None) -> Any:
        async with aclosing(self.opened()) as publisher:
            return await publisher.look_up(piece, token, self.lines)

    @property
    def videos(self) -> list[Video]:
        return list(self.platform.videos.values())

    @property
    def decisions(self) -> str:
        return " ".join(says for what, says, _ in self.lines.said if what == "decision")


def film(size: int = SIZE, **facts: Any) -> Piece:
    """A video with a cover and captions."""
    made = video(size)
    more = (
        medium("captions", "captions.srt", "application/x-subrip", SRT),
        medium("cover", "cover.png", "image/png", picture("navy")),
    )
    return replace(made, **{"media": (*made.media, *more), **facts})


async def body(piece: Piece) -> bytes:
    return b"".join([part async for part in piece.media[0].read(0, None)])
