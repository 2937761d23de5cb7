"""The platforms of a rehearsal: every fake served on loopback, its faults by chance, its posts counted."""

import random
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from nightdesk.kit.clock import Clock
from nightdesk.rehearsal.accounts import FAKES
from nightdesk.rehearsal.faults import NOT_TAKEN, TAKEN
from nightdesk.rehearsal.platform import FakePlatform
from nightdesk.rehearsal.serving import serving

STRIKING = tuple(fault for fault in (*NOT_TAKEN, *TAKEN) if fault != "taken_then_silence")
"""The faults that strike by chance: those between two machines need a resolver of their own, and a platform
that never answers holds a rehearsal up for a minute of real time."""


@dataclass
class Street:
    """The platforms, by name."""

    platforms: Mapping[str, FakePlatform]
    chance: random.Random

    @property
    def struck(self) -> list[str]:
        """The faults that somebody met, by platform."""
        return [f"{name}: {fault}" for name, one in self.platforms.items() for fault in one.faults.struck]

    @property
    def allow(self) -> str:
        """Hosts and ports that the desk may reach."""
        return ",".join(one.address.partition("://")[2] for one in self.platforms.values())

    def values(self, name: str) -> Mapping[str, str]:
        """Those of a new account there."""
        return FAKES[name].values(self.platforms[name])

    def perhaps_strike(self, share: float) -> None:
        """A fault for each platform, in that share of cases; at what writes there."""
        for platform in self.platforms.values():
            if self.chance.random() < share:
                platform.faults.clear()
                fault = self.chance.choice(STRIKING)
                platform.faults.strike(fault, at="(POST|PUT) ")

    def posts(self, name: str) -> int:
        """How many are public there."""
        return len(self.platforms[name].posts())

    def of_key(self, name: str, key: str) -> int:
        """How many posts there carry that mark."""
        return sum(key in post.text for post in self.platforms[name].posts())

    def logged_in_again(self) -> None:
        """A person has logged in anew where a log-in had ended."""
        for platform in self.platforms.values():
            again: Any = getattr(platform, "again", None)
            if again is not None:
                again()
            elif hasattr(platform, "revoked"):
                platform.revoked.clear()


@asynccontextmanager
async def open_street(clock: Clock, seed: int) -> AsyncIterator[Street]:
    """Serves all of them within the block."""
    async with AsyncExitStack() as stack:
        platforms = {name: fake.make(clock) for name, fake in FAKES.items()}
        for platform in platforms.values():
            await stack.enter_async_context(serving(platform))
        yield Street(platforms, random.Random(seed))  # noqa: S311 - faults, no secrets
