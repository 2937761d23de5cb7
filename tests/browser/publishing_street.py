"""A served house whose clock jumps, and fake platforms beside it which it may reach."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from browser.browser_house import Desk, opened
from nightdesk.rehearsal.accounts import FAKES
from nightdesk.rehearsal.platform import FakePlatform
from nightdesk.rehearsal.serving import serving
from nightdesk.rehearsing.clock import Board, JumpingClock

BACK = 14
"""Days that the clock goes back at first, and may then come forward."""

_NEXT = text("select min(due_at) from publications where state in ('queued', 'ambiguous')")


@dataclass(frozen=True)
class Day:
    """The house, the clock of it and of the platforms, and these by name."""

    desk: Desk
    clock: JumpingClock
    board: Board
    platforms: dict[str, Any]

    def posts(self, name: str) -> list[Any]:
        return list(self.platforms[name].posts())

    async def comes(self, at: datetime) -> None:
        """That time comes, and what is due then is sent."""
        self.clock.jump(at + timedelta(seconds=1))
        await self.desk.house.outgoing.send_due()

    async def next_comes(self, times: int = 1) -> None:
        """The time comes of whatever is due next, so many times."""
        for _ in range(times):
            async with self.desk.house.store.everywhere() as session:
                due = await session.scalar(_NEXT)
            if due is None:
                return
            await self.comes(due)


@asynccontextmanager
async def day(
    begun: tuple[Any, str], folder: Path, name: str, platforms: Sequence[str]
) -> AsyncIterator[Day]:
    """Opens it all, with a database of its own; `name` tells it from others of this process."""
    server, token = begun
    database = f"browser_{name}_{os.getpid()}"
    board = Board(folder / "board")
    clock = JumpingClock(board)
    clock.go_back(BACK)
    async with AsyncExitStack() as stack:
        fakes: dict[str, FakePlatform] = {one: FAKES[one].make(clock) for one in platforms}
        ports = [(await stack.enter_async_context(serving(fake))).port for fake in fakes.values()]
        allow = ",".join(f"127.0.0.1:{port}" for port in ports)
        data = folder / "data"
        data.mkdir()
        desk = await stack.enter_async_context(
            opened(server.create(database), data, begun=token, allow=allow, clock=clock)
        )
        yield Day(desk, clock, board, fakes)
    server.drop(database)
