"""Takes publications that are due, one an account at a time, and finds those whose taker is gone.

A taking raises the row's fence under a lease of the database's clock; whatever a taker writes later, it
writes only where the fence is still its own. One row an account may be in hand, which a unique index sees to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.engine.outgoing.days import cap_of, day_of, went_out
from nightdesk.kit.points import reach
from nightdesk.publisher import Token
from nightdesk.store.tables.publishing import Account, Publication, PublicationStep
from nightdesk.store.tables.tenancy import Workspace

LEASE = 60.0
"""Seconds without a sign of life after which a taker counts as gone (PROMISES P1)."""

AWAY = (DBAPIError, PoolTimeout, OSError)
"""The database is away, or busy: what was to be written is not, and is tried again."""

IN_HAND = ("preparing", "committing")
READY = ("connected", "error")
"""Standings of an account to which something may be sent: a platform that was away may be back."""

GONE = (
    "The process that sent it ended before the platform answered, so it is not known whether it went out. "
    "The platform is asked first."
)

# Nobody has seen what was being prepared, so that is done again. What was being committed may be out. Each
# lost taking counts as a try: a piece that ends its process every time is not taken for ever.
_LAPSED = text("""
    update publications p set
        state = case p.state when 'preparing' then 'queued' else 'ambiguous' end,
        code = case p.state when 'preparing' then p.code else 'owner_lost' end,
        error = case p.state when 'preparing' then p.error else :gone end,
        tries = p.tries + 1, owner = '', until = null, fence = p.fence + 1, due_at = :now
    from (select workspace_id, id from publications
          where state in ('preparing', 'committing') and until < now()
          for update skip locked) lost
    where p.workspace_id = lost.workspace_id and p.id = lost.id
    returning p.workspace_id, p.id, p.state
""")
# The first of each account, and of those the longest due: no workspace waits for the backlog of another. What
# may be out is looked for also where its account is cut off, more seldom: in the end a person decides on it.
_DUE = text("""
    select workspace_id, id from (
        select distinct on (p.workspace_id, p.account_id) p.workspace_id, p.id, p.due_at
        from publications p
        join accounts a on a.workspace_id = p.workspace_id and a.id = p.account_id
        join workspaces w on w.id = p.workspace_id
        where p.state in ('queued', 'ambiguous') and p.due_at <= :now
          and (p.until is null or p.until < now()) and a.removed_at is null
          and case p.state when 'ambiguous' then a.status in ('connected', 'error') or p.due_at <= :seldom
              else a.status in ('connected', 'error')
                  and w.publishing_paused_at is null and a.paused_at is null end
          and not exists (select from publications h where h.workspace_id = p.workspace_id
                and h.account_id = p.account_id and h.state in ('preparing', 'committing'))
          and not exists (select from publications h where h.workspace_id = p.workspace_id
                and h.account_id = p.account_id and h.state = 'ambiguous' and h.until > now())
        order by p.workspace_id, p.account_id, (p.state = 'ambiguous') desc, p.due_at, p.id) first
    order by due_at, id limit :most
""")
SELDOM = timedelta(hours=4)
"""Between looks at what may be out, while its account is cut off: about a day until a person decides."""


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
    facts = {"now": now, "seldom": now - SELDOM, "most": most}
    return [(row[0], row[1]) for row in await session.execute(_DUE, facts)]


async def take(
    session: AsyncSession, workspace_id: int, number: int, owner: str, now: datetime, caps: Mapping[str, int]
) -> Taken | None:
    """Takes it where nobody has it, nothing is stopped and its account has room today; else it is left, or
    moved with the reason.

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
    if not looking and (account.status not in READY or await stopped(session, account)):
        return None
    if not looking and (later := await _full(session, account, now, caps)):
        found.due_at, found.moved = later, _moved(account, caps)
        session.add(step(workspace_id, number, now, "moved", found.moved, to=later.isoformat()))
        return None
    if not looking:
        found.state = "preparing"
    elif found.until is not None:
        found.tries += 1  # whoever looked last was lost at it
    found.owner, found.fence = owner, found.fence + 1
    found.until = await session.scalar(select(func.now() + timedelta(seconds=LEASE)))
    session.add(step(workspace_id, number, now, "taken", "", fence=found.fence))
    return Taken(found, account, found.fence, looking)


async def stopped(session: AsyncSession, account: Account) -> str:
    """Why nothing may go out to an account that is locked; empty where something may.

    The kill switch is locked against change until the transaction ends: when it was pulled, nothing more
    begins to go out.
    """
    paused = select(Workspace.publishing_paused_at).where(Workspace.id == account.workspace_id)
    if await session.scalar(paused.with_for_update(read=True)) is not None:
        return "All publishing is stopped; it goes out when that is undone."
    if account.removed_at is not None:
        return "Its account was removed."
    return f"“{account.name}” is paused; it goes out when that is undone." if account.paused_at else ""


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
        or_(
            Publication.state.in_(IN_HAND),
            (Publication.state == "ambiguous") & (Publication.until > func.now()),
        ),
    )
    return await session.scalar(held.limit(1)) is not None


async def _full(
    session: AsyncSession, account: Account, now: datetime, caps: Mapping[str, int]
) -> datetime | None:
    """The start of the account's next day, where it has had its share of today."""
    cap, today = cap_of(account, caps), day_of(account, now)
    return today.end if cap and await went_out(session, account, today) >= cap else None


def _moved(account: Account, caps: Mapping[str, int]) -> str:
    cap = cap_of(account, caps)
    return f"“{account.name}” takes {cap} a day, and has had them: it goes out the next day."
