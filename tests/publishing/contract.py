"""What every publisher has to do, whatever its platform does: asked of each against its fake platform.

A platform's tests make a `Stand`, and run `FAULTS` through `ends_rightly` and `goes_out_once`.
"""

import hashlib
import io
import ssl
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from PIL import Image as Picture

from nightdesk.desk.publishing import stands
from nightdesk.engine.outgoing import Outgoing, OutgoingMeans, Sender, Settling, Taken
from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.publisher import Coming, Found, Live, Medium, Piece, Publisher, Record, Role, Token, Unclear
from nightdesk.rehearsal.faults import FAULTS, NOT_TAKEN, TAKEN, UNSENT
from nightdesk.rehearsal.messages import Answer, Request
from nightdesk.rehearsal.platform import FakePlatform
from nightdesk.rehearsal.serving import Served
from nightdesk.store.tables.publishing import Publication
from publishing.one_platform import Ground

REFUSED = ("forbidden", "quota")
"""Answers by which a platform says that it will not take the piece, or not today."""

LOGGED_OUT = ("unauthorized", "expired")
ROUNDS, PAUSE = 10, 1800.0
"""How often a sender looks at what is due, and the seconds between."""


@dataclass
class Stand:
    """A publisher before its fake platform.

    `opened` opens it anew, as each taking does; `again` does on the platform what a person would do where a
    log-in has ended. `at` aims faults at the request that makes a piece public, where commit has several.
    `pause` are the seconds between two looks of its sender.
    """

    served: Served
    opened: Callable[[], Publisher]
    piece: Piece
    again: Callable[[], None] = lambda: None
    at: str = ""
    pause: float = PAUSE

    @property
    def public(self) -> int:
        """Posts that anybody sees."""
        return len(self.served.platform.posts())

    def aim(self, fault: str) -> None:
        self.served.platform.faults.strike(fault, at=self.at)


@dataclass
class Lines:
    """A record that keeps what it is told."""

    said: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)

    async def step(self, what: str, says: str, **data: Any) -> None:
        self.said.append((what, says, data))

    async def token(self, token: Token) -> None:
        self.tokens.append(token)


def oddly(kind: type[FakePlatform], said: Any) -> Any:
    """A platform of that kind whose answer number `at` from now on is something else."""

    class Odd(kind):  # type: ignore[misc, valid-type]
        at = 0

        async def answer(self, request: Request) -> Answer:
            self.at -= 1
            return Answer.of(said) if self.at == 0 else await super().answer(request)

    return Odd()


