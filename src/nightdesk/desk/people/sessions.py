"""Sessions: signing in and out, who a session's token belongs to, and the list that a person may end."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, text, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import NotFound
from nightdesk.desk.people.book import ChangeShown, changes, note
from nightdesk.desk.people.doorkeeper import Doorkeeper, WrongPassword
from nightdesk.desk.people.fields import folded_email, number_of, role_of
from nightdesk.desk.people.roles import Caller, Newcomer, Role
from nightdesk.desk.people.tokens import IDLE, LONGEST, Browser, is_token, open_session
from nightdesk.kit import ids
from nightdesk.store.tables.people import Link, Member, Password, Session
from nightdesk.store.tables.tenancy import Workspace

_SESSION_OF = text("select * from session_of(:hash, :at, :seen_since, :made_since)")


@dataclass(frozen=True)
class SessionShown:
    """A session as its owner sees it; `here` is the one that asks."""

    id: int
    workspace_id: int
    made_at: datetime
    seen_at: datetime
    address: str
    agent: str
    here: bool


@dataclass(frozen=True)
class WorkspaceShown:
    """A workspace that the caller belongs to; `here` is the one of the session."""

    id: int
    name: str
    role: Role
    here: bool


@dataclass(frozen=True)
class Sessions:
    """Opens, finds and ends sessions. A token is 32 characters of base 62, given once and kept as a hash.

    A person's sessions may be in several workspaces: what is done to all of them is let see all tenants.
    """

    doorkeeper: Doorkeeper

    async def sign_in(self, email: str, password: str, address: str, agent: str) -> str:
        """A new session's token; the session that the browser had before is for the face to end.

        The same sentence and the same time whether the address is unknown or the password wrong. Raises
        `WrongPassword`, `TooManyGuesses`.
        """
        checked = await self.doorkeeper.check(folded_email(email), password, address)
        known, at = checked.known, self.doorkeeper.clock.now()
        if known.workspace_id is None:
            raise WrongPassword
        try:
            async with self.doorkeeper.store.everywhere() as db:
                await self.doorkeeper.hold(db, checked)
                browser = Browser(address, agent)
                token = await open_session(db, known.workspace_id, known.person_id, browser, at)
                who = Newcomer(known.person_id, known.name, address)
                await note(db, known.workspace_id, who, "signed_in", at)
                return token
        except IntegrityError as error:
            # Removed from the workspace while the password was being checked.
            raise WrongPassword from error

    async def caller_of(self, token: str) -> Caller | None:
        """Whose session this is, or None where it has ended; anything that is no token costs no look-up."""
        if not is_token(token):
            return None
        at = self.doorkeeper.clock.now()
        asked = {"hash": ids.hash_token(token), "at": at, "seen_since": at - IDLE, "made_since": at - LONGEST}
        async with self.doorkeeper.store.nobody() as db:
            row = (await db.execute(_SESSION_OF, asked)).one_or_none()
        return Caller(*row) if row else None

    async def sign_out(self, token: str) -> None:
        """Ends the session; harmless where it has ended already."""
        caller = await self.caller_of(token)
        if caller is not None:
            await self._end(caller, Session.id == caller.session_id)

    async def of(self, caller: Caller) -> list[SessionShown]:
        """The caller's sessions in all workspaces, the one seen last first."""
        at = self.doorkeeper.clock.now()
        query = (
            select(Session)
            .where(Session.person_id == caller.person_id)
            .where(Session.seen_at > at - IDLE, Session.made_at > at - LONGEST)
            .order_by(Session.seen_at.desc(), Session.id.desc())
        )
        async with self.doorkeeper.store.everywhere() as db:
            return [_shown(row, caller) for row in await db.scalars(query)]

    async def end(self, caller: Caller, session_id: int, password: str) -> None:
        """Ends one of the caller's own sessions, who shows the password again (ASVS 3.3.4).

        Raises `NotFound`, `WrongPassword`, `TooManyGuesses`.
        """
        which = Session.id == number_of("session", session_id)
        await self._shown_again(caller, password)
        if not await self._end(caller, which, noted=True):
            raise NotFound("session")

    async def end_others(self, caller: Caller, password: str) -> int:
        """Ends all the caller's sessions but this one; returns how many. Raises as `end` does."""
        await self._shown_again(caller, password)
        return await self._end(caller, Session.id != caller.session_id, noted=True)

    async def _shown_again(self, caller: Caller, password: str) -> None:
        checked = await self.doorkeeper.check(caller.email, password, caller.address)
        async with self.doorkeeper.store.everywhere() as db:
            await self.doorkeeper.hold(db, checked)

    async def _end(self, caller: Caller, which: ColumnElement[bool], *, noted: bool = False) -> int:
        query = delete(Session).where(Session.person_id == caller.person_id, which).returning(Session.id)
        async with self.doorkeeper.store.everywhere() as db:
            ended = len((await db.scalars(query)).all())
            if ended and noted:
                at = self.doorkeeper.clock.now()
                await note(db, caller.workspace_id, caller, "session_ended", at, str(ended))
        return ended

    async def change_password(self, caller: Caller, old: str, new: str) -> str:
        """Sets the password, ends all other sessions and renews this one: returns its new token.

        Raises `WrongPassword`, `TooManyGuesses`, or `Invalid` (`new`).
        """
        names = [there.name for there in await self.workspaces(caller)]
        passwords = self.doorkeeper.passwords
        passwords.looked_at("new", new, (caller.email, caller.name, *names))
        checked = await self.doorkeeper.check(caller.email, old, caller.address)
        hashed = await passwords.hashed(new)
        at = self.doorkeeper.clock.now()
        async with self.doorkeeper.store.everywhere() as db:
            await self.doorkeeper.hold(db, checked)
            of_person = Password.person_id == caller.person_id
            await db.execute(update(Password).where(of_person).values(hash=hashed, changed_at=at))
            await db.execute(delete(Link).where(Link.person_id == caller.person_id))
            await note(db, caller.workspace_id, caller, "password_changed", at)
            return await self._renewed(db, caller, caller.workspace_id, true())

    async def changes(self, caller: Caller) -> list[ChangeShown]:
        """What was done to the caller's password, the newest first, so that nothing happens to it unseen."""
        async with self.doorkeeper.store.everywhere() as db:
            return await changes(db, caller.person_id, caller.email)

    async def workspaces(self, caller: Caller) -> list[WorkspaceShown]:
        """The workspaces that the caller belongs to, by name."""
        query = (
            select(Workspace.id, Workspace.name, Member.role)
            .join(Member, Member.workspace_id == Workspace.id)
            .where(Member.person_id == caller.person_id)
            .order_by(Workspace.name, Workspace.id)
        )
        async with self.doorkeeper.store.everywhere() as db:
            rows = (await db.execute(query)).all()
        return [
            WorkspaceShown(number, name, role_of(role), number == caller.workspace_id)
            for number, name, role in rows
        ]

    async def enter(self, caller: Caller, workspace_id: int) -> str:
        """Goes over to another workspace under the new token returned. Raises `NotFound`."""
        workspace_id = number_of("workspace", workspace_id)
        member = (Member.workspace_id == workspace_id, Member.person_id == caller.person_id)
        async with self.doorkeeper.store.everywhere() as db:
            if await db.scalar(select(Member.role).where(*member).with_for_update(read=True)) is None:
                raise NotFound("workspace")
            return await self._renewed(db, caller, workspace_id, Session.id == caller.session_id)

    async def _renewed(
        self, db: AsyncSession, caller: Caller, workspace_id: int, ending: ColumnElement[bool]
    ) -> str:
        """Ends the caller's sessions named, this one among them, and goes on in a new one."""
        query = delete(Session).where(Session.person_id == caller.person_id, ending)
        ended = (await db.execute(query.returning(Session.id, Session.address, Session.agent))).all()
        here = next((row for row in ended if row.id == caller.session_id), None)
        if here is None:
            raise NotFound("session")
        browser = Browser(here.address, here.agent)
        at = self.doorkeeper.clock.now()
        return await open_session(db, workspace_id, caller.person_id, browser, at)


def _shown(row: Session, caller: Caller) -> SessionShown:
    return SessionShown(
        row.id,
        row.workspace_id,
        row.made_at,
        row.seen_at,
        row.address,
        row.agent,
        row.id == caller.session_id,
    )
