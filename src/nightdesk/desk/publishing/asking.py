"""Asks for publications: one row for a piece and an account, whoever asks however often."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, Invalid, NotFound
from nightdesk.desk.people import Actor
from nightdesk.desk.publishing.places import Place, alone, place
from nightdesk.engine.outgoing.claims import step
from nightdesk.publishers import KINDS
from nightdesk.store.tables.publishing import Account, AccountSite, Publication
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content

AGAIN = ("cancelled", "rejected")
"""States from which asking again sends anew: it is certain that nothing is out."""

STANDS = {
    "review": "waits for review",
    "sent_back": "was sent back",
    "rejected": "was rejected",
    "cancelled": "was cancelled",
}
"""Of a piece that is not approved, in words; else it is being made."""

MOST_ACCOUNTS = 50
YEARS = (2000, 2200)
"""Of what may be planned; calendars in all zones can show these."""


@dataclass(frozen=True)
class Wish:
    """What is to go out where, and when. Without accounts: to all that the piece's site is linked to.

    Exactly one of `content_id` and `video_id` is given. `at` None is at once.
    """

    content_id: int | None = None
    video_id: int | None = None
    accounts: Sequence[int] = ()
    at: datetime | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """A publication that now is; `new` where it was not asked for before. `moved` says why it is not planned
    for when it was wished."""

    id: int
    account_id: int
    state: str
    new: bool
    at: datetime
    moved: str = ""


async def ask(
    session: AsyncSession, workspace_id: int, wish: Wish, by: Actor | None, now: datetime
) -> list[Asked]:
    """Writes the rows; what is planned for a day that its account has full, for the next that has room.

    Raises `NotFound`, `Invalid`, `Conflict` where the piece is not approved.
    """
    piece = await _piece(session, workspace_id, wish)
    accounts = await _accounts(session, piece, wish)
    at = max(planned(wish.at), now) if wish.at else now
    await alone(session, accounts if at > now else ())
    piece = await _piece(session, workspace_id, wish, lock=True)
    asked = []
    for account in accounts:
        found = await place(session, account, piece.site_id, at, now)
        asked.append(await _one(session, piece, account, wish, by, found, now))
    return asked


def planned(at: datetime) -> datetime:
    """A time that something may be planned for. Raises `Invalid`."""
    if at.tzinfo is None:
        raise Invalid("at", "Give the time with its zone, as in RFC 3339.")
    if not YEARS[0] <= at.year <= YEARS[1]:
        raise Invalid("at", "Give a time of this century or the next.")
    return at


async def _piece(
    session: AsyncSession, workspace_id: int, wish: Wish, *, lock: bool = False
) -> Content | Video:
    if (wish.content_id is None) == (wish.video_id is None):
        raise Invalid("content_id", "Give either an article (`content_id`) or a video (`video_id`).")
    table: type[Content] | type[Video] = Content if wish.content_id is not None else Video
    number = wish.content_id if wish.content_id is not None else wish.video_id
    query = select(table).where(table.workspace_id == workspace_id, table.id == number)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    piece: Content | Video | None = await session.scalar(query)
    if piece is None:
        raise NotFound("article" if table is Content else "video")
    if piece.status not in ("approved", "publishing", "published"):
        stands = STANDS.get(piece.status, "is still being made")
        raise Conflict(f"“{piece.title}” {stands}; only what is approved goes out.")
    return piece


async def _accounts(session: AsyncSession, piece: Content | Video, wish: Wish) -> list[Account]:
    numbers = list(dict.fromkeys(wish.accounts))
    if len(numbers) > MOST_ACCOUNTS:
        raise Invalid("accounts", f"At most {MOST_ACCOUNTS} accounts.")
    if not numbers:
        links = select(AccountSite.account_id).where(
            AccountSite.workspace_id == piece.workspace_id, AccountSite.site_id == piece.site_id
        )
        numbers = list(await session.scalars(links.order_by(AccountSite.account_id)))
    query = select(Account).where(
        Account.workspace_id == piece.workspace_id, Account.id.in_(numbers), Account.removed_at.is_(None)
    )
    found = {account.id: account for account in await session.scalars(query)}
    if missing := [number for number in numbers if number not in found and number in wish.accounts]:
        raise NotFound(f"account {missing[0]}")
    kind = "article" if isinstance(piece, Content) else "video"
    fit = [found[number] for number in numbers if number in found]
    unfit = [account for account in fit if kind not in KINDS[account.platform].takes]
    if wish.accounts and unfit:
        raise Invalid("accounts", f"“{unfit[0].name}” ({unfit[0].platform}) takes no {kind}s.")
    fit = [account for account in fit if account not in unfit]
    if not fit:
        raise Invalid(
            "accounts", "The piece's site is linked to no account that takes it. Link one, or name one."
        )
    return fit


async def _one(
    session: AsyncSession,
    piece: Content | Video,
    account: Account,
    wish: Wish,
    by: Actor | None,
    meant: Place,
    now: datetime,
) -> Asked:
    which = "content_id" if isinstance(piece, Content) else "video_id"
    at, moved = meant.at, meant.moved
    facts: dict[str, Any] = {
        "revision": piece.revision,
        "title": piece.title or getattr(piece, "topic", ""),
        "options": dict(wish.options),
        "planned_at": at,
        "due_at": at,
        "moved": moved,
        "asked_by": by.name if by else "",
    }
    key = {"workspace_id": piece.workspace_id, "account_id": account.id, which: piece.id}
    new = insert(Publication).values(
        **key, **facts, site_id=piece.site_id, key=uuid.uuid4(), state="queued", created_at=now
    )
    number = await session.scalar(new.on_conflict_do_nothing().returning(Publication.id))
    if number is not None:
        _tell(session, piece.workspace_id, number, now, "Planned", meant, by)
        return Asked(number, account.id, "queued", True, at, moved)
    found = select(Publication).where(*(getattr(Publication, name) == value for name, value in key.items()))
    row = (await session.scalars(found)).one()
    if row.state in AGAIN:
        # Only these are locked: one that is on its way is settled under its own lock, and then its piece's.
        fresh = found.with_for_update().execution_options(populate_existing=True)
        row = (await session.scalars(fresh)).one()
    if row.state not in AGAIN:
        return Asked(row.id, account.id, row.state, False, row.planned_at, row.moved)
    if (row.revision, row.options) != (facts["revision"], facts["options"]):
        # What the platform was given may hold the words of before, or who was to see them.
        row.token = None
    for name, value in facts.items():
        setattr(row, name, value)
    row.state, row.code, row.error, row.tries, row.looks = "queued", "", "", 0, 0
    _tell(session, row.workspace_id, row.id, now, "Again,", meant, by)
    return Asked(row.id, account.id, "queued", True, at, moved)


def _tell(
    session: AsyncSession,
    workspace_id: int,
    number: int,
    now: datetime,
    how: str,
    found: Place,
    by: Actor | None,
) -> None:
    """Its story begins, and says where it was moved."""
    says, who = f"{how} for {found.at.isoformat()}.", by.name if by else ""
    session.add(step(workspace_id, number, now, "asked", says, who))
    if found.moved:
        session.add(step(workspace_id, number, now, "moved", found.moved, to=found.at.isoformat()))
