"""One's own second factor: set up with an app, confirmed by a code, turned off; recovery codes made anew."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict
from nightdesk.desk.people import guesses, totp
from nightdesk.desk.people.book import What, note
from nightdesk.desk.people.codes import Codes, Given, WrongCode, factor_place, opened
from nightdesk.desk.people.doorkeeper import Checked, Doorkeeper
from nightdesk.desk.people.roles import Caller, Holder
from nightdesk.desk.people.tokens import renew_session
from nightdesk.kit import ids
from nightdesk.store.tables.people import Password, RecoveryCode, SecondFactor, Session, SignIn

SET_UP_WITHIN = timedelta(minutes=15)
"""So long after it was shown a new secret may be confirmed."""


@dataclass(frozen=True)
class SetUp:
    """What an app is to be told, shown this once: an `otpauth:` address for a picture, and as text."""

    address: str
    key: str


@dataclass(frozen=True)
class FactorShown:
    """How things stand: `since` where it is on."""

    since: datetime | None
    codes_left: int


@dataclass(frozen=True)
class Confirmed:
    """It is on: the session goes on under `token`, and the recovery codes are shown this once."""

    token: str
    recovery_codes: list[str]


@dataclass(frozen=True)
class OwnFactor:
    """What a person does about their own. It holds in all workspaces, and is therefore let see them all."""

    doorkeeper: Doorkeeper

    @property
    def codes(self) -> Codes:
        return Codes(self.doorkeeper)

    async def state(self, caller: Caller) -> FactorShown:
        """What to show on the caller's page."""
        left = select(func.count()).where(RecoveryCode.person_id == caller.person_id).scalar_subquery()
        query = select(SecondFactor.confirmed_at, left).where(SecondFactor.person_id == caller.person_id)
        async with self.doorkeeper.store.everywhere() as db:
            row = (await db.execute(query)).one_or_none()
        return FactorShown(*row) if row else FactorShown(None, 0)

    async def begin(self, caller: Caller, password: str) -> SetUp:
        """Makes a secret, which holds only when a code confirmed it; one made before is void.

        It is told to who showed the password, and to no other session of theirs. Raises
        `WrongPassword`, `TooManyGuesses`, or `Conflict` where a second factor is on.
        """
        checked = await self.doorkeeper.check(caller.email, password, caller.address)
        key, place = totp.new_secret(), factor_place(caller.person_id)
        sealed = await asyncio.to_thread(self.doorkeeper.sealer.seal, key, place)
        facts = {"sealed": sealed, "made_at": self.doorkeeper.clock.now()}
        new = insert(SecondFactor).values(person_id=caller.person_id, **facts)
        unconfirmed = SecondFactor.confirmed_at.is_(None)
        kept = new.on_conflict_do_update(index_elements=["person_id"], set_=facts, where=unconfirmed)
        async with self.doorkeeper.store.everywhere() as db:
            if await db.scalar(kept.returning(SecondFactor.person_id)) is None:
                raise Conflict("A second factor is on already; turn it off to set up another app.")
            await self.doorkeeper.hold(db, checked)
        return SetUp(totp.address_for(key, caller.email), key)

    async def confirm(self, caller: Caller, code: str) -> Confirmed:
        """Turns it on: ends all other sessions and renews this one. Raises `WrongCode`, `Conflict`.

        The code is used by this; the first sign-in needs the next one.
        """
        at = self.doorkeeper.clock.now()
        async with self.doorkeeper.store.everywhere() as db:
            factor = await db.get(SecondFactor, caller.person_id)
        if factor is None or factor.confirmed_at or factor.made_at <= at - SET_UP_WITHIN:
            raise Conflict("Too much time has passed since you began. Nothing was changed; begin once more.")
        secret, _ = await asyncio.to_thread(opened, self.doorkeeper.sealer, factor)
        step = totp.step_of(secret, totp.typed(code), at)
        if step is None:
            raise WrongCode
        async with self.doorkeeper.store.everywhere() as db:
            await self._turn_on(db, factor, step, at)
            await note(db, caller.workspace_id, caller, "second_factor_on", at)
            recovery_codes = await self._new_codes(db, caller.person_id)
            token = await renew_session(db, caller, true(), at, second_factor=True)
            return Confirmed(token, recovery_codes)

    async def _turn_on(self, db: AsyncSession, factor: SecondFactor, step: int, at: datetime) -> None:
        still = (SecondFactor.sealed == factor.sealed, SecondFactor.confirmed_at.is_(None))
        of_person = SecondFactor.person_id == factor.person_id
        facts = {"confirmed_at": at, "last_step": step, "misses": 0}
        on = update(SecondFactor).where(of_person, *still).values(facts).returning(SecondFactor.person_id)
        if await db.scalar(on) is None:
            raise Conflict("This was begun anew elsewhere; go on there, or begin once more.")
        # Whoever signs in by the password alone does so before this, and is signed out, or after it.
        await db.execute(select(1).where(Password.person_id == factor.person_id).with_for_update())

    async def renew_codes(self, caller: Caller, password: str, code: str) -> list[str]:
        """Ten new recovery codes; those before are void. Raises as `turn_off`."""
        checked, given = await self._proven(caller, password, code)
        async with self.doorkeeper.store.everywhere() as db:
            await self._hold(db, checked, given, "recovery_codes_made")
            return await self._new_codes(db, caller.person_id)

    async def turn_off(self, caller: Caller, password: str, code: str) -> None:
        """Forgets secret and recovery codes; one of these will do as the code.

        Raises `WrongPassword`, `TooManyGuesses`, `WrongCode`; nothing was changed then.
        """
        checked, given = await self._proven(caller, password, code)
        async with self.doorkeeper.store.everywhere() as db:
            await self._hold(db, checked, given, "second_factor_off")
            await forget_factor(db, caller.person_id)

    async def _proven(self, caller: Caller, password: str, code: str) -> tuple[Checked, Given]:
        checked = await self.doorkeeper.check(caller.email, password, caller.address)
        # The password was no guess, whatever the code is.
        async with self.doorkeeper.store.everywhere() as db:
            await guesses.forget(db, checked.guess)
        return checked, await self.codes.check(Holder.of(caller), code)

    async def _hold(self, db: AsyncSession, checked: Checked, given: Given, what: What) -> None:
        """The second factor first, as everywhere, so that of two who wait neither waits for the other."""
        await self.codes.hold(db, given)
        await self.doorkeeper.hold(db, checked)
        at = self.doorkeeper.clock.now()
        await self.codes.note_use(db, given, at)
        await note(db, given.holder.workspace_id, given.holder, what, at)

    async def _new_codes(self, db: AsyncSession, person_id: int) -> list[str]:
        codes = totp.new_recovery_codes()
        rows = [{"person_id": person_id, "hash": ids.hash_token(totp.typed(code))} for code in codes]
        await db.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
        await db.execute(insert(RecoveryCode), rows)
        return codes


async def forget_factor(db: AsyncSession, person_id: int) -> bool:
    """Whether there was one that was on; no session counts as opened with it any more."""
    was = select(SecondFactor.confirmed_at).where(SecondFactor.person_id == person_id).with_for_update()
    confirmed = await db.scalar(was)
    await db.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))
    await db.execute(delete(SignIn).where(SignIn.person_id == person_id))
    mine = update(Session).where(Session.person_id == person_id)
    await db.execute(mine.values(second_factor=False))
    return confirmed is not None
