"""The desk of people over a database. A fixed cast: Ana owns, Ben edits, Vera looks; Otto is elsewhere."""

import base64
import hmac
import re
import struct
from dataclasses import dataclass, field
from typing import Any

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import text

from nightdesk.desk.founding import Founding
from nightdesk.desk.people import (
    Caller,
    Doorkeeper,
    Entrance,
    Invitations,
    Operator,
    Passwords,
    People,
    Role,
    SecondFactors,
    Sessions,
)
from nightdesk.kit.clock import SetClock
from nightdesk.kit.sealing import Sealer
from nightdesk.store.session import Store

HERE = ("198.51.100.7", "Firefox on Linux")
GOOD = "a lighthouse over the night sea"
KEY = "a key of the installation, long enough"
BETTER = "the second owl writes letters"


class CountedHash(PasswordHash):
    """The real hash, light, which counts how often a password was checked."""

    def __init__(self) -> None:
        super().__init__((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
        self.checks = 0

    def verify_and_update(self, password: Any, hash: Any) -> tuple[bool, str | None]:
        self.checks += 1
        return super().verify_and_update(password, hash)


@dataclass
class App:
    """An authenticator app whose clock is right, computed apart from the code under test (RFC 4226, 5.3)."""

    clock: SetClock
    secret: str

    def code(self, steps: int = 0) -> str:
        counter = int(self.clock.now().timestamp()) // 30 + steps
        digest = hmac.digest(base64.b32decode(self.secret), struct.pack(">Q", counter), "sha1")
        at = digest[-1] & 15
        return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


@dataclass
class Desk:
    """The areas under test, and how tests let people in."""

    store: Store
    clock: SetClock
    hasher: CountedHash = field(default_factory=CountedHash)
    sealer: Sealer = field(default_factory=lambda: Sealer([KEY]))

    def __post_init__(self) -> None:
        founding = Founding(self.store)
        doorkeeper = Doorkeeper(self.store, self.clock, Passwords(self.sealer, self.hasher))
        self.founding = founding
        self.people = People(self.store, self.clock)
        self.invitations = Invitations(doorkeeper)
        self.sessions = Sessions(doorkeeper)
        self.second_factors = SecondFactors(doorkeeper)
        self.entrance = Entrance(doorkeeper, founding)

    async def caller(self, token: str) -> Caller:
        found = await self.sessions.caller_of(token)
        assert found is not None
        return found

    async def begin(self, email: str = "ana@example.org", **facts: str) -> str:
        token = await self.entrance.pending_token()
        assert token is not None
        given = {"name": "Ana", "password": GOOD, "workspace_name": "The Harbour Gazette"} | facts
        return await self.entrance.begin(
            token,
            email,
            given["name"],
            given["password"],
            given["workspace_name"],
            given.get("language", "en"),
            given.get("timezone", "Europe/Berlin"),
            *HERE,
        )

    async def accept(self, token: str, name: str = "Ben", password: str = GOOD) -> str:
        return await self.invitations.accept(token, name, password, "en", "UTC", *HERE)

    async def joined(self, owner: Caller | Operator, name: str, role: Role, password: str = GOOD) -> Caller:
        link = await self.invitations.invite(owner, f"{name.lower()}@example.org", role)
        return await self.caller(await self.accept(link, name, password))

    async def elsewhere(self, name: str = "Otto") -> Caller:
        """The owner of another workspace."""
        workspace = await self.founding.found(f"{name}'s paper", 0)
        return await self.joined(Operator(workspace), name, "owner")

    async def signed_in(self, email: str, password: str = GOOD) -> Caller:
        return await self.caller(await self.sessions.sign_in(email, password, *HERE))

    async def rows(self, query: str, **values: Any) -> list[Any]:
        async with self.store.everywhere() as db:
            return list((await db.execute(text(query), values)).all())


def token_in(printed: str) -> str:
    found = re.search(r"token=([0-9A-Za-z]{32})", printed)
    assert found is not None
    return found.group(1)
