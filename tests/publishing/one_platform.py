"""A platform that takes posts as it is told to: at once, late, never, or without saying so."""

import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, update

from api.api_house import Tenant
from desk.video_rows import Film, film
from nightdesk.bootstrap import House
from nightdesk.desk.accounts import NewAccount
from nightdesk.desk.people.roles import Operator
from nightdesk.desk.publishing import Wish, stands
from nightdesk.engine.outgoing import Outgoing, OutgoingMeans, Sender, Settling, Taken
from nightdesk.kit.clock import SetClock
from nightdesk.publisher import (
    Absent,
    Found,
    Live,
    Piece,
    Platform,
    Publisher,
    Record,
    Repeats,
    Standing,
    Token,
)
from nightdesk.store.tables.publishing import Account, Publication

Act = Callable[["Board", Piece, Token | None], Live]


@dataclass
class Board:
    """What is public there, and what its next answers are."""

    repeats: Repeats = "blind"
    posts: list[str] = field(default_factory=list)
    opened: int = 0
    commits: deque[Act] = field(default_factory=deque)
    prepares: deque[BaseException] = field(default_factory=deque)
    looks: deque[Found] = field(default_factory=deque)
    tokens: list[Any] = field(default_factory=list)

    def publish(self, piece: Piece, token: Token | None) -> Live:
        """Makes it public; a token makes it public once."""
        mark = f"{piece.key}:{token['once']}" if token else f"{piece.key}:{len(self.posts)}"
        if not token or mark not in self.posts:
            self.posts.append(mark)
        return Live(f"id-{len(self.posts)}", "https://platform.test/1")


_BOARDS: dict[int, Board] = {}
"""By workspace: a sender sends what is due, whoever it is of."""


def posted(board: Board, piece: Piece, token: Token | None) -> Live:
    return board.publish(piece, token)


def fails(error: BaseException, *, taken: bool = False) -> Act:
    """Ends with `error`, after the platform has taken the piece where it says so."""

    def act(board: Board, piece: Piece, token: Token | None) -> Live:
        if taken:
            board.publish(piece, token)
        raise error

    return act


class OnBoard:
    """The board's publisher."""

    platform: Platform = "folder"

    def __init__(self, board: Board) -> None:
        self._board = board

    @property
    def repeats(self) -> Repeats:
        return self._board.repeats

    def faults(self, piece: Piece) -> list[str]:
        return ["The title is too long."] if len(piece.title) > 200 else []

    async def look(self) -> Standing:
        return Standing("board")

    async def prepare(self, piece: Piece, token: Token | None, record: Record) -> Token | None:
        if self._board.prepares:
            raise self._board.prepares.popleft()
        if self._board.repeats == "blind":
            return None
        self._board.opened += token is None
        token = token or {"once": self._board.opened}
        await record.token(token)
        return token

    async def commit(self, piece: Piece, token: Token | None, record: Record) -> Live:
        await record.step("request", "posts")
        self._board.tokens.append(token)
        return (self._board.commits.popleft() if self._board.commits else posted)(self._board, piece, token)

    async def look_up(self, piece: Piece, token: Token | None, record: Record) -> Found:
        if self._board.looks:
            return self._board.looks.popleft()
        there = any(one.startswith(piece.key) for one in self._board.posts)
        return Live("found", "https://platform.test/found") if there else Absent("It shows nothing of it.")

    async def aclose(self) -> None:
        """Keeps nothing open."""


@dataclass
class Ground:
    """A workspace, its account, the platform behind it, and senders that share a clock."""

    house: House
    tenant: Tenant
    account: int
    board: Board
    clock: SetClock

    @property
    def by(self) -> Operator:
        return Operator(self.tenant.workspace)

    def sender(self) -> Sender:
        async def opening(taken: Taken) -> Publisher:
            return OnBoard(_BOARDS[taken.publication.workspace_id])

        async def composing(taken: Taken) -> Piece:
            return Piece("video", taken.publication.key.hex, taken.publication.title, "")

        return Sender(Settling(self.house.store, self.clock, stands, lambda: None), opening, composing)

    def outgoing(self, name: str = "one", caps: dict[str, int] | None = None) -> Outgoing:
        return Outgoing(OutgoingMeans(self.sender(), name, caps or {}))

    async def wished(self, *, account: int | None = None) -> int:
        """A video that is to go out now; returns the publication's number."""
        made = await self.approved()
        wish = Wish(video_id=made.id, accounts=[account or self.account])
        return (await self.house.desk.publishing.publish(self.by, wish))[0].id

    async def approved(self) -> Film:
        return await film(self.house, self.tenant, status="approved", reviewed_at=self.clock.now())

    async def sent(self, number: int, rounds: int = 1, pause: float = 0.0) -> Publication:
        """After that many rounds of a sender, each after a pause."""
        for _ in range(rounds):
            self.clock.move(pause)
            await self.outgoing().send_due()
        return await self.row(number)

    async def row(self, number: int) -> Publication:
        return (await self.house.desk.publishing.stories.show(self.tenant.workspace, number)).publication

    async def story(self, number: int) -> list[str]:
        shown = await self.house.desk.publishing.stories.show(self.tenant.workspace, number)
        return [line.what for line in shown.story]

    async def look(self) -> Account:
        async with self.house.store.workspace(self.tenant.workspace) as session:
            return await session.get_one(Account, (self.tenant.workspace, self.account))

    async def forget_lease(self, number: int) -> None:
        """As if its taker had been silent for long."""
        async with self.house.store.workspace(self.tenant.workspace) as session:
            past = datetime(2020, 1, 1, tzinfo=UTC)
            of_it = (Publication.workspace_id == self.tenant.workspace, Publication.id == number)
            await session.execute(update(Publication).where(*of_it).values(until=past))

    async def another_account(self) -> int:
        async with self.house.store.workspace(self.tenant.workspace) as session:
            new = insert(Account).values(
                workspace_id=self.tenant.workspace,
                platform="folder",
                name=uuid.uuid4().hex,
                status="connected",
            )
            return (await session.execute(new.returning(Account.id))).scalar_one()


async def nothing_due(house: House) -> None:
    """Takes back what other tests have left waiting: a sender sends whatever is due."""
    waiting = Publication.state.in_(("queued", "preparing", "committing", "ambiguous"))
    async with house.store.everywhere() as session:
        await session.execute(update(Publication).where(waiting).values(state="cancelled", until=None))


async def grounded(house: House, tenant: Tenant) -> Ground:
    await nothing_due(house)
    account = await house.desk.accounts.connect(
        Operator(tenant.workspace), NewAccount("folder", "Board", {"folder": f"board-{tenant.workspace}"})
    )
    # Ahead of the desk's own clock, so that what the desk plans for now is due.
    clock = SetClock(datetime.now(UTC) + timedelta(minutes=1))
    board = _BOARDS[tenant.workspace] = Board()
    return Ground(house, tenant, account.id, board, clock)
