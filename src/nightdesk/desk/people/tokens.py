"""One-time links, sessions, and sign-ins that wait for a code, as rows: made, found by a hash, used up."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import DeskError, NotFound
from nightdesk.desk.people.roles import Caller
from nightdesk.kit import ids
from nightdesk.store.session import Store
from nightdesk.store.tables.people import Link, SecondFactor, Session, SignIn

IDLE = timedelta(days=14)
"""A session ends when nothing was asked in it for so long."""

LONGEST = timedelta(days=30)
"""A session ends so long after it was opened, however busy (ASVS 3.3.2); also the cookie's life."""

CODE_WITHIN = timedelta(minutes=10)
"""So long after the password the code may be given."""

SHOWN_EXPIRED = timedelta(days=30)
"""For so long an owner still sees that an invitation has expired."""

MOST_CLEARED = 200
"""Rows of each kind, so that nobody waits for it at the door."""

COOKIE = "nightdesk_session"
"""Under which a browser keeps a session's token, over plain HTTP."""

SIGN_IN_COOKIE = "nightdesk_sign_in"
"""Likewise, of a sign-in that waits for its code."""


def cookie_name(scheme: str, name: str = COOKIE) -> str:
    """The name of the cookie; under TLS one that browsers take for this host alone (RFC 6265bis, 4.1.3.2)."""
    return f"__Host-{name}" if scheme in ("https", "wss") else name


_TOKEN = re.compile(r"[0-9A-Za-z]{32}")


def is_token(text: str) -> bool:
    """Whether it has the form of a token of ours, so that anything else costs no look-up."""
    return _TOKEN.fullmatch(text) is not None


@dataclass(frozen=True)
class Browser:
    """From where somebody comes: the network address, and what the browser says of itself."""

    address: str
    agent: str


class CodeWanted(DeskError):
    """The password was right, and the person has a second factor: `token` is for the page that asks for it.

    It opens no session by itself and is good for `CODE_WITHIN`.
    """

    def __init__(self, token: str) -> None:
        self.token = token
        super().__init__("The password was right; now give the code of your authenticator app.")


@dataclass(frozen=True)
class Opened:
    """A session's token; or, where `waits`, that of a sign-in which waits for its code."""

    token: str
    waits: bool

    def session(self) -> str:
        """Raises `CodeWanted`; for after the transaction, which is to be kept either way."""
        if self.waits:
            raise CodeWanted(self.token)
        return self.token


async def let_in(
    db: AsyncSession, workspace_id: int, person_id: int, browser: Browser, at: datetime
) -> Opened:
    """Opens a session for somebody whose password or link was right; a second factor is asked for first."""
    has = select(SecondFactor.person_id).where(
        SecondFactor.person_id == person_id, SecondFactor.confirmed_at.is_not(None)
    )
    if await db.scalar(has) is None:
        return Opened(await open_session(db, workspace_id, person_id, browser, at), waits=False)
    token = ids.new_token()
    row = {"workspace_id": workspace_id, "person_id": person_id, "hash": ids.hash_token(token), "made_at": at}
    await db.execute(insert(SignIn).values(row))
    return Opened(token, waits=True)


async def open_session(
    db: AsyncSession,
    workspace_id: int,
    person_id: int,
    browser: Browser,
    at: datetime,
    *,
    second_factor: bool = False,
) -> str:
    """A new session's token; what has ended, whoever's it was, is cleared away.

    `second_factor`: whether a code was given for it; `let_in` is the way for all who gave none.
    """
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
        second_factor=second_factor,
    )
    db.add(row)
    await db.flush()
    return token


async def renew_session(
    db: AsyncSession,
    caller: Caller,
    ending: ColumnElement[bool],
    at: datetime,
    *,
    workspace_id: int | None = None,
    second_factor: bool | None = None,
) -> str:
    """Ends the caller's sessions named, this one among them, and goes on in a new one: its token.

    In another workspace where one is given; with a second factor as before, unless that is given. Raises
    `NotFound` where the session has ended.
    """
    query = delete(Session).where(Session.person_id == caller.person_id, ending)
    facts = (Session.id, Session.address, Session.agent, Session.second_factor)
    ended = (await db.execute(query.returning(*facts))).all()
    here = next((row for row in ended if row.id == caller.session_id), None)
    if here is None:
        raise NotFound("session")
    given = here.second_factor if second_factor is None else second_factor
    browser = Browser(here.address, here.agent)
    there = workspace_id or caller.workspace_id
    return await open_session(db, there, caller.person_id, browser, at, second_factor=given)


async def _clear_away(db: AsyncSession, at: datetime) -> None:
    """Deletes what has ended; rows that somebody else holds are left to the next."""
    over = (
        (Session, or_(Session.seen_at <= at - IDLE, Session.made_at <= at - LONGEST)),
        (Link, Link.expires_at <= at - SHOWN_EXPIRED),
        (SignIn, SignIn.made_at <= at - CODE_WITHIN),
    )
    for table, ended in over:
        found = select(table.id).where(ended).limit(MOST_CLEARED).with_for_update(skip_locked=True)
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
