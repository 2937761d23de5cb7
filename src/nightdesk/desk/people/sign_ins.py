"""Signing in: by the password and, where the person has a second factor, by a code after it."""

import logging
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from nightdesk.desk.errors import DeskError
from nightdesk.desk.people.book import note
from nightdesk.desk.people.codes import Codes, Given
from nightdesk.desk.people.doorkeeper import Doorkeeper, WrongPassword
from nightdesk.desk.people.fields import folded_email
from nightdesk.desk.people.roles import Holder, Newcomer
from nightdesk.desk.people.tokens import CODE_WITHIN, Browser, is_token, let_in, open_session
from nightdesk.kit import ids
from nightdesk.store.tables.people import Person, SignIn

_log = logging.getLogger(__name__)


class SignInOver(DeskError):
    """The sign-in that the code is for has ended: too much time passed, or the password was changed."""

    def __init__(self) -> None:
        super().__init__("Too much time has passed since the password was given. Sign in once more.")


@dataclass(frozen=True)
class SignIns:
    """The two steps of coming in. What lies between them is a token of its own, which opens nothing else."""

    doorkeeper: Doorkeeper

    @property
    def codes(self) -> Codes:
        return Codes(self.doorkeeper)

    async def sign_in(self, email: str, password: str, address: str, agent: str) -> str:
        """A new session's token; the session that the browser had before is for the face to end.

        The same sentence and the same time whether the address is unknown or the password wrong. Raises
        `WrongPassword`, `TooManyGuesses`, or `CodeWanted`, whose token is for `finish`.
        """
        checked = await self.doorkeeper.check(folded_email(email), password, address)
        known, at = checked.known, self.doorkeeper.clock.now()
        if known.workspace_id is None:
            raise WrongPassword
        try:
            async with self.doorkeeper.store.everywhere() as db:
                await self.doorkeeper.hold(db, checked)
                browser = Browser(address, agent)
                opened = await let_in(db, known.workspace_id, known.person_id, browser, at)
                if opened.waits:
                    facts = {"action": "code_wanted", "person": known.person_id, "address": address}
                    _log.info("password right, code wanted", extra=facts)
                else:
                    who = Newcomer(known.person_id, known.name, address)
                    await note(db, known.workspace_id, who, "signed_in", at)
        except IntegrityError as error:
            # Removed from the workspace while the password was being checked.
            raise WrongPassword from error
        return opened.session()

    async def is_waiting(self, token: str) -> bool:
        """Whether that sign-in still waits for its code."""
        return await self._holder(token, "") is not None

    async def finish(self, token: str, code: str, address: str, agent: str) -> str:
        """A new session's token, for the code of the app or a recovery code.

        Raises `SignInOver`, `TooManyGuesses`, or `WrongCode`, after which it may be tried again.
        """
        holder = await self._holder(token, address)
        if holder is None:
            raise SignInOver
        given = await self.codes.check(holder, code)
        return await self._come_in(given, token, Browser(address, agent))

    async def _come_in(self, given: Given, token: str, browser: Browser) -> str:
        at, holder = self.doorkeeper.clock.now(), given.holder
        mine = delete(SignIn).where(SignIn.hash == ids.hash_token(token)).returning(SignIn.id)
        there = (holder.workspace_id, holder.person_id)
        try:
            async with self.doorkeeper.store.everywhere() as db:
                if await db.scalar(mine) is None:
                    raise SignInOver
                await self.codes.hold(db, given)
                opened = await open_session(db, *there, browser, at, second_factor=True)
                await note(db, holder.workspace_id, holder, "signed_in", at)
                await self.codes.note_use(db, given, at)
                return opened
        except IntegrityError as error:
            # Removed from the workspace meanwhile.
            raise SignInOver from error

    async def _holder(self, token: str, address: str) -> Holder | None:
        """Whose sign-in it is, while it waits; anything that is no token costs no look-up."""
        if not is_token(token):
            return None
        since = self.doorkeeper.clock.now() - CODE_WITHIN
        query = (
            select(SignIn.person_id, Person.name, SignIn.workspace_id, Person.email)
            .join(Person, Person.id == SignIn.person_id)
            .where(SignIn.hash == ids.hash_token(token), SignIn.made_at > since)
        )
        async with self.doorkeeper.store.everywhere() as db:
            row = (await db.execute(query)).one_or_none()
        return Holder(row[0], row[1], address, row[2], row[3]) if row else None
