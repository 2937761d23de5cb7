"""Checks passwords: admitted by the throttle, once for everybody, and still true when the door opens."""

import logging
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import DeskError
from nightdesk.desk.people import guesses
from nightdesk.desk.people.guesses import Guess
from nightdesk.desk.people.passwords import Passwords
from nightdesk.kit.clock import Clock
from nightdesk.kit.sealing import Sealer
from nightdesk.store.session import Store
from nightdesk.store.tables.people import Member, Password, Person
from nightdesk.store.tables.tenancy import Workspace

_log = logging.getLogger(__name__)


class WrongPassword(DeskError):
    """The e-mail address or the password is wrong."""

    def __init__(self) -> None:
        super().__init__("The e-mail address or the password is wrong. Nothing was changed; try again.")


@dataclass(frozen=True)
class Known:
    """Who has an e-mail address; the workspace is the first that they belong to."""

    person_id: int
    name: str
    hash: str | None
    workspace_id: int | None


@dataclass(frozen=True)
class Checked:
    """A password that was right, with the hash to keep instead where the old one has become weak."""

    known: Known
    newer: str | None
    guess: Guess


@dataclass(frozen=True)
class Doorkeeper:
    """Asks before any tenant is known, and is therefore let see all of them."""

    store: Store
    clock: Clock
    passwords: Passwords

    @property
    def sealer(self) -> Sealer:
        return self.passwords.sealer

    async def find(self, email: str) -> Known | None:
        """Who has that address, in lower case."""
        first = select(func.min(Member.workspace_id)).where(Member.person_id == Person.id).scalar_subquery()
        query = (
            select(Person.id, Person.name, Password.hash, first)
            .outerjoin(Password, Password.person_id == Person.id)
            .where(Person.email == email)
        )
        async with self.store.everywhere() as db:
            row = (await db.execute(query)).one_or_none()
        return Known(*row) if row else None

    async def workspace_name(self, workspace_id: int) -> str:
        async with self.store.workspace(workspace_id) as db:
            return str(await db.scalar(select(Workspace.name).where(Workspace.id == workspace_id)))

    async def check(self, email: str, password: str, address: str) -> Checked:
        """Raises `TooManyGuesses`, or `WrongPassword` after the same work for whoever it is."""
        guess = await guesses.admit(self.store, email, address, self.clock.now())
        known = await self.find(email)
        right, newer = await self.passwords.check(password, known.hash if known else None)
        if known is None or not right:
            person = known.person_id if known else None
            _log.warning(
                "sign-in refused", extra={"action": "sign_in_refused", "person": person, "address": address}
            )
            raise WrongPassword
        return Checked(known, newer, guess)

    async def hold(self, db: AsyncSession, checked: Checked) -> None:
        """Makes sure, to the end of the transaction, that the password checked is still the person's.

        Raises `WrongPassword`.
        """
        known, of_person = checked.known, Password.person_id == checked.known.person_id
        kept = await db.scalar(select(Password.hash).where(of_person).with_for_update())
        if kept is None or kept != known.hash:
            raise WrongPassword
        if checked.newer:
            await db.execute(update(Password).where(of_person).values(hash=checked.newer))
        await guesses.forget(db, checked.guess)
