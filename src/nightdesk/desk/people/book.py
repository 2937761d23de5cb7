"""The book of who did what: lines are added in the transaction of the deed itself, and read by owners."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import and_, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.people.roles import Actor, Newcomer
from nightdesk.store.tables.people import Deed

What = Literal[
    "began",
    "signed_in",
    "password_changed",
    "password_reset",
    "reset_link_made",
    "invited",
    "invitation_withdrawn",
    "joined",
    "role_changed",
    "removed",
    "session_ended",
    "key_made",
    "key_revoked",
    "workspace_renamed",
    "second_factor_on",
    "second_factor_off",
    "second_factor_taken_off",
    "second_factor_wanted",
    "second_factor_not_wanted",
    "recovery_codes_made",
    "recovery_code_used",
    "code_refused",
    "code_reused",
    "notices_added",
    "notices_changed",
    "notices_removed",
    "retention_changed",
    "account_connected",
    "account_changed",
    "account_removed",
    "account_linked",
    "webhook_added",
    "webhook_changed",
    "webhook_secret_changed",
    "webhook_paused",
    "webhook_resumed",
    "webhook_removed",
    "hook_made",
    "hook_secret_changed",
    "hook_removed",
    "tools_allowed",
    "tools_not_allowed",
    "publishing_asked",
    "publishing_cancelled",
    "publishing_confirmed",
    "publishing_stopped",
    "publishing_resumed",
    "growth_switched",
    "site_set",
    "twin_asked",
    "piece_approved_first",
    "piece_approved",
    "piece_sent_back",
    "piece_rejected",
    "piece_reopened",
    "decision_undone",
    "rule_signed",
    "rule_withdrawn",
    "rule_let_through",
    "rule_stopped",
    "two_people_wanted",
    "two_people_not_wanted",
    "autopilot_resumed",
]


MOST_CHANGES = 10
TOLD_FROM = 3
"""Wrong codes since somebody was last here, from which on it is told: fewer are slips of their own."""

CHANGES = (
    "password_changed",
    "password_reset",
    "second_factor_on",
    "second_factor_off",
    "recovery_codes_made",
    "recovery_code_used",
    "code_reused",
)
BY_OTHERS = ("reset_link_made", "second_factor_taken_off")

NOBODY: dict[str, Any] = {"person_id": None, "who": "an API client", "address": ""}


@dataclass(frozen=True)
class DeedShown:
    """One line of the book: `who` is the name borne then, `about` is to whom or what."""

    id: int
    at: datetime
    who: str
    person_id: int | None
    deed: str
    about: str
    address: str


@dataclass(frozen=True)
class ChangeShown:
    """What was done to how a person comes in; `news` where it was since they signed in the time before."""

    at: datetime
    deed: str
    address: str
    news: bool


async def note(
    db: AsyncSession,
    workspace_id: int,
    doer: Actor | Newcomer | None,
    what: What,
    at: datetime,
    about: str = "",
) -> None:
    """Writes a line; where there is no doer it was a client with an API key."""
    row = {"workspace_id": workspace_id, "at": at, "deed": what, "about": about}
    row |= {"person_id": doer.person_id, "who": doer.name, "address": doer.address} if doer else NOBODY
    await db.execute(insert(Deed).values(row))


async def lines(db: AsyncSession, workspace_id: int, before: int | None, limit: int) -> list[DeedShown]:
    """The newest first."""
    query = select(Deed).where(Deed.workspace_id == workspace_id).order_by(Deed.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Deed.id < before)
    return [
        DeedShown(row.id, row.at, row.who, row.person_id, row.deed, row.about, row.address)
        for row in await db.scalars(query)
    ]


async def changes(db: AsyncSession, person_id: int, email: str) -> list[ChangeShown]:
    """What was done to how the person comes in, the newest first; `db` sees all workspaces."""
    came = select(Deed.id).where(Deed.person_id == person_id, Deed.deed == "signed_in")
    sign_ins = (await db.scalars(came.order_by(Deed.id.desc()).limit(2))).all()
    before = sign_ins[1] if len(sign_ins) == 2 else 0
    theirs = and_(Deed.person_id == person_id, Deed.deed.in_(CHANGES))
    by_others = and_(Deed.deed.in_(BY_OTHERS), Deed.about == email)
    query = select(Deed).where(or_(theirs, by_others)).order_by(Deed.id.desc()).limit(MOST_CHANGES)
    found = [ChangeShown(row.at, row.deed, row.address, row.id > before) for row in await db.scalars(query)]
    return [*await _refusals(db, person_id, before), *found]


async def _refusals(db: AsyncSession, person_id: int, before: int) -> list[ChangeShown]:
    """The last wrong code since that sign-in, where there were more than one mistypes oneself."""
    mine = (Deed.person_id == person_id, Deed.deed == "code_refused", Deed.id > before)
    query = select(Deed.at, Deed.deed, Deed.address).where(*mine).order_by(Deed.id.desc()).limit(TOLD_FROM)
    rows = (await db.execute(query)).all()
    return [ChangeShown(*rows[0], news=True)] if len(rows) == TOLD_FROM else []
