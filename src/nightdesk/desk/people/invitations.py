"""One-time links: they let a person in, or let one who is locked out choose a new password."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, Invalid, NotFound, Taken
from nightdesk.desk.people.book import What, note
from nightdesk.desk.people.doorkeeper import Doorkeeper
from nightdesk.desk.people.fields import (
    email_of,
    folded_email,
    language_of,
    name_of,
    number_of,
    role_of,
    timezone_of,
)
from nightdesk.desk.people.roles import Actor, Caller, Newcomer, NotAllowed, Operator, Role, require
from nightdesk.desk.people.tokens import (
    Browser,
    Opened,
    find_link,
    let_in,
    make_link,
    renew_session,
    use_up,
)
from nightdesk.store.tables.people import Link, Member, Password, Person, Session, SignIn

LASTS = timedelta(days=7)
RESET_LASTS = timedelta(hours=24)

LinkKind = Literal["invitation", "reset"]


@dataclass(frozen=True)
class InvitationShown:
    """An invitation that nobody has accepted yet; `expired` ones open nothing any more."""

    id: int
    email: str
    role: Role
    invited_at: datetime
    expires_at: datetime
    expired: bool


@dataclass(frozen=True)
class LinkShown:
    """What a link is for, to show on its page: to join a workspace, or to choose a new password."""

    kind: LinkKind
    email: str
    workspace_name: str
    role: Role


@dataclass(frozen=True)
class Invitations:
    """Makes, shows, accepts and withdraws links. A token is shown once and kept as a hash.

    Who accepts becomes a person of the whole installation, and is therefore let see all tenants for it.
    """

    doorkeeper: Doorkeeper

    async def invite(self, actor: Actor, email: str, role: Role) -> str:
        """The token of a link that is good once, for 7 days; one made before for the address is void.

        Its page is `/invitation?token=…`. Raises `NotAllowed`, `Invalid`, or `Taken` (a member already).
        """
        require(actor, "owner")
        email, role, at = email_of(email), role_of(role), self.doorkeeper.clock.now()
        async with self.doorkeeper.store.workspace(actor.workspace_id) as db:
            await _still_owner(db, actor)
            if await db.scalar(select(Person.id).where(Person.email == email)) is not None:
                raise Taken(f"{email} belongs to this workspace already; the role is changed in the list.")
            token = await make_link(db, actor.workspace_id, "invitation", email, role, at, LASTS)
            await note(db, actor.workspace_id, actor, "invited", at, f"{email} as {role}")
            return token

    async def waiting(self, actor: Actor) -> list[InvitationShown]:
        """Invitations not accepted yet, the newest first. Raises `NotAllowed` to all but owners."""
        require(actor, "owner")
        at = self.doorkeeper.clock.now()
        query = select(Link).where(Link.workspace_id == actor.workspace_id, Link.kind == "invitation")
        async with self.doorkeeper.store.workspace(actor.workspace_id) as db:
            rows = await db.scalars(query.order_by(Link.made_at.desc(), Link.id.desc()))
            return [
                InvitationShown(
                    row.id, row.email, role_of(row.role), row.made_at, row.expires_at, row.expires_at <= at
                )
                for row in rows
            ]

    async def withdraw(self, actor: Actor, invitation_id: int) -> None:
        """The link opens nothing from now on. Raises `NotAllowed`, `NotFound`."""
        require(actor, "owner")
        which = (Link.workspace_id == actor.workspace_id, Link.kind == "invitation")
        query = delete(Link).where(*which, Link.id == number_of("invitation", invitation_id))
        async with self.doorkeeper.store.workspace(actor.workspace_id) as db:
            await _still_owner(db, actor)
            email = await db.scalar(query.returning(Link.email))
            if email is None:
                raise NotFound("invitation")
            at = self.doorkeeper.clock.now()
            await note(db, actor.workspace_id, actor, "invitation_withdrawn", at, email)

    async def link(self, token: str) -> LinkShown:
        """What the link is for. Raises `NotFound` where it is used, withdrawn, expired or none of ours."""
        link = await self._find(token)
        if link is None:
            raise NotFound("link")
        name = await self.doorkeeper.workspace_name(link.workspace_id)
        kind: LinkKind = "reset" if link.kind == "reset" else "invitation"
        return LinkShown(kind, link.email, name, role_of(link.role))

    async def accept(
        self,
        token: str,
        name: str,
        password: str,
        language: str,
        timezone: str,
        address: str,
        agent: str,
    ) -> str:
        """Joins (by a link of kind `reset`: sets the new password) and signs in; returns the session token.

        Who has a password in this installation already gives that one, and keeps name, language and time
        zone; for a reset those three may be empty. Raises `Invalid` with `field` one of `token`, `name`,
        `password`, `language`, `timezone`; `WrongPassword`, `TooManyGuesses` and `CodeWanted` (all else is
        done by then) as `Sessions.sign_in` does.
        """
        link = await self._find(token)
        if link is None:
            raise _void()
        browser = Browser(address, agent)
        if link.person_id is not None:
            return (await self._reset(link, link.person_id, token, password, browser)).session()
        known = await self.doorkeeper.find(link.email)
        if known is not None:
            return (await self._join_known(link, token, password, browser)).session()
        facts = {
            "email": link.email,
            "name": name_of(name),
            "language": language_of(language),
            "timezone": timezone_of(timezone),
        }
        return (await self._join_new(link, token, facts, password, browser)).session()

    async def _join_new(
        self, link: Link, token: str, facts: dict[str, str], password: str, browser: Browser
    ) -> Opened:
        hashed = await self._new_password(link, password, facts["name"])
        async with self.doorkeeper.store.everywhere() as db:
            await self._use_up(db, token)
            new = insert(Person).values(facts).on_conflict_do_nothing().returning(Person.id)
            person_id = await db.scalar(new)
            if person_id is None:
                raise Conflict("This address has just joined elsewhere; open the link again.")
            db.add(Password(person_id=person_id, hash=hashed, changed_at=self.doorkeeper.clock.now()))
            who = Newcomer(person_id, facts["name"], browser.address)
            await self._make_member(db, link, who)
            return await self._open(db, link, who, browser, "joined")

    async def _join_known(self, link: Link, token: str, password: str, browser: Browser) -> Opened:
        checked = await self.doorkeeper.check(link.email, password, browser.address)
        async with self.doorkeeper.store.everywhere() as db:
            await self._use_up(db, token)
            await self.doorkeeper.hold(db, checked)
            who = Newcomer(checked.known.person_id, checked.known.name, browser.address)
            await self._make_member(db, link, who)
            return await self._open(db, link, who, browser, "joined")

    async def join(self, caller: Caller, token: str) -> str:
        """Accepts as the person signed in; the session goes on in the new workspace under the token returned.

        Raises `Invalid` (`token`) where the link is void or for another address.
        """
        link = await self._find(token)
        if link is None or link.kind != "invitation" or link.email != caller.email:
            raise _void()
        here, at = Session.id == caller.session_id, self.doorkeeper.clock.now()
        async with self.doorkeeper.store.everywhere() as db:
            await self._use_up(db, token)
            who = Newcomer(caller.person_id, caller.name, caller.address)
            await self._make_member(db, link, who)
            await note(db, link.workspace_id, who, "joined", at, link.email)
            return await renew_session(db, caller, here, at, workspace_id=link.workspace_id)

    async def reset(self, operator: Operator, email: str) -> str:
        """The token of a link by which that member chooses a new password: good once, for 24 hours.

        For the command line alone: whoever has the link has the account. Raises `NotFound`.
        """
        at = self.doorkeeper.clock.now()
        query = (
            select(Person.id, Person.email, Member.role)
            .join(Member, Member.person_id == Person.id)
            .where(Member.workspace_id == operator.workspace_id, Person.email == folded_email(email))
        )
        async with self.doorkeeper.store.workspace(operator.workspace_id) as db:
            found = (await db.execute(query)).one_or_none()
            if found is None:
                raise NotFound("person")
            number, email, role = found
            token = await make_link(
                db, operator.workspace_id, "reset", email, role, at, RESET_LASTS, person_id=number
            )
            await note(db, operator.workspace_id, operator, "reset_link_made", at, email)
            return token

    async def _reset(self, link: Link, person_id: int, token: str, password: str, browser: Browser) -> Opened:
        hashed = await self._new_password(link, password, "")
        at = self.doorkeeper.clock.now()
        async with self.doorkeeper.store.everywhere() as db:
            await self._use_up(db, token)
            kept = insert(Password).values(person_id=person_id, hash=hashed, changed_at=at)
            changed = {"hash": hashed, "changed_at": at}
            await db.execute(kept.on_conflict_do_update(index_elements=["person_id"], set_=changed))
            for table in (Link, Session, SignIn):
                await db.execute(delete(table).where(table.person_id == person_id))
            name = await db.scalar(select(Person.name).where(Person.id == person_id))
            who = Newcomer(person_id, str(name), browser.address)
            return await self._open(db, link, who, browser, "password_reset")

    async def _find(self, token: str) -> Link | None:
        """The invitation or reset of that token; the first start has a page of its own."""
        link = await find_link(self.doorkeeper.store, token, self.doorkeeper.clock.now())
        return link if link is not None and link.kind != "start" else None

    async def _use_up(self, db: AsyncSession, token: str) -> None:
        if not await use_up(db, token, self.doorkeeper.clock.now()):
            raise _void()

    async def _new_password(self, link: Link, password: str, name: str) -> str:
        """Its hash. Raises `Invalid`."""
        shown = await self.doorkeeper.workspace_name(link.workspace_id)
        self.doorkeeper.passwords.looked_at("password", password, (link.email, name, shown))
        return await self.doorkeeper.passwords.hashed(password)

    async def _make_member(self, db: AsyncSession, link: Link, who: Newcomer) -> None:
        """Unless they are one already."""
        member = insert(Member).values(
            workspace_id=link.workspace_id,
            person_id=who.person_id,
            role=link.role,
            joined_at=self.doorkeeper.clock.now(),
        )
        await db.flush()
        await db.execute(member.on_conflict_do_nothing())

    async def _open(
        self, db: AsyncSession, link: Link, who: Newcomer, browser: Browser, what: What
    ) -> Opened:
        at = self.doorkeeper.clock.now()
        await note(db, link.workspace_id, who, what, at, link.email)
        return await let_in(db, link.workspace_id, who.person_id, browser, at)


async def _still_owner(db: AsyncSession, actor: Actor) -> None:
    """Raises `NotAllowed` where the actor has stopped being an owner since the page was asked for."""
    if actor.person_id is None:
        return
    member = (Member.workspace_id == actor.workspace_id, Member.person_id == actor.person_id)
    if await db.scalar(select(Member.role).where(*member).with_for_update(read=True)) != "owner":
        raise NotAllowed("owner")


def _void() -> Invalid:
    return Invalid("token", "This link has been used, withdrawn or is too old; ask for a new one.")
