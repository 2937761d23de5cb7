"""The day on which a planned publication goes out: the one that was wished, or the next that has room."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.engine.outgoing.days import Day, cap_of, day_of, taken_on
from nightdesk.publishers import caps
from nightdesk.store.tables.publishing import Account
from nightdesk.store.tables.tenancy import Site

FURTHEST = 60
"""Days in which room is looked for; after that many full ones it is left where it was wished."""

# Not the account's row: who sends holds that, and waits for pieces that whoever plans holds.
_ALONE = text("select pg_advisory_xact_lock(hashtextextended('planning', :account))")


@dataclass(frozen=True)
class Place:
    """When it goes out; `moved` says why it is not when it was wished, and is empty where it is."""

    at: datetime
    moved: str = ""


async def alone(session: AsyncSession, accounts: Iterable[Account]) -> None:
    """Until the transaction ends nobody else plans for these: of two, one gets the last place of a day.

    It comes before any lock of a piece or a publication.
    """
    for number in sorted(account.id for account in accounts):
        await session.execute(_ALONE, {"account": number})


async def place(
    session: AsyncSession, account: Account, site_id: int, wished: datetime, now: datetime, *, but: int = 0
) -> Place:
    """The first of the account's days from the wished one on that has room, by the same clock of the site.

    What is to go out now is left to whoever sends it. `but` is the number of the publication itself. The
    caller is `alone` with the account.
    """
    cap = cap_of(account, caps())
    if not cap or wished <= now:
        return Place(wished)
    site = await session.get_one(Site, (account.workspace_id, site_id))
    zone = ZoneInfo(site.timezone)
    has, first = 0, day_of(account, wished)
    for days in range(FURTHEST):
        at = _later(wished, days, zone)
        count = await taken_on(session, account, day_of(account, at), now, but)
        if count < cap:
            return Place(at, _moved(account, cap, has, first, at.astimezone(zone)) if days else "")
        has = has or count
    return Place(wished)


def _later(at: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same clock so many days on; where the clocks go forward over it, as much later."""
    if not days:
        return at
    there = at.astimezone(zone).replace(fold=0)
    return (there + timedelta(days=days)).astimezone(UTC)


def _moved(account: Account, cap: int, has: int, full: Day, at: datetime) -> str:
    zone = "" if str(at.tzinfo) == account.timezone else f" ({at.tzinfo})"
    return (
        f"“{account.name}” takes {cap} a day and has {has} on {full.start:%A}: it goes out on {at:%A} "
        f"{at.day} {at:%B} at {at:%H:%M}{zone}."
    )
