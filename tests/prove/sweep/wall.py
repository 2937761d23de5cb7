"""A wall that takes whatever is posted on it, as often as it is posted, and shows nobody what hangs there.

The worst of platforms: it knows no mark, no token, no draft, and cannot be asked. What goes out twice is seen
here, whatever the publishers of real platforms do by themselves against it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

from nightdesk.kit.clock import Clock
from nightdesk.kit.points import reach
from nightdesk.publisher import (
    Found,
    Live,
    Login,
    Piece,
    Platform,
    Record,
    Repeats,
    Standing,
    Token,
    Unclear,
    Unknown,
)
from nightdesk.publishers import KINDS, Ground, Kind
from nightdesk.publishers.calling import Call, Caller
from nightdesk.publishers.fields import Field
from nightdesk.rehearsal.messages import Answer, Request
from nightdesk.rehearsal.platform import FakePlatform, Post

WALL: Platform = "wall"


class FakeWall(FakePlatform):
    """`hanging`: the marks of what was posted, in their order. `seconds`: after which it answers."""

    name = "wall"
    seconds = 0.0

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self.hanging: list[str] = []

    async def answer(self, request: Request) -> Answer:
        self.hanging.append(str(request.json().get("mark")))
        number = len(self.hanging)
        await self.clock.sleep(self.seconds)
        return Answer.of({"id": number})

    def posts(self) -> Sequence[Post]:
        return [Post(str(number), "wall", text=mark) for number, mark in enumerate(self.hanging, 1)]


class WallPublisher:
    """Posts what it is given."""

    platform: Platform = WALL
    repeats: Repeats = "blind"

    def __init__(self, caller: Caller, address: str) -> None:
        self._caller, self._address = caller, address

    def faults(self, piece: Piece) -> list[str]:
        return []

    async def look(self) -> Standing:
        return Standing("wall")

    async def prepare(self, piece: Piece, token: Token | None, record: Record) -> Token | None:
        return None

    async def commit(self, piece: Piece, token: Token | None, record: Record) -> Live:
        facts: Mapping[str, Any] = {"mark": piece.key, "title": piece.title}
        reach("wall.post.before")
        call = Call("POST", f"{self._address}/posts", "Posts it.", public=True, json=facts)
        said = await self._caller.ask(call, record)
        reach("wall.post.after")
        if (number := said.number("id")) is None:
            raise Unclear("It answered without a number.", "answered")
        return Live(str(number))

    async def look_up(self, piece: Piece, token: Token | None, record: Record) -> Found:
        return Unknown("Nobody can see what hangs there.")

    async def aclose(self) -> None:
        await self._caller.aclose()


def opened(login: Login, ground: Ground) -> WallPublisher:
    caller = Caller(ground.guard, ground.clock, name="wall", title="The wall", seconds=5.0)
    return WallPublisher(caller, str(login.config["address"]))


@contextmanager
def built() -> Iterator[None]:
    """It is one of the platforms that this process knows while the block runs."""
    build()
    try:
        yield
    finally:
        del cast(dict[str, Kind], KINDS)["wall"]


def build() -> None:
    """Makes it one of the platforms that this process knows."""
    address = Field("address", "Address", "Of the wall.")
    kinds = cast(dict[str, Kind], KINDS)
    kinds["wall"] = Kind(WALL, "Wall", ("article", "video"), "Nothing.", (address,), opened)
