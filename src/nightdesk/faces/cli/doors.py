"""What the command line knows of the house that it is handed: how it is opened, and what can be had of it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from nightdesk.desk import Desk
    from nightdesk.desk.people import Actor
    from nightdesk.settings import Settings


class Works(Protocol):
    """A worker."""

    async def run(self) -> None: ...

    def stop(self) -> None: ...


class Ticks(Protocol):
    """A timetable."""

    async def run(self, stopping: asyncio.Event) -> None: ...


class House(Protocol):
    """The house, opened."""

    @property
    def settings(self) -> "Settings": ...

    @property
    def desk(self) -> "Desk": ...

    def worker(self, queues: Sequence[str] = ...) -> Works: ...

    def timetable(self) -> Ticks: ...

    async def do_chores(self, stopping: asyncio.Event) -> None: ...

    async def keep_database(self) -> None:
        """Brings the embedded database back whenever it dies; runs until cancelled."""


class Opener(Protocol):
    """Opens the house; raises `NeedsPerson` where it must not be opened."""

    def __call__(self, settings: "Settings") -> AbstractAsyncContextManager[House]: ...


class Rehearsed(Protocol):
    """Rehearses days of the desk; see `nightdesk rehearse`. Says how far it is, and gives what came of it."""

    async def __call__(
        self,
        settings: "Settings",
        wishes: dict[str, Any],
        workspace: int | None,
        say: Callable[[str], None],
        /,
    ) -> dict[str, Any]: ...


async def _never(*_: Any) -> dict[str, Any]:
    raise NotImplementedError("This command line was started without rehearsals.")


@dataclass(frozen=True)
class Doors:
    """What the command is started with; each part is loaded only when it is called for."""

    version: str
    open_house: Opener
    make_web: Callable[["Desk", str], Any]
    """The web application over a desk, as uvicorn's configuration of it."""

    serve_tools: Callable[["Desk", str, "Actor"], Awaitable[None]]
    """Serves our tools over standard input and output until the input ends."""
    rehearse: Rehearsed = _never


@dataclass(frozen=True)
class Asked:
    """What every command can see of the command line before it."""

    doors: Doors
    workspace: int | None
