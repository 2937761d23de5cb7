"""Takes publications that are due, one an account at a time, and finds those whose taker is gone.

A taking raises the row's fence under a lease of the database's clock; whatever a taker writes later, it
writes only where the fence is still its own. One row an account may be in hand, which a unique index sees to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit.points import reach
from nightdesk.publisher import Token
from nightdesk.store.tables.publishing import Account, Publication, PublicationStep

LEASE = 60.0
"""Seconds without a sign of life after which a taker counts as gone (PROMISES P1)."""

GONE = (
    "The process that sent it ended before the platform answered, so it is not known whether it went out. "
    "The platform is asked first."
)

# Nobody has seen what was being prepared, so that is done again. What was being committed may be out.
_LAPSED = text("""
    update publications set
        state = case state when 'preparing' then 'queued' else 'ambiguous' end,
        code = case state when 'preparing' then code else 'owner_lost' end,
        error = case state when 'preparing' then error else :gone end,
        owner = '', until = null, fence = fence + 1, due_at = :now
    where state in ('preparing', 'committing') and until < now()
    returning workspace_id, id, state
""")
_DUE = text("""
    select distinct on (p.workspace_id, p.account_id) p.workspace_id, p.id
    from publications p
    join accounts a on a.workspace_id = p.workspace_id and a.id = p.account_id
    join workspaces w on w.id = p.workspace_id
    where p.state in ('queued', 'ambiguous') and p.due_at <= :now
      and (p.until is null or p.until < now())
      and (p.state = 'ambiguous' or (w.publishing_paused_at is null and a.paused_at is null))
      and a.removed_at is null and a.status in ('connected', 'error')
      and not exists (select from publications h where h.workspace_id = p.workspace_id
                        and h.account_id = p.account_id and h.until > now())
    order by p.workspace_id, p.account_id, (p.state = 'ambiguous') desc, p.due_at, p.id
    limit :most
""")
_OUT = ("committing", "ambiguous", "held", "live")
"""States of what went out that day, or may have."""


class NotOurs(Exception):
    """The publication was taken by another meanwhile: nothing further is sent or written."""


@dataclass(frozen=True)
class Taken:
    """A publication that is this process's, as it was when it was taken; `looking` where it may be out."""

    publication: Publication
    account: Account
    fence: int
    looking: bool

    @property
    def token(self) -> Token | None:
        return self.publication.token


async def lapsed(session: AsyncSession, now: datetime) -> int:
    """Frees what a dead taker had in hand. The session sees all tenants."""
    reach("outgoing.lapsed.begin")
    rows = (await session.execute(_LAPSED, {"now": now, "gone": GONE})).all()
    for workspace_id, number, state in rows:
        says = (
            GONE if state == "ambiguous" else "Its sender ended while nothing was out yet; it is sent again."
        )
        session.add(step(workspace_id, number, now, "lost", says))
    return len(rows)


async def due(session: AsyncSession, now: datetime, most: int) -> list[tuple[int, int]]:
    """Workspace and number of what is due, the first of each account. The session sees all tenants."""
    return [(row[0], row[1]) for row in await session.execute(_DUE, {"now": now, "most": most})]


async def take(
    session: AsyncSession, workspace_id: int, number: int, owner: str, now: datetime, caps: Mapping[str, int]
) -> Taken | None:
    """Takes it where nobody has it and its account has room today; else it is left, or moved with the reason.

    `caps`: publications a day by platform, for accounts that have no cap of their own.
    """
    free = (
        Publication.workspace_id == workspace_id,
        Publication.id == number,
        Publication.state.in_(("queued", "ambiguous")),
        Publication.due_at <= now,
        (Publication.until.is_(None)) | (Publication.until < func.now()),
    )
    found = await session.scalar(select(Publication).where(*free).with_for_update(skip_locked=True))
    if found is None:
        return None
    of_it = (Account.workspace_id == workspace_id, Account.id == found.account_id)
    account = await session.scalar(select(Account).where(*of_it).with_for_update(skip_locked=True))
    if account is None or await _busy(session, account):
        return None
    looking = found.state == "ambiguous"
    if not looking and (later := await _full(session, account, now, caps)):
        found.due_at, found.moved = later, _moved(account, caps)
        session.add(step(workspace_id, number, now, "moved", found.moved, to=later.isoformat()))
        return None
    if not looking:
        found.state = "preparing"
    found.owner, found.fence = owner, found.fence + 1
    found.until = await session.scalar(select(func.now() + timedelta(seconds=LEASE)))
    session.add(step(workspace_id, number, now, "taken", "", fence=found.fence))
    return Taken(found, account, found.fence, looking)


async def renew(session: AsyncSession, taken: Taken) -> None:
    """The lease runs anew, unless the taking was settled meanwhile. Raises `NotOurs`."""
    row = await ours(session, taken)
    if row.owner:
        row.until = await session.scalar(select(func.now() + timedelta(seconds=LEASE)))


async def ours(session: AsyncSession, taken: Taken) -> Publication:
    """The row, locked. Raises `NotOurs` where the fence is not the taker's any more."""
    mine = (
        Publication.workspace_id == taken.publication.workspace_id,
        Publication.id == taken.publication.id,
        Publication.fence == taken.fence,
    )
    found = select(Publication).where(*mine).with_for_update()
    row = await session.scalar(found.execution_options(populate_existing=True))
    if row is None:
        raise NotOurs
    return row


def step(
    workspace_id: int, number: int, at: datetime, what: str, says: str, who: str = "", **data: Any
) -> PublicationStep:
    """A line of a publication's story."""
    return PublicationStep(
        workspace_id=workspace_id, publication_id=number, at=at, what=what, says=says, who=who, data=data
    )


async def _busy(session: AsyncSession, account: Account) -> bool:
    """Whether another publication of the account is in somebody's hands."""
    held = select(Publication.id).where(
        Publication.workspace_id == account.workspace_id,
        Publication.account_id == account.id,
        Publication.until > func.now(),
    )
    return await session.scalar(held.limit(1)) is not None


async def _full(
    session: AsyncSession, account: Account, now: datetime, caps: Mapping[str, int]
) -> datetime | None:
    """The start of the account's next day, where it has had its share of today."""
    cap = account.day_cap or caps.get(account.platform, 0)
    if not cap:
        return None
    today = now.astimezone(ZoneInfo(account.timezone)).replace(hour=0, minute=0, second=0, microsecond=0)
    count = select(func.count()).where(
        Publication.workspace_id == account.workspace_id,
        Publication.account_id == account.id,
        Publication.state.in_(_OUT),
        Publication.sent_at >= today,
    )
    if (await session.scalar(count) or 0) < cap:
        return None
    # Noon of the day after, cut down to its midnight: right across a change of the clocks too.
    return (today + timedelta(hours=36)).replace(hour=0)


def _moved(account: Account, caps: Mapping[str, int]) -> str:
    cap = account.day_cap or caps.get(account.platform, 0)
    return f"“{account.name}” takes {cap} a day, and has had them: it goes out the next day."
