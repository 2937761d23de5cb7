"""One-time links and sessions as rows: made, found by the hash of their token, used up."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit import ids
from nightdesk.store.session import Store
from nightdesk.store.tables.people import Link, Session

IDLE = timedelta(days=14)
"""A session ends when nothing was asked in it for so long."""

LONGEST = timedelta(days=30)
"""A session ends so long after it was opened, however busy (ASVS 3.3.2); also the cookie's life."""

SHOWN_EXPIRED = timedelta(days=30)
"""For so long an owner still sees that an invitation has expired."""

MOST_CLEARED = 200
"""Rows of each kind, so that nobody waits for it at the door."""

COOKIE = "nightdesk_session"
"""Under which a browser keeps a session's token, over plain HTTP."""


def cookie_name(scheme: str) -> str:
    """The name of the cookie; under TLS one that browsers take for this host alone (RFC 6265bis, 4.1.3.2)."""
    return f"__Host-{COOKIE}" if scheme in ("https", "wss") else COOKIE


_TOKEN = re.compile(r"[0-9A-Za-z]{32}")


def is_token(text: str) -> bool:
    """Whether it has the form of a token of ours, so that anything else costs no look-up."""
    return _TOKEN.fullmatch(text) is not None


@dataclass(frozen=True)
class Browser:
    """From where somebody comes: the network address, and what the browser says of itself."""

    address: str
    agent: str


async def open_session(
    db: AsyncSession, workspace_id: int, person_id: int, browser: Browser, at: datetime
) -> str:
    """A new session's token; what has ended, whoever's it was, is cleared away."""
    await _clear_away(db, at)
    token = ids.new_token()
    row = Session(
        workspace_id=workspace_id,
        person_id=person_id,
        hash=ids.hash_token(token),
        address=browser.address[:100],
        agent=browser.agent[:300],
        made_at=at,
        seen_at=at,
    )
    db.add(row)
    await db.flush()
    return token


async def _clear_away(db: AsyncSession, at: datetime) -> None:
    """Deletes sessions and links that have ended; those that somebody else holds are left to the next."""
    ended = or_(Session.seen_at <= at - IDLE, Session.made_at <= at - LONGEST)
    for table, over in ((Session, ended), (Link, Link.expires_at <= at - SHOWN_EXPIRED)):
        found = select(table.id).where(over).limit(MOST_CLEARED).with_for_update(skip_locked=True)
        await db.execute(delete(table).where(table.id.in_(found)))


async def make_link(
    db: AsyncSession,
    workspace_id: int,
    kind: str,
    email: str,
    role: str,
    at: datetime,
    lasts: timedelta,
    person_id: int | None = None,
) -> str:
    """A new link's token; the one before of its kind for that address is void."""
    token = ids.new_token()
    facts = {
        "role": role,
        "person_id": person_id,
        "hash": ids.hash_token(token),
        "made_at": at,
        "expires_at": at + lasts,
    }
    new = insert(Link).values(workspace_id=workspace_id, kind=kind, email=email, **facts)
    await db.execute(new.on_conflict_do_update(constraint="uq_links_workspace_id_kind_email", set_=facts))
    return token


async def find_link(store: Store, token: str, at: datetime) -> Link | None:
    """The link of that token while it is good."""
    if not is_token(token):
        return None
    hashed = ids.hash_token(token)
    async with store.nobody() as db:
        workspace_id: int | None = await db.scalar(select(func.workspace_of_link(hashed, at)))
    if workspace_id is None:
        return None
    async with store.workspace(workspace_id) as db:
        query = select(Link).where(Link.workspace_id == workspace_id, Link.hash == hashed)
        return (await db.scalars(query)).one_or_none()


async def use_up(db: AsyncSession, token: str, at: datetime) -> bool:
    """Whether it was good until now; of several who come with it at once, one is told so."""
    query = delete(Link).where(Link.hash == ids.hash_token(token), Link.expires_at > at).returning(Link.id)
    return await db.scalar(query) is not None
