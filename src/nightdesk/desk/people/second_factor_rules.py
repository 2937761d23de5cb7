"""What owners say about second factors: whether the workspace wants them, and whose is taken off."""

from dataclasses import dataclass

from sqlalchemy import delete, exists, select, update

from nightdesk.desk.errors import Conflict, NotFound
from nightdesk.desk.people.book import What, note
from nightdesk.desk.people.fields import number_of
from nightdesk.desk.people.persons import held_roles
from nightdesk.desk.people.roles import Actor, Caller, require
from nightdesk.desk.people.second_factor import OwnFactor, forget_factor
from nightdesk.store.tables.people import Member, Person, SecondFactor, Session
from nightdesk.store.tables.tenancy import Workspace


@dataclass(frozen=True)
class SecondFactors(OwnFactor):
    """Everybody's own, and the owners' rules."""

    async def wanted(self, workspace_id: int) -> bool:
        """Whether owners and editors of the workspace need one."""
        async with self.doorkeeper.store.workspace(workspace_id) as db:
            query = select(Workspace.second_factor).where(Workspace.id == workspace_id)
            return bool(await db.scalar(query))

    async def want(self, actor: Actor, wanted: bool) -> None:
        """Has owners and editors need one from their next request on, or no longer.

        Raises `NotAllowed`, or `Conflict` where the caller has none and would be held too.
        """
        require(actor, "owner")
        if wanted and isinstance(actor, Caller) and not actor.second_factor:
            raise Conflict(
                "Set up your own second factor first, on your account page; nobody would be left to help. "
                "Nothing was changed."
            )
        async with self.doorkeeper.store.workspace(actor.workspace_id) as db:
            await held_roles(db, actor)
            changed = update(Workspace).where(
                Workspace.id == actor.workspace_id, Workspace.second_factor.is_not(wanted)
            )
            if await db.scalar(changed.values(second_factor=wanted).returning(Workspace.id)) is None:
                return
            at = self.doorkeeper.clock.now()
            what: What = "second_factor_wanted" if wanted else "second_factor_not_wanted"
            await note(db, actor.workspace_id, actor, what, at)

    async def holders(self, actor: Actor) -> frozenset[int]:
        """The members of the workspace who have one. Raises `NotAllowed` to all but owners."""
        require(actor, "owner")
        query = (
            select(SecondFactor.person_id)
            .join(Member, Member.person_id == SecondFactor.person_id)
            .where(Member.workspace_id == actor.workspace_id, SecondFactor.confirmed_at.is_not(None))
        )
        async with self.doorkeeper.store.everywhere() as db:
            return frozenset(await db.scalars(query))

    async def take_off(self, actor: Actor, person_id: int) -> None:
        """Takes it off a member who lost the device; all their sessions end, and they are told.

        Raises `NotAllowed`, `NotFound`, or `Conflict`: one's own is turned off at the account page, and
        that of somebody who belongs to other workspaces too by the operator alone.
        """
        require(actor, "owner")
        if person_id == actor.person_id:
            raise Conflict("Turn your own second factor off at your account page, with password and code.")
        async with self.doorkeeper.store.everywhere() as db:
            if number_of("person", person_id) not in await held_roles(db, actor):
                raise NotFound("person")
            other = (Member.person_id == person_id, Member.workspace_id != actor.workspace_id)
            if isinstance(actor, Caller) and await db.scalar(select(exists().where(*other))):
                raise Conflict(
                    "This person belongs to another workspace too, so whoever runs this desk has to do it: "
                    "`nightdesk people second-factor off EMAIL`. Nothing was changed."
                )
            if not await forget_factor(db, person_id):
                raise NotFound("second factor")
            await db.execute(delete(Session).where(Session.person_id == person_id))
            email = str(await db.scalar(select(Person.email).where(Person.id == person_id)))
            at = self.doorkeeper.clock.now()
            await note(db, actor.workspace_id, actor, "second_factor_taken_off", at, email)
