"""What publishers there are, and what an account of each consists of: one line a publisher."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from nightdesk.kit.clock import Clock
from nightdesk.kit.http.guard import Guard
from nightdesk.publisher import Login, Platform, Publisher
from nightdesk.publishers import folder, instagram, tiktok, tool_server, wordpress, x, youtube
from nightdesk.publishers.consent import GOOGLE, META, TIKTOK, Consent, X
from nightdesk.publishers.fields import Field


@dataclass(frozen=True)
class Ground:
    """What publishers are opened on: the desk's data folder, the guard for foreign addresses, and time."""

    data: Path
    guard: Guard
    clock: Clock
    agent: str = "Nightdesk"
    programs: tuple[tool_server.Program, ...] = ()
    """Those that the operator lets accounts start as tool servers."""


@dataclass(frozen=True)
class Kind:
    """One platform: what it is called, what it takes, what an account of it needs, how it is opened.

    `day_cap` is how many pieces its own rules take of an account a day, 0 for any number.
    """

    platform: Platform
    title: str
    takes: tuple[str, ...]
    """Of `article` and `video`."""
    about: str
    """What a person has to do there before, in a sentence or two."""
    fields: tuple[Field, ...]
    open: Callable[[Login, Ground], Publisher]
    day_cap: int = 0
    comments: bool = False
    """Whether a first comment is written there, where one is wished for."""
    ways: tuple[str, ...] = ("rest",)
    consent: Consent | None = None
    """How an account is connected by its owner's consent there, where the platform asks for that."""

    @property
    def tool_fields(self) -> tuple[Field, ...]:
        """The fields of an account that is spoken to by a tool server; none where there is no such way."""
        return tool_server.fields(self.platform) if "mcp" in self.ways else ()

    def by(self, way: str) -> "Kind":
        """The platform as it is spoken to in that way: a tool server asks for other fields and no consent."""
        if way != "mcp":
            return self
        return replace(
            self,
            about=tool_server.ABOUT,
            fields=self.tool_fields,
            comments=False,
            consent=None,
            open=lambda login, ground: tool_server.opened(
                login, self.platform, ground.data, ground.guard, ground.programs
            ),
        )


KINDS: Mapping[str, Kind] = {
    kind.platform: kind
    for kind in (
        Kind(
            "youtube",
            "YouTube",
            ("video",),
            "Make a project with the YouTube Data API v3 in Google's console, and an OAuth client in it.",
            youtube.FIELDS,
            lambda login, ground: youtube.opened(login, ground.guard, ground.clock),
            # 100 uploads a project: https://developers.google.com/youtube/data/determine_quota_cost
            day_cap=100,
            comments=True,
            ways=("rest", "mcp"),
            consent=GOOGLE,
        ),
        Kind(
            "instagram",
            "Instagram",
            ("video",),
            "Reels, for a professional account that a Page is linked to. Make an app at Meta with Facebook "
            "Login for Business, and a long-lived token for it.",
            instagram.FIELDS,
            lambda login, ground: instagram.opened(login, ground.guard, ground.clock),
            comments=True,
            consent=META,
        ),
        Kind(
            "tiktok",
            "TikTok",
            ("video",),
            "Make an app with Login Kit and the Content Posting API at developers.tiktok.com. Until TikTok "
            "has audited it, it makes drafts that you post in TikTok, or posts that you alone see.",
            tiktok.FIELDS,
            lambda login, ground: tiktok.opened(login, ground.guard, ground.clock),
            # About 15 a day from all apps: https://developers.tiktok.com/doc/content-sharing-guidelines
            day_cap=15,
            consent=TIKTOK,
        ),
        Kind(
            "x",
            "X",
            ("article", "video"),
            "Make an app with OAuth 2.0 and the right to read and write in X's developer console, and buy "
            "credits there: a post costs about $0.015, one with a link $0.20.",
            x.FIELDS,
            lambda login, ground: x.opened(login, ground.guard, ground.clock),
            comments=True,
            ways=("rest", "mcp"),
            consent=X,
        ),
        Kind(
            "wordpress",
            "WordPress",
            ("article",),
            "Make an application password there under Users, Profile; the site needs no plug-in for it.",
            wordpress.FIELDS,
            lambda login, ground: wordpress.opened(login, ground.guard, ground.clock),
        ),
        Kind(
            "folder",
            "Folder",
            ("article", "video"),
            "Writes each piece into a folder of this desk's data, for you to take from there.",
            folder.FIELDS,
            lambda login, ground: folder.opened(login, ground.data),
        ),
    )
}


def caps() -> dict[str, int]:
    """Publications a day by platform, where its own rules set a limit."""
    return {name: kind.day_cap for name, kind in KINDS.items() if kind.day_cap}
