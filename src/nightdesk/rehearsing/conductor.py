"""Moves the time of a rehearsal: when all that is due is done, it jumps to what is due next."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import text

from nightdesk.bootstrap import House
from nightdesk.kit.endings import Later
from nightdesk.rehearsing.clock import Board, JumpingClock
from nightdesk.rehearsing.hand import Hands, OwnHands
from nightdesk.rehearsing.person import Person
from nightdesk.rehearsing.plan import Plan
from nightdesk.rehearsing.street import Street

LOOK = 0.01
"""Seconds between two looks whether a round came to its end."""

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.4
"""Seconds between two rounds while something is under way; each pause is half as long again as the last."""

PATIENCE = 300.0
"""Real seconds without an end of what is due, after which the rehearsal says what is stuck."""

_BUSY = text("""
    select 'run ' || id || ' of site ' || site_id || ' ' || line from runs where status = 'running'
    union all
    select 'publication ' || p.id || ' ' || p.state from publications p
    join accounts a on a.workspace_id = p.workspace_id and a.id = p.account_id
    join workspaces w on w.id = p.workspace_id
    where p.state in ('preparing', 'committing')
       or (p.state in ('queued', 'ambiguous') and p.due_at <= :now and a.removed_at is null
           and a.status in ('connected', 'error')
           and (p.state = 'ambiguous' or (w.publishing_paused_at is null and a.paused_at is null)))
""")
_NEXT = text("""
    select min(at) from (
        select min(due_at) as at from publications where state in ('queued', 'ambiguous') and due_at > :now
        union all select min(next_run_at) from line_configs where is_enabled and next_run_at > :now
        union all select min(ends_at) from let_through where state = 'waiting' and ends_at > :now
    ) due
""")
# Whoever had them in hand is dead, which the rehearsal knows; in service a minute passes instead.
_LEASES_OVER = text("update publications set until = now() - interval '1 second' where until is not null")

DayEnd = Callable[[int], Awaitable[None]]


@dataclass
class Conductor:
    """Leads a rehearsal from its first day to its last. Hands of its own process are never killed."""

    house: House
    clock: JumpingClock
    board: Board
    plan: Plan
    person: Person
    street: Street
    hands: Hands | OwnHands
    chance: random.Random
    jumps: int = 0
    _kill_at: list[datetime] = field(default_factory=list)

    async def lead(self, day_over: DayEnd) -> None:
        """Raises `Later` where something that is due does not come to its end."""
        start = self.clock.now()
        self._draw_kills(start)
        for day in range(1, self.plan.days + 1):
            end = start + timedelta(days=day)
            while self.clock.now() < end:
                await self._step(end)
            await day_over(day)
        # What was due at the very end is let come to its end too.
        await self._done()

    async def _step(self, end: datetime) -> None:
        await self._done()
        while await self.person.help():
            await self._done()
        self.street.perhaps_strike(self.plan.faults)
        self.clock.jump(min(await self._next(), end))
        self.jumps += 1
        if isinstance(self.hands, Hands) and self._kill_at and self._kill_at[0] <= self.clock.now():
            self._kill_at.pop(0)
            await self._kill(self.hands)

    async def _next(self) -> datetime:
        now = self.clock.now()
        async with self.house.store.everywhere() as session:
            due = await session.scalar(_NEXT, {"now": now})
        longest = now + timedelta(hours=self.plan.step)
        return min(due, longest) if due else longest

    async def _done(self) -> None:
        """Waits until a whole round found nothing to do, and nothing was under way before and after it."""
        until, pause = self.clock.monotonic() + PATIENCE, FIRST_PAUSE
        busy = await self._busy()
        while True:
            quiet = not busy
            await self._round(until, busy)
            busy = await self._busy()
            if quiet and not busy:
                return
            if busy:
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, LONGEST_PAUSE)

    async def _round(self, until: float, busy: list[str]) -> None:
        """Has a round done, from its beginning to its end."""
        number = self.board.ask()
        while self.board.done < number:
            self.hands.see_that_one_works()
            if self.clock.monotonic() > until:
                unfinished = ", ".join(busy[:5]) or "a round of work"
                raise Later(f"The rehearsal does not come on; unfinished: {unfinished}.")
            await asyncio.sleep(LOOK)

    async def _busy(self) -> list[str]:
        async with self.house.store.everywhere() as session:
            return list(await session.scalars(_BUSY, {"now": self.clock.now()}))

    def _draw_kills(self, start: datetime) -> None:
        number = round(self.plan.kills * self.plan.days)
        hours = sorted(self.chance.uniform(0, self.plan.days * 24) for _ in range(number))
        self._kill_at = [start + timedelta(hours=hour) for hour in hours]

    async def _kill(self, hands: Hands) -> None:
        """At a moment by chance, in the midst of what is due now."""
        self.board.ask()
        await asyncio.sleep(self.chance.expovariate(1 / 0.3))
        hands.kill()
        async with self.house.store.everywhere() as session:
            await session.execute(_LEASES_OVER)
