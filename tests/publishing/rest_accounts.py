"""An account of any platform with an interface of its own, opened at its fake as the desk opens it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nightdesk.kit.clock import SetClock
from nightdesk.publisher import Login, Piece, Publisher
from nightdesk.publishers import KINDS
from nightdesk.publishers.registry import Ground
from nightdesk.rehearsal.accounts import FAKES
from nightdesk.rehearsal.platform import FakePlatform
from nightdesk.rehearsal.serving import Served, serving
from publishing.contract import Lines
from publishing.short_videos import Kept, published, video
from publishing.wordpress_pieces import short_article

REST = tuple(FAKES)
"""All platforms that are spoken to over an interface of their own."""


@dataclass
class Account:
    """One at a fake, whose time jumps; `values` are its fields."""

    name: str
    served: Served
    values: Mapping[str, str]
    clock: SetClock
    lines: Lines = field(default_factory=Lines)
    kept: Kept = field(default_factory=lambda: Kept({}))

    def __post_init__(self) -> None:
        self.kept.secrets |= {one: self.values[one] for one in self._secret if one in self.values}

    @property
    def platform(self) -> FakePlatform:
        return self.served.platform

    @property
    def _secret(self) -> set[str]:
        return {one.name for one in KINDS[self.name].fields if one.secret}

    def opened(self) -> Publisher:
        config = {one: value for one, value in self.values.items() if one not in self._secret}
        login = Login(1, self.name, config, self.kept.secrets, self.kept.renew)
        return KINDS[self.name].open(login, Ground(Path("/nowhere"), self.served.guard(), self.clock))

    def piece(self, **facts: Any) -> Piece:
        return replace(short_article(), **facts) if self.name == "wordpress" else video(**facts)

    async def out(self, piece: Piece) -> Any:
        """How publishing it ends: with what is live, or with its ending."""
        return await published(
            self.opened, piece, self.lines.tokens[-1] if self.lines.tokens else None, self.lines
        )

    async def sought(self, piece: Piece) -> Any:
        async with aclosing(self.opened()) as publisher:
            return await publisher.look_up(piece, self.lines.tokens[-1], self.lines)

    @property
    def decisions(self) -> str:
        return " ".join(says for what, says, _ in self.lines.said if what == "decision")


@asynccontextmanager
async def account_at(name: str, **values: str) -> AsyncIterator[Account]:
    clock = SetClock(datetime(2026, 11, 21, 9, tzinfo=UTC))
    platform = FAKES[name].make(clock)
    async with serving(platform) as served:
        yield Account(name, served, {**FAKES[name].values(platform), **values}, clock)
