"""Where publications of attempts go: the folder, every fake platform that ships, and the wall."""

from collections.abc import Mapping
from dataclasses import dataclass

from sweep.wall import FakeWall

from nightdesk.kit.clock import SystemClock
from nightdesk.publishers import KINDS
from nightdesk.rehearsal.accounts import FAKES, Fake
from nightdesk.rehearsal.platform import FakePlatform

BLIND = ("wall", "x")
"""Platforms that can neither be asked nor take the same piece again for one: there it may end held."""


@dataclass(frozen=True)
class Outlet:
    """A platform; the folder has no fake."""

    name: str
    fake: Fake | None = None

    @property
    def takes(self) -> str:
        return self.fake.takes if self.fake else "article"

    @property
    def comments(self) -> bool:
        """Whether a first comment is written there."""
        return self.name in KINDS and KINDS[self.name].comments

    @property
    def may_hold(self) -> bool:
        return self.name in BLIND

    def opened(self) -> FakePlatform | None:
        return self.fake.make(SystemClock()) if self.fake else None

    def values(self, platform: FakePlatform | None) -> Mapping[str, str]:
        """Those of an account, once its platform is served."""
        return self.fake.values(platform) if self.fake else {"folder": "shelf"}


_WALL = Fake("wall", "video", FakeWall, lambda fake: {"address": fake.address})
OUTLETS: Mapping[str, Outlet] = {
    "folder": Outlet("folder"),
    **{name: Outlet(name, fake) for name, fake in FAKES.items()},
    "wall": Outlet("wall", _WALL),
}
