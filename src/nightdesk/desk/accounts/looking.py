"""Looks at accounts: asks the platform who we are there, keeps what it says, and when to look next."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.accounts.finding import account_of
from nightdesk.desk.accounts.opening import Openings
from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.publisher import Standing
from nightdesk.publishers import KINDS, Kind
from nightdesk.publishers.fields import missing
from nightdesk.store.events import Happening, write
from nightdesk.store.tables.publishing import Account

Status = Literal["connected", "missing_config", "expired", "error"]

HOUR, WITHIN = 3, 7200
"""Accounts are looked at from that hour of their own days on, spread over so many seconds."""

AGAIN = timedelta(minutes=10)
"""Until the next look where a platform did not answer, doubled each time."""

PROOF = 3
"""Looks in a row that reach nobody before an account counts as not reached: one may be our own line."""

SECONDS = 120.0
"""What one look may take in all: a platform that answers byte by byte holds up nobody."""

MOST_MISSES = 6
"""After which waiting grows no longer."""


@dataclass(frozen=True)
class Seen:
    """What one look came to."""

    status: Status
    says: str
    standing: Standing | None = None


class Looks:
    """Looks at one account at a time."""

    def __init__(self, openings: Openings, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._openings, self._store, self._clock = openings, openings.store, openings.clock

    async def look(self, workspace_id: int, number: int, *, by_itself: bool = False) -> None:
        """Asks the platform and keeps what it says. Raises `NotFound`.

        `by_itself`: nobody asked for it, so that a platform that does not answer is asked again before the
        account is said to be out of reach.
        """
        async with self._store.workspace(workspace_id) as session:
            row = await account_of(session, workspace_id, number)
        seen = await self._seen(row)
        async with self._store.workspace(workspace_id) as session:
            now = await account_of(session, workspace_id, number, lock=True)
            # Where somebody gave another log-in meanwhile, what was said of the old one proves nothing.
            if seen.status == "connected" or now.sealed == row.sealed or not by_itself:
                await self._keep(session, now, seen, by_itself)
            else:
                now.look_at = self._clock.now()

    async def _seen(self, row: Account) -> Seen:
        kind = KINDS[row.platform].by(row.way)
        try:
            secrets = await self._openings.secrets(row)
            if lacks := _lacking(row, kind, {**row.config, **secrets}):
                return Seen("missing_config", lacks)
            async with asyncio.timeout(self._seconds):
                publisher = await self._openings.publisher(row)
                try:
                    standing = await publisher.look()
                finally:
                    await publisher.aclose()
        except TimeoutError:
            return Seen("error", f"It did not answer within {self._seconds:g} seconds.")
        except NeedsPerson as ending:
            return Seen("expired", ending.why)
        except Later as ending:
            return Seen("error", ending.why)
        return Seen("connected", " ".join(standing.warnings), standing)

    async def _keep(self, session: AsyncSession, row: Account, seen: Seen, by_itself: bool) -> None:
        now, was = self._clock.now(), row.status
        if seen.status == "error":
            row.misses += 1
            row.look_at = now + AGAIN * 2 ** min(row.misses - 1, MOST_MISSES)
            if by_itself and row.misses < PROOF:
                return
        else:
            row.misses, row.look_at = 0, next_look(row, now)
        row.status, row.says, row.looked_at = seen.status, seen.says, now
        if seen.standing is not None:
            row.failures = 0
            row.remote_name, row.left_today = seen.standing.name, seen.standing.left_today
            row.expires_at = seen.standing.expires_at or _still(row.expires_at, now)
        if row.status != was:
            await tell(session, row, now, _sentence(row))


def _lacking(row: Account, kind: Kind, values: Mapping[str, str]) -> str:
    """What an account cannot be without, in words; what its owner's consent gives need not be typed."""
    lacks = missing(kind.fields, values)
    if kind.consent is not None and row.way == "rest":
        typed = tuple(one for one in kind.fields if one.name not in kind.consent.gives)
        if lacks and not missing(typed, values) and values.get(kind.consent.field):
            return f"It waits for your consent at {kind.title}."
    return f"It needs {', '.join(lacks)}." if lacks else ""


def next_look(row: Account, now: datetime) -> datetime:
    """The next morning of the account's own days, each account at its own minute."""
    there = now.astimezone(ZoneInfo(row.timezone))
    spread = timedelta(seconds=row.id * 7919 % WITHIN)
    at = there.replace(hour=HOUR, minute=0, second=0, microsecond=0) + spread
    while at <= there:
        at += timedelta(days=1)
    return at.astimezone(now.tzinfo)


async def tell(session: AsyncSession, row: Account, now: datetime, says: str, **facts: object) -> None:
    """Writes an event about the account; `facts` are further data of it."""
    level = "info" if row.status == "connected" and not facts else "warning"
    data = {"account_id": row.id, "platform": row.platform, "status": row.status, **facts}
    happening = Happening("account_changed", says, level=level, data=data)
    await session.flush()
    await write(session, row.workspace_id, [happening], at=now)


def _still(expires_at: datetime | None, now: datetime) -> datetime | None:
    """A log-in that holds although it was to be over by now: when it ends is not known."""
    return expires_at if expires_at is not None and expires_at > now else None


def _sentence(row: Account) -> str:
    if row.status == "connected":
        return f"“{row.name}” is connected."
    if row.status == "error":
        return f"“{row.name}” is not reached: {row.says}"
    return f"“{row.name}” has to be connected anew: {row.says}"
