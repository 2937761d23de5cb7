"""The people of a workspace: listed, given roles, removed; and what each of them sets for themselves."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, NotFound
from nightdesk.desk.people import book
from nightdesk.desk.people.book import DeedShown, note
from nightdesk.desk.people.fields import (
    language_of,
    name_of,
    number_of,
    role_of,
    theme_of,
    timezone_of,
)
from nightdesk.desk.people.roles import Actor, Caller, NotAllowed, Role, require
from nightdesk.kit.clock import Clock
from nightdesk.store.session import Store
from nightdesk.store.tables.people import Member, Person, Session


@dataclass(frozen=True)
class MemberShown:
    """A person of the workspace; `seen_at` is the last sign of life of a session there."""

    person_id: int
    name: str
    email: str
    role: Role
    joined_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True)
class Persons:
    """Lists and changes who belongs to a workspace."""

    store: Store
    clock: Clock

    async def members(self, workspace_id: int) -> list[MemberShown]:
        """Everybody, by name."""
        seen = (
            select(func.max(Session.seen_at))
            .where(Session.workspace_id == workspace_id, Session.person_id == Member.person_id)
            .scalar_subquery()
        )
        query = (
            select(Person.id, Person.name, Person.email, Member.role, Member.joined_at, seen)
            .join(Member, Member.person_id == Person.id)
            .where(Member.workspace_id == workspace_id)
            .order_by(func.lower(Person.name), Person.id)
        )
        async with self.store.workspace(workspace_id) as db:
            rows = (await db.execute(query)).all()
        return [
            MemberShown(number, name, email, role_of(role), joined, last)
            for number, name, email, role, joined, last in rows
        ]

    async def change_role(self, actor: Actor, person_id: int, role: Role) -> None:
        """Raises `NotAllowed`, `NotFound`, `Invalid`, or `Conflict` where no owner would be left."""
        require(actor, "owner")
        role = role_of(role)
        async with self.store.workspace(actor.workspace_id) as db:
            roles = await held_roles(db, actor)
            if number_of("person", person_id) not in roles:
                raise NotFound("person")
            if roles[person_id] == role:
                return
            _keep_an_owner(roles | {person_id: role})
            await db.execute(update(Member).where(*_member(actor, person_id)).values(role=role))
            about = f"{await _email(db, person_id)}: {roles[person_id]} to {role}"
            await note(db, actor.workspace_id, actor, "role_changed", self.clock.now(), about)

    async def remove(self, actor: Actor, person_id: int) -> None:
        """Ends the membership and its sessions; anybody may leave. Raises as `change_role` does."""
        if person_id != actor.person_id:
            require(actor, "owner")
        async with self.store.workspace(actor.workspace_id) as db:
            roles = await held_roles(db, actor, leaving=person_id == actor.person_id)
            if number_of("person", person_id) not in roles:
                raise NotFound("person")
            _keep_an_owner({number: role for number, role in roles.items() if number != person_id})
            about = await _email(db, person_id)
            await db.execute(delete(Member).where(*_member(actor, person_id)))
            await note(db, actor.workspace_id, actor, "removed", self.clock.now(), about)
        await self._forget_strangers(person_id)

    async def _forget_strangers(self, person_id: int) -> None:
        """Keeps nothing of somebody who belongs nowhere any more."""
        nowhere = ~exists().where(Member.person_id == Person.id)
        try:
            async with self.store.everywhere() as db:
                await db.execute(delete(Person).where(Person.id == person_id, nowhere))
        except IntegrityError:
            # Has just come into another workspace, and stays known.
            return

    async def change_profile(
        self, caller: Caller, name: str, timezone: str, language: str, theme: str
    ) -> None:
        """What the caller goes by, and how times and pages are shown to them. Raises `Invalid`."""
        facts = {
            "name": name_of(name),
            "timezone": timezone_of(timezone),
            "language": language_of(language),
            "theme": theme_of(theme),
        }
        async with self.store.everywhere() as db:
            await db.execute(update(Person).where(Person.id == caller.person_id).values(facts))

    async def deeds(self, actor: Actor, *, before: int | None = None, limit: int = 100) -> list[DeedShown]:
        """Who did what, the newest first, before the deed `before`; for owners. Raises `NotAllowed`."""
        require(actor, "owner")
        async with self.store.workspace(actor.workspace_id) as db:
            return await book.lines(db, actor.workspace_id, before, limit)


async def held_roles(db: AsyncSession, actor: Actor, *, leaving: bool = False) -> dict[int, Role]:
    """Everybody's role, held to the end of the transaction, so that of two owners one always stays.

    Raises `NotAllowed` where the actor is no owner any more.
    """
    query = (
        select(Member.person_id, Member.role)
        .where(Member.workspace_id == actor.workspace_id)
        .order_by(Member.person_id)
        .with_for_update()
    )
    roles = {person_id: role_of(role) for person_id, role in (await db.execute(query)).all()}
    if not leaving and actor.person_id is not None and roles.get(actor.person_id) != "owner":
        raise NotAllowed("owner")
    return roles


def _keep_an_owner(roles: dict[int, Role]) -> None:
    """Raises `Conflict` where these would be all the roles."""
    if "owner" not in roles.values():
        raise Conflict("A workspace keeps at least one owner; make somebody else one first.")


def _member(actor: Actor, person_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Member.workspace_id == actor.workspace_id, Member.person_id == person_id


async def _email(db: AsyncSession, person_id: int) -> str:
    return str(await db.scalar(select(Person.email).where(Person.id == person_id)))
