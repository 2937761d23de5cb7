"""Sends what the outbox holds, at least once: a process that dies between sending and noting it sends again.

A notice is taken by raising its token under a lease of the database's clock, sent with no transaction open,
and its outcome noted where the token is still ours. What is not taken by the other side is tried again, ever
more seldom, and given up after a day.
"""

import asyncio
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text, update

from nightdesk.desk.notices.courier import Answer, Courier
from nightdesk.kit import points
from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.kit.sealing import Sealer, place
from nightdesk.store.session import Store
from nightdesk.store.tables.notices import Notice, NoticeTarget

LEASE = text("now() + interval '2 minutes'")
"""Until when a notice is its taker's: longer than a child may take, waiting for its turn included."""

TRIED_FOR = timedelta(days=1)
FIRST_WAIT, LONGEST_WAIT = 30.0, 3600.0
"""Seconds before the second try, and between tries at most."""

AT_ONCE = 4
MOST = 100

# One of each target: a target that does not answer holds up no other, and hears of things in their order.
_DUE = text("""
    select distinct on (workspace_id, target_id) workspace_id, id from notices
    where status = 'queued' and due_at <= :now and (taken_until is null or taken_until < now())
    order by workspace_id, target_id, due_at, id limit :most
""")


@dataclass(frozen=True)
class Taken:
    """A notice that is this process's to send."""

    workspace_id: int
    id: int
    token: int
    tries: int
    made_at: datetime
    kind: str
    title: str
    body: str
    sealed: str
    target_id: int


@dataclass(frozen=True)
class Sending:
    """Sends what is due; any number of processes may at once."""

    store: Store
    clock: Clock
    courier: Courier
    sealer: Sealer

    async def send(self) -> None:
        """Sends all that is due now."""
        while due := await self._due():
            turns = asyncio.Semaphore(AT_ONCE)
            await asyncio.gather(*(self._send(turns, workspace_id, number) for workspace_id, number in due))

    async def _due(self) -> list[tuple[int, int]]:
        async with self.store.everywhere() as session:
            rows = await session.execute(_DUE, {"now": self.clock.now(), "most": MOST})
            return [(row[0], row[1]) for row in rows]

    async def _send(self, turns: asyncio.Semaphore, workspace_id: int, number: int) -> None:
        async with turns:
            taken = await self.take(workspace_id, number)
            if taken is not None:
                await self.settle(taken, await self.deliver(taken))

    async def take(self, workspace_id: int, number: int) -> Taken | None:
        """Takes a notice, unless another process has it or it is done."""
        of_target = (NoticeTarget.workspace_id == Notice.workspace_id) & (NoticeTarget.id == Notice.target_id)
        async with self.store.workspace(workspace_id) as session:
            query = (
                select(Notice, NoticeTarget.sealed)
                .join(NoticeTarget, of_target)
                .where(
                    Notice.workspace_id == workspace_id,
                    Notice.id == number,
                    Notice.status == "queued",
                    Notice.taken_until.is_(None) | (Notice.taken_until < func.now()),
                )
                .with_for_update(of=Notice, skip_locked=True)
            )
            row = (await session.execute(query)).one_or_none()
            if row is None:
                return None
            notice, sealed = row
            notice.token, notice.tries = notice.token + 1, notice.tries + 1
            notice.taken_until = LEASE  # type: ignore[assignment]
            facts: dict[str, Any] = {
                name: getattr(notice, name)
                for name in ("id", "token", "tries", "made_at", "kind", "title", "body", "target_id")
            }
        return Taken(workspace_id=workspace_id, sealed=sealed, **facts)

    async def deliver(self, taken: Taken) -> Answer:
        """Sends it; what cannot be sent at all is an answer too."""
        try:
            where = address_place(taken.workspace_id, taken.target_id)
            # The key may be asked of a vault, which may take its time.
            address = await asyncio.to_thread(self.sealer.open, taken.sealed, where)
        except (NeedsPerson, Later) as ending:
            return Answer(False, ending.why)
        points.reach("notices.sending")
        answer = await self.courier.deliver(address, taken.title, taken.body)
        points.reach("notices.sent")
        return answer

    async def settle(self, taken: Taken, answer: Answer) -> None:
        """Notes what came of it, where the notice is still ours."""
        now = self.clock.now()
        due = now + timedelta(seconds=_wait(taken.tries))
        if answer.ok:
            outcome: dict[str, Any] = {"status": "sent", "ended_at": now}
        elif taken.kind == "test" or due - taken.made_at >= TRIED_FOR:
            outcome = {"status": "given_up", "ended_at": now}
        else:
            outcome = {"due_at": due, "taken_until": None}
        mine = (Notice.workspace_id == taken.workspace_id, Notice.id == taken.id, Notice.token == taken.token)
        async with self.store.workspace(taken.workspace_id) as session:
            await session.execute(update(Notice).where(*mine).values(says=answer.says, **outcome))


def address_place(workspace_id: int, target_id: int) -> str:
    """What a target's address is sealed to."""
    return place(workspace_id, "notice_targets", target_id, "sealed")


def _wait(tries: int) -> float:
    spread = random.uniform(0.75, 1.0)  # noqa: S311 - jitter, no secret
    return min(FIRST_WAIT * 2.0 ** min(tries - 1, 12), LONGEST_WAIT) * spread
