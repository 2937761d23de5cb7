"""A WordPress, fake or real, as the tests see it: opened as each of its users, and looked into."""

from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import httpx2

from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import Ending
from nightdesk.publisher import Live, Login, Piece, Publisher, Token
from nightdesk.publishers import wordpress
from nightdesk.publishers.wordpress.site import Limits
from nightdesk.rehearsal.serving import Served
from publishing.contract import Lines, Stand
from publishing.wordpress_pieces import short_article

ROLES = ("administrator", "editor", "author", "contributor", "subscriber", "columnist")
PUBLISHING = ("administrator", "editor", "author")
"""Roles that may publish and upload; `columnist` is one as plug-ins make them, which may only publish."""


@dataclass
class Press:
    """One site. `limits` are how long a publisher waits for it."""

    served: Served
    passwords: Mapping[str, str]
    limits: Limits
    again: Callable[[], None] = lambda: None
    lines: Lines = field(default_factory=Lines)

    def opened(self, user: str = "editor", **config: str) -> Publisher:
        async def renew(*_: object) -> dict[str, str]:
            raise AssertionError("an application password is never renewed")

        usual = {"address": self.served.address, "user": user, "category": "Heating"}
        password = config.pop("password", self.passwords.get(user, "abcdefghijklmnopqrst"))
        login = Login(1, "press", usual | config, {"password": password}, renew)
        return wordpress.opened(login, self.served.guard(), SystemClock(), self.limits)

    def stand(self, piece: Piece | None = None, user: str = "editor") -> Stand:
        found = piece or short_article()
        return Stand(self.served, lambda: self.opened(user), found, self.again, "(POST|PUT) .*/wp/v2/posts/")

    async def out(self, piece: Piece, user: str = "editor", token: Token | None = None, **config: str) -> Any:
        """How publishing it ends: with what is live, or with its ending."""
        async with aclosing(self.opened(user, **config)) as publisher:
            try:
                token = await publisher.prepare(piece, token, self.lines)
                return await publisher.commit(piece, token, self.lines)
            except Ending as ending:
                return ending

    async def made_ready(self, piece: Piece, token: Token | None = None, **config: str) -> Token | None:
        async with aclosing(self.opened(**config)) as publisher:
            return await publisher.prepare(piece, token, self.lines)

    async def committed(self, piece: Piece, token: Token | None, **config: str) -> Live:
        async with aclosing(self.opened(**config)) as publisher:
            found = await publisher.commit(piece, token, self.lines)
        assert isinstance(found, Live)
        return found

    async def ask(self, method: str, route: str, **more: Any) -> Any:
        """What the administrator is answered."""
        login = ("administrator", self.passwords["administrator"])
        async with httpx2.AsyncClient(auth=login, trust_env=True, timeout=60) as client:
            said = await client.request(method, f"{self.served.address}/wp-json/wp/v2/{route}", **more)
        assert said.status_code < 400, said.text
        return said.json()

    async def there(self, piece: Piece) -> list[Any]:
        """Posts that carry its mark, drafts and those in the trash too."""
        asked = {"search": piece.key, "status": "any,trash", "context": "edit"}
        return [
            one for one in await self.ask("GET", "posts", params=asked) if piece.key in one["content"]["raw"]
        ]

    async def pictures(self, piece: Piece) -> list[Any]:
        """Files of the library that are its."""
        files = await self.ask("GET", "media", params={"per_page": "100"})
        return [one for one in files if piece.key[:8] in one["slug"]]
