"""The first start: a one-time token by which the first owner comes in and names the workspace."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ScalarSelect, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Invalid
from nightdesk.desk.founding import Founding
from nightdesk.desk.people.book import note
from nightdesk.desk.people.doorkeeper import Doorkeeper
from nightdesk.desk.people.fields import email_of, language_of, name_of, timezone_of
from nightdesk.desk.people.roles import Newcomer
from nightdesk.desk.people.tokens import Browser, find_link, make_link, open_session, use_up
from nightdesk.store.tables.people import Member, Password, Person
from nightdesk.store.tables.tenancy import Workspace

LASTS = timedelta(days=7)


@dataclass(frozen=True)
class Entrance:
    """Lets the first owner in, once. Nobody belongs to a tenant yet, so it is let see all of them."""

    doorkeeper: Doorkeeper
    founding: Founding

    async def pending_token(self) -> str | None:
        """A new token for `/start?token=…`, voiding any older one; None once there is an owner.

        It is good for 7 days; a start of the program makes a new one.
        """
        first = await self.founding.first()
        async with self.doorkeeper.store.everywhere() as db:
            if await _has_owner(db, first):
                return None
            at = self.doorkeeper.clock.now()
            return await make_link(db, first, "start", "", "owner", at, LASTS)

    async def is_open(self) -> bool:
        """Whether the first workspace still waits for its owner."""
        first = select(func.min(Workspace.id)).scalar_subquery()
        async with self.doorkeeper.store.everywhere() as db:
            return not await _has_owner(db, first)

    async def begin(
        self,
        token: str,
        email: str,
        name: str,
        password: str,
        workspace_name: str,
        language: str,
        timezone: str,
        address: str,
        agent: str,
    ) -> str:
        """Names the first workspace, makes its owner and signs them in; returns the session token.

        The token works once, also for two at the same time. Raises `Invalid` with `field` one of `token`,
        `email`, `name`, `password`, `workspace_name`, `language`, `timezone`; nothing was changed then.
        """
        link = await find_link(self.doorkeeper.store, token, self.doorkeeper.clock.now())
        if link is None or link.kind != "start":
            raise _void()
        facts = {
            "email": email_of(email),
            "name": name_of(name),
            "language": language_of(language),
            "timezone": timezone_of(timezone),
        }
        called = name_of(workspace_name, "workspace_name", 120)
        known = (facts["email"], facts["name"], called)
        self.doorkeeper.passwords.looked_at("password", password, known)
        hashed = await self.doorkeeper.passwords.hashed(password)
        async with self.doorkeeper.store.everywhere() as db:
            await self._use_up(db, token, link.workspace_id)
            await db.execute(update(Workspace).where(Workspace.id == link.workspace_id).values(name=called))
            who = await self._owner(db, link.workspace_id, facts, hashed, address)
            at = self.doorkeeper.clock.now()
            await note(db, link.workspace_id, who, "began", at, called)
            return await open_session(db, link.workspace_id, who.person_id, Browser(address, agent), at)

    async def _use_up(self, db: AsyncSession, token: str, workspace_id: int) -> None:
        """Raises `Invalid` (`token`)."""
        if not await use_up(db, token, self.doorkeeper.clock.now()) or await _has_owner(db, workspace_id):
            raise _void()

    async def _owner(
        self, db: AsyncSession, workspace_id: int, facts: dict[str, str], hashed: str, address: str
    ) -> Newcomer:
        """Makes the person, the password and the membership. Raises `Invalid` (`email`)."""
        new = insert(Person).values(facts).on_conflict_do_nothing().returning(Person.id)
        person_id = await db.scalar(new)
        if person_id is None:
            raise Invalid("email", "This address belongs to another workspace here; take another.")
        at = self.doorkeeper.clock.now()
        db.add(Password(person_id=person_id, hash=hashed, changed_at=at))
        db.add(Member(workspace_id=workspace_id, person_id=person_id, role="owner", joined_at=at))
        await db.flush()
        return Newcomer(person_id, facts["name"], address)


async def _has_owner(db: AsyncSession, workspace_id: int | ScalarSelect[int]) -> bool:
    owner = (Member.workspace_id == workspace_id, Member.role == "owner")
    return await db.scalar(select(Member.person_id).where(*owner).limit(1)) is not None


def _void() -> Invalid:
    return Invalid(
        "token", "This link has been used already or is too old; start Nightdesk again for a new one."
    )
