"""Watches over all accounts: each is looked at daily, before its first slot, and its owner told in time."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from nightdesk.desk.accounts.finding import account_of
from nightdesk.desk.accounts.looking import PROOF, Looks, tell
from nightdesk.desk.accounts.opening import Openings
from nightdesk.desk.errors import NotFound
from nightdesk.kit.points import reach
from nightdesk.store.tables.publishing import Account

MOST, AT_ONCE = 24, 4
"""Accounts of one round, and how many of them are looked at beside each other."""

HELD = timedelta(minutes=15)
"""So long nobody else takes up an account that is being looked at."""

WEEK, DAYS = timedelta(days=7), timedelta(days=2)
NOTHING, A_WEEK, TWO_DAYS, NOT_REACHED, OVER = range(5)
"""How much of an account's log-in was told, from the least to the most."""

# A look that is due is put off by as long as it may take, so that of several processes one looks. Before a
# slot that comes within the hour there is one too, unless there was one in the last 20 hours.
_TAKE = text("""
    update accounts set look_at = :held
    where (workspace_id, id) in (
        select a.workspace_id, a.id from accounts a
        where a.removed_at is null and a.status <> 'missing_config' and (
            a.look_at <= :now
            or (a.status = 'connected' and a.look_at > :held and (
                (a.expires_at <= :now and a.looked_at < a.expires_at)
                or (a.looked_at < :stale and exists (
                    select from publications p
                    where p.workspace_id = a.workspace_id and p.account_id = a.id and p.state = 'queued'
                      and p.planned_at > :now and p.planned_at <= :soon)))))
        order by a.look_at limit :most
        for update skip locked)
    returning workspace_id, id
""")
_TELL = text("""
    select workspace_id, id from accounts
    where removed_at is null and told <> case
        when status = 'expired' then 4
        when status = 'error' and misses >= :proof then 3
        when status in ('connected', 'error') and expires_at > :now and expires_at <= :days then 2
        when status in ('connected', 'error') and expires_at > :now and expires_at <= :week then 1
        else 0 end
    limit :most
""")


@dataclass(frozen=True)
class Watch:
    """The chore of it; any number of processes may keep it."""

    openings: Openings
    looks: Looks
    announce: Callable[[], None]

    async def round(self) -> int:
        """Looks at what is due and tells what is to be told; returns how many were looked at."""
        taken = await self._taken()
        turns = asyncio.Semaphore(AT_ONCE)

        async def look(workspace_id: int, number: int) -> None:
            async with turns:
                try:
                    await self.looks.look(workspace_id, number, by_itself=True)
                except NotFound:
                    return  # removed meanwhile

        found = await asyncio.gather(*(look(*one) for one in taken), return_exceptions=True)
        told = await self.tell_due()
        if taken or told:
            self.announce()
        # Whatever one of them broke on, the others were looked at; it is taken up again when `HELD` is over.
        for one in found:
            if isinstance(one, BaseException):
                raise one
        return len(taken)

    async def _taken(self) -> Sequence[tuple[int, int]]:
        now = self.openings.clock.now()
        facts = {"now": now, "held": now + HELD, "soon": now + timedelta(hours=1), "most": MOST}
        reach("accounts.watch.begin")
        async with self.openings.store.everywhere() as session:
            rows = await session.execute(_TAKE, {**facts, "stale": now - timedelta(hours=20)})
            taken = [(row[0], row[1]) for row in rows]
        reach("accounts.watch.taken")
        return taken

    async def tell_due(self) -> int:
        """Writes an event for each account of whose log-in there is more to tell than was told."""
        now = self.openings.clock.now()
        facts = {"now": now, "week": now + WEEK, "days": now + DAYS, "proof": PROOF, "most": MOST}
        async with self.openings.store.everywhere() as session:
            rows = [(row[0], row[1]) for row in await session.execute(_TELL, facts)]
        for workspace_id, number in rows:
            async with self.openings.store.workspace(workspace_id) as session:
                try:
                    row = await account_of(session, workspace_id, number, lock=True)
                except NotFound:
                    continue
                level, was = to_tell(row, now), row.told
                row.told = level
                if level > was:
                    days = (row.expires_at - now).days if row.expires_at and level <= TWO_DAYS else None
                    await tell(session, row, now, _sentence(row, level, days), tells=level, days=days)
            reach("accounts.watch.told")
        return len(rows)


def to_tell(row: Account, now: datetime) -> int:
    """How much there is to tell of an account, as `_TELL` has it."""
    if row.status == "expired":
        return OVER
    if row.status == "error" and row.misses >= PROOF:
        return NOT_REACHED
    if row.status == "missing_config" or row.expires_at is None or row.expires_at <= now:
        return NOTHING
    left = row.expires_at - now
    return TWO_DAYS if left <= DAYS else A_WEEK if left <= WEEK else NOTHING


def _sentence(row: Account, level: int, days: int | None) -> str:
    name = f"“{row.name}”"
    if level == OVER:
        return f"{name} is disconnected: {row.says}"
    if level == NOT_REACHED:
        return f"{name} is not reached: {row.says}"
    return f"The log-in of {name} ends {in_days(days or 0)}."


def in_days(days: int) -> str:
    """When something is that is so many whole days away."""
    return "within a day" if days < 1 else "in a day" if days == 1 else f"in {days} days"
