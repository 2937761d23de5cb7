"""Sessions: who a session's token belongs to, and the list that a person may end."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, text, true, update

from nightdesk.desk.errors import NotFound
from nightdesk.desk.people.book import ChangeShown, changes, note
from nightdesk.desk.people.fields import number_of, role_of
from nightdesk.desk.people.roles import Caller, Role
from nightdesk.desk.people.sign_ins import SignIns
from nightdesk.desk.people.tokens import IDLE, LONGEST, is_token, renew_session
from nightdesk.kit import ids
from nightdesk.store.tables.people import Link, Member, Password, Session, SignIn
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
class Sessions(SignIns):
    """Opens, finds and ends sessions. A token is 32 characters of base 62, given once and kept as a hash.

    A person's sessions may be in several workspaces: what is done to all of them is let see all tenants.
    """

    async def caller_of(self, token: str) -> Caller | None:
        """Whose session this is, or None where it has ended or is held until a second factor is set up."""
        caller = await self.whoever(token)
        return None if caller is None or caller.held else caller

    async def whoever(self, token: str) -> Caller | None:
        """Whose session this is, also one that is `held`: for the pages that let one set up a second factor.

        Anything that is no token costs no look-up.
        """
        if not is_token(token):
            return None
        at = self.doorkeeper.clock.now()
        asked = {"hash": ids.hash_token(token), "at": at, "seen_since": at - IDLE, "made_since": at - LONGEST}
        async with self.doorkeeper.store.nobody() as db:
            row = (await db.execute(_SESSION_OF, asked)).one_or_none()
        return Caller(*row) if row else None

    async def sign_out(self, token: str) -> None:
        """Ends the session; harmless where it has ended already."""
        caller = await self.whoever(token)
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
            for table in (Link, SignIn):
                await db.execute(delete(table).where(table.person_id == caller.person_id))
            await note(db, caller.workspace_id, caller, "password_changed", at)
            return await renew_session(db, caller, true(), at)

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
            at, here = self.doorkeeper.clock.now(), Session.id == caller.session_id
            return await renew_session(db, caller, here, at, workspace_id=workspace_id)


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
