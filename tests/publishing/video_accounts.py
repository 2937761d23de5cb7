"""Accounts at fake platforms for short videos, as the tests see them: opened as the desk opens them."""

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from nightdesk.kit.clock import Clock, SystemClock
from nightdesk.publisher import Login, Piece, Publisher, Token
from nightdesk.publishers import instagram, tiktok
from nightdesk.publishers.instagram.graph import Limits as InstagramLimits
from nightdesk.publishers.tiktok.service import Limits as TikTokLimits
from nightdesk.rehearsal.instagram import USER, FakeInstagram
from nightdesk.rehearsal.logins import CLIENT
from nightdesk.rehearsal.platform import FakePlatform
from nightdesk.rehearsal.serving import Served
from nightdesk.rehearsal.tiktok import ACCOUNT, FakeTikTok
from publishing.contract import Lines, Stand
from publishing.short_videos import Kept, published, video

TIKTOK = TikTokLimits(pause=0.01, processing=20.0, chunk=1000)
INSTAGRAM = InstagramLimits(pause=0.01, processing=20.0)


@dataclass
class VideoAccount:
    """What they share. `fake` is its platform, and `at` the request that makes a video public there."""

    served: Served
    clock: Clock = field(default_factory=SystemClock)
    config: dict[str, str] = field(default_factory=dict)
    lines: Lines = field(default_factory=Lines)
    kept: Kept = field(default_factory=lambda: Kept({}))
    fake: ClassVar[type[FakePlatform]]
    at: ClassVar[str]

    def opened(self) -> Publisher:
        raise NotImplementedError

    def hurry(self) -> None:
        """Waits for no answer of its platform for long from now on."""
        raise NotImplementedError

    def again(self) -> None:
        """What a person does where the log-in has ended."""

    def stand(self) -> Stand:
        return Stand(self.served, self.opened, video(), self.again, self.at)

    async def out(self, piece: Piece, token: Token | None = None) -> Any:
        return await published(self.opened, piece, token, self.lines)


@dataclass
class OnTikTok(VideoAccount):
    """It takes files in parts of 1,000 bytes, and makes posts unless `config` says otherwise."""

    config: dict[str, str] = field(default_factory=lambda: {"mode": "direct"})
    limits: TikTokLimits = TIKTOK
    fake: ClassVar[type[FakePlatform]] = FakeTikTok
    at: ClassVar[str] = "PUT /video/"

    def __post_init__(self) -> None:
        self.platform.smallest = 1000
        logins = self.platform.logins
        # At hand from the start: a renewal whose answer is lost costs the log-in itself (test_renewing).
        self.kept = Kept({**logins.connected(ACCOUNT), "access_token": logins.granted(ACCOUNT)})

    @property
    def platform(self) -> FakeTikTok:
        assert isinstance(self.served.platform, FakeTikTok)
        return self.served.platform

    def opened(self) -> Publisher:
        config = {"client_id": CLIENT, "api": self.platform.address, **self.config}
        login = Login(1, "clips", config, self.kept.secrets, self.kept.renew)
        return tiktok.opened(login, self.served.guard(), self.clock, self.limits)

    def hurry(self) -> None:
        self.limits = replace(self.limits, call=0.4, upload=0.4)


@dataclass
class OnInstagram(VideoAccount):
    """Its token holds for ever, and is not exchanged unless `config` says with what."""

    limits: InstagramLimits = INSTAGRAM
    fake: ClassVar[type[FakePlatform]] = FakeInstagram
    at: ClassVar[str] = r"POST /v25.0/\d+/media_publish"

    @property
    def platform(self) -> FakeInstagram:
        assert isinstance(self.served.platform, FakeInstagram)
        return self.served.platform

    def opened(self) -> Publisher:
        config = {"user": USER, "api": self.platform.api, **self.config}
        secrets = {"access_token": self.platform.token, **self.kept.secrets}
        login = Login(1, "reels", config, secrets, self.kept.renew)
        return instagram.opened(login, self.served.guard(), self.clock, self.limits)

    def hurry(self) -> None:
        self.limits = replace(self.limits, call=0.4, upload=0.4)

    def again(self) -> None:
        self.platform.again()
