"""A served house whose clock jumps, and the fake platforms of a rehearsal beside it, which it may reach."""

import os
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from browser.browser_house import Desk, opened
from nightdesk.rehearsal.platform import Post
from nightdesk.rehearsing.clock import Board, JumpingClock
from nightdesk.rehearsing.conductor import Conductor
from nightdesk.rehearsing.hand import OwnHands
from nightdesk.rehearsing.person import Person
from nightdesk.rehearsing.plan import Plan
from nightdesk.rehearsing.street import Street, open_street

BACK = 14
"""Days that the clock goes back at first, and may then come forward."""

PAUSE = timedelta(seconds=50)
"""Between two looks of the autopilot at a site."""

_NEXT = text("select min(due_at) from publications where state in ('queued', 'ambiguous')")


class Nobody(Person):
    """A person of a rehearsal who is asleep: what the desk asks of people waits."""

    async def help(self) -> int:
        return 0


@dataclass(frozen=True)
class Day:
    """The house, and the clock that it shares with the platforms."""

    desk: Desk
    clock: JumpingClock
    board: Board
    street: Street

    def posts(self, name: str) -> list[Post]:
        """What is public there."""
        return list(self.street.platforms[name].posts())

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

    async def passes(self, days: int = 1) -> None:
        """So many days and nights pass with everything at work, while no person does anything."""
        house, asleep = self.desk.house, Nobody(self.desk.house, self.desk.workspace, self.street)
        plan, chance = Plan(days=days, step=6.0), random.Random(1)

        async def over(_day: int) -> None:
            """Nothing is told of it."""

        async with OwnHands(house, self.board, PAUSE).at_work() as hands:
            conductor = Conductor(house, self.clock, self.board, plan, asleep, self.street, hands, chance)
            await conductor.lead(over)


@asynccontextmanager
async def day(begun: tuple[Any, str], folder: Path, name: str) -> AsyncIterator[Day]:
    """Opens it all, with a database of its own; `name` tells it from others of this process."""
    server, token = begun
    database = f"browser_{name}_{os.getpid()}"
    board = Board(folder / "board")
    clock = JumpingClock(board)
    clock.go_back(BACK)
    data = folder / "data"
    data.mkdir()
    async with AsyncExitStack() as stack:
        street = await stack.enter_async_context(open_street(clock, 1))
        house = opened(server.create(database), data, begun=token, allow=street.allow, clock=clock)
        yield Day(await stack.enter_async_context(house), clock, board, street)
    server.drop(database)
