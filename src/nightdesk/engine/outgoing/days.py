"""The days of an account: when each begins, how many pieces it takes, and how many a day has already.

A day is from midnight to midnight of the account's own clock, for planning as for sending.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.store.tables.publishing import Account, Publication

OUT = ("committing", "ambiguous", "held", "live")
"""States of what went out that day, or may have."""

WAITING = ("queued", "preparing")
"""States of what is planned, or is made ready just now."""


@dataclass(frozen=True)
class Day:
    """From `start` to just before `end`."""

    start: datetime
    end: datetime


def cap_of(account: Account, caps: Mapping[str, int]) -> int:
    """Pieces a day, 0 for any number; `caps` are those of platforms, for accounts that have none."""
    return account.day_cap or caps.get(account.platform, 0)


def day_of(account: Account, at: datetime) -> Day:
    """The account's day that has this moment."""
    start = at.astimezone(ZoneInfo(account.timezone)).replace(hour=0, minute=0, second=0, microsecond=0)
    # Noon of the day after, cut down to its midnight: right across a change of the clocks too.
    return Day(start, (start + timedelta(hours=36)).replace(hour=0))


async def went_out(session: AsyncSession, account: Account, day: Day) -> int:
    """How many pieces of the account are out since that day, or may be."""
    return await _count(session, account, _sent(day))


async def taken_on(
    session: AsyncSession, account: Account, day: Day, now: datetime, but: int | None = None
) -> int:
    """How many pieces a day that is not over has: those that are out or may be, and those that wait for it.

    What is overdue waits for today. `but` is the number of a publication that is left out.
    """
    waits = [Publication.state.in_(WAITING), Publication.due_at < day.end]
    if day.start > now:
        waits.append(Publication.due_at >= day.start)
    has = or_(and_(_sent(day), Publication.sent_at < day.end), and_(*waits))
    return await _count(session, account, has if but is None else and_(has, Publication.id != but))


def _sent(day: Day) -> ColumnElement[bool]:
    return and_(Publication.state.in_(OUT), Publication.sent_at >= day.start)


async def _count(session: AsyncSession, account: Account, which: ColumnElement[bool]) -> int:
    of_it = (Publication.workspace_id == account.workspace_id, Publication.account_id == account.id)
    return await session.scalar(select(func.count()).where(*of_it, which)) or 0
