"""The fake platforms that there are, and what an account of each consists of: one line a platform."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from nightdesk.kit.clock import Clock
from nightdesk.rehearsal.instagram import USER, FakeInstagram
from nightdesk.rehearsal.logins import CLIENT
from nightdesk.rehearsal.platform import FakePlatform
from nightdesk.rehearsal.tiktok import ACCOUNT, FakeTikTok
from nightdesk.rehearsal.wordpress import PASSWORD, FakeWordPress
from nightdesk.rehearsal.x import FakeX
from nightdesk.rehearsal.youtube import FakeYouTube


@dataclass(frozen=True)
class Fake:
    """One platform's fake. `values` are those of an account there, once it is served.

    `takes` is the kind of piece that it is tried with.
    """

    platform: str
    takes: Literal["article", "video"]
    make: Callable[[Clock], FakePlatform]
    values: Callable[[Any], Mapping[str, str]]


FAKES: Mapping[str, Fake] = {
    fake.platform: fake
    for fake in (
        Fake(
            "wordpress",
            "article",
            FakeWordPress,
            lambda fake: {"address": fake.address, "user": "editor", "password": PASSWORD},
        ),
        Fake(
            "youtube",
            "video",
            FakeYouTube,
            lambda fake: {"client_id": CLIENT, "api": fake.address, **fake.secrets},
        ),
        Fake(
            "instagram",
            "video",
            FakeInstagram,
            lambda fake: {"user": USER, "access_token": fake.token, "api": fake.api},
        ),
        Fake(
            "tiktok",
            "video",
            FakeTikTok,
            lambda fake: {
                "client_id": CLIENT,
                "api": fake.address,
                "mode": "direct",
                "results": "yes",
                **fake.logins.connected(ACCOUNT),
            },
        ),
        Fake(
            "x",
            "article",
            FakeX,
            lambda fake: {"client_id": CLIENT, "api": fake.address, **fake.logins.connected("desk")},
        ),
    )
}