def trusting(served: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """Lets clients of this process trust the platform's throwaway certificate."""
    path = tmp_path / "trusted.pem"
    path.write_bytes(served.trusted)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    assert ssl.create_default_context(cafile=str(path))


def medium(role: Role, name: str, mime: str, body: bytes, **facts: Any) -> Medium:
    """A file whose bytes are at hand."""

    async def read(start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        for at in range(start, len(body) if end is None else end, 1 << 16):
            yield body[at : min(at + (1 << 16), len(body) if end is None else end)]

    return Medium(role, name, mime, hashlib.sha256(body).hexdigest(), len(body), read, **facts)


def picture(colour: str, kind: str = "PNG") -> bytes:
    made = io.BytesIO()
    Picture.new("RGB", (48, 32), colour).save(made, kind)
    return made.getvalue()


@dataclass(frozen=True)
class Outcome:
    """What became of a publication under a fault at `prepare` or `commit`."""

    platform: str
    repeats: str
    fault: str
    moment: str
    state: str
    posts: int


OUTCOMES: list[Outcome] = []
"""Of all publications that went through `goes_out_once` in this process, for who counts them."""


async def ends_rightly(stand: Stand, fault: str) -> None:
    """Committing under a fault: it says `Later` only where nothing was taken, and `Refused` never where
    something was."""
    async with aclosing(stand.opened()) as publisher:
        lines = Lines()
        token = await publisher.prepare(stand.piece, None, lines)
        assert stand.public == 0, "it was public before anything was committed"
        stand.aim(fault)
        ending = await _committed(publisher, stand.piece, token, lines)
        taken = stand.public
    assert stand.served.platform.faults.struck == [fault]
    # Where the platform does not take a token, it may be renewed, and the request sent again.
    renewed = fault in LOGGED_OUT and isinstance(ending, Live | Coming)
    assert taken == (fault in TAKEN or renewed)
    if fault in TAKEN:
        assert isinstance(ending, Unclear | Live | Coming), ending
    if fault in UNSENT:
        assert isinstance(ending, Later), ending
    if fault in LOGGED_OUT:
        assert isinstance(ending, NeedsPerson | Live | Coming), ending
    if fault == "forbidden":
        assert isinstance(ending, Refused), ending
    if fault == "too_many":
        assert isinstance(ending, Later)
        assert ending.seconds == stand.served.platform.retry_after


async def _committed(publisher: Publisher, piece: Piece, token: Token | None, record: Record) -> Any:
    try:
        return await publisher.commit(piece, token, record)
    except Ending as ending:
        return ending


async def goes_out_once(ground: Ground, stand: Stand, fault: str, moment: str) -> Publication:
    """A publication under a fault, sent by the engine until it is settled, and again after a person has
    helped; there is one post of it at most."""
    number = await ground.wished()
    sender = striking(ground, stand, fault, moment)
    row = await _sent(ground, sender, number, stand.pause)
    if row.code == "account_disconnected":
        assert stand.public <= 1
        stand.again()
        await ground.house.desk.accounts.verify(ground.tenant.workspace, ground.account)
        row = await _sent(ground, sender, number, stand.pause)
    assert stand.served.platform.faults.struck, f"{fault} has struck nothing"
    async with aclosing(stand.opened()) as one:
        OUTCOMES.append(Outcome(one.platform, one.repeats, fault, moment, row.state, stand.public))
    assert stand.public <= 1, f"{stand.public} posts of one piece"
    assert (row.state == "live") <= (stand.public == 1)
    return row


async def _sent(ground: Ground, sender: Sender, number: int, pause: float) -> Publication:
    for _ in range(ROUNDS):
        await Outgoing(OutgoingMeans(sender, "contract", {})).send_due()
        row = await ground.row(number)
        if row.state in ("live", "held", "rejected"):
            break
        ground.clock.move(pause)
    return row


def striking(ground: Ground, stand: Stand, fault: str, moment: str) -> Sender:
    """A sender whose publisher meets the fault at the first `prepare` or `commit`."""
    left = [fault]

    async def opening(taken: Taken) -> Publisher:
        return Struck(stand, stand.opened(), moment, left)

    async def composing(taken: Taken) -> Piece:
        return replace(stand.piece, key=taken.publication.key.hex)

    return Sender(Settling(ground.house.store, ground.clock, stands, lambda: None), opening, composing)


class Struck:
    """The publisher itself; a fault is aimed when the moment comes."""

    def __init__(self, stand: Stand, publisher: Publisher, moment: str, left: list[str]) -> None:
        self._stand, self._real, self._moment, self._left = stand, publisher, moment, left
        self.platform, self.repeats = publisher.platform, publisher.repeats
        self.faults, self.look, self.aclose = publisher.faults, publisher.look, publisher.aclose

    def _aim(self, moment: str) -> None:
        if self._left and moment == self._moment:
            fault = self._left.pop()
            if moment == "commit":
                self._stand.aim(fault)
            else:
                self._stand.served.platform.faults.strike(fault)

    async def prepare(self, piece: Piece, token: Token | None, record: Record) -> Token | None:
        self._aim("prepare")
        return await self._real.prepare(piece, token, record)

    async def commit(self, piece: Piece, token: Token | None, record: Record) -> Live | Coming:
        self._aim("commit")
        return await self._real.commit(piece, token, record)

    async def look_up(self, piece: Piece, token: Token | None, record: Record) -> Found:
        return await self._real.look_up(piece, token, record)


def key() -> str:
    return uuid.uuid4().hex


__all__ = [
    "FAULTS",
    "LOGGED_OUT",
    "NOT_TAKEN",
    "REFUSED",
    "TAKEN",
    "UNSENT",
    "Lines",
    "Stand",
    "ends_rightly",
    "goes_out_once",
    "key",
    "medium",
    "oddly",
    "picture",
    "trusting",
]
