"""The platforms of a rehearsal: every fake served on loopback, its faults by chance, its posts counted."""

import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from nightdesk.kit.clock import Clock
from nightdesk.rehearsal.accounts import FAKES
from nightdesk.rehearsal.faults import NOT_TAKEN, TAKEN
from nightdesk.rehearsal.platform import FakePlatform, Post
from nightdesk.rehearsal.serving import serving

STRIKING = tuple(fault for fault in (*NOT_TAKEN, *TAKEN) if fault != "taken_then_silence")
"""The faults that strike by chance: those between two machines need a resolver of their own, and a platform
that never answers holds a rehearsal up for a minute of real time."""

MARK = re.compile(r"nightdesk:([0-9a-f]{32})")
"""How the key of a piece stands in a post."""


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

    def marks(self, name: str) -> Counter[str]:
        """How many posts there carry each mark of ours."""
        found = (set(MARK.findall(post.text)) for post in self.platforms[name].posts())
        return Counter(mark for marks in found for mark in marks)

    def find(self, name: str, key: str, title: str, known: Collection[str]) -> Post | None:
        """The post that somebody who looks takes for that piece: by its mark where posts there have one, else
        by its title, else one that belongs to no other piece. `known`: the posts that do, by their ids."""
        posts = self.platforms[name].posts() if name in self.platforms else []
        if any(MARK.search(post.text) for post in posts):
            return next((post for post in posts if key in post.text), None)
        foreign = [post for post in posts if post.id not in known]
        named = (post for post in foreign if title in f"{post.title} {post.text}")
        return next(named, foreign[0] if foreign else None)

    def forget_requests(self) -> None:
        """Lets go of what the platforms were sent: the pictures of a month are many."""
        for platform in self.platforms.values():
            platform.requests.clear()

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
