"""Checks codes of a second factor: admitted by the same throttle as passwords, and each taken once."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import DeskError
from nightdesk.desk.people import guesses, totp
from nightdesk.desk.people.book import What, note
from nightdesk.desk.people.doorkeeper import Doorkeeper
from nightdesk.desk.people.guesses import Guess
from nightdesk.desk.people.roles import Holder
from nightdesk.kit import ids
from nightdesk.kit.sealing import Sealer, place
from nightdesk.store.tables.people import RecoveryCode, SecondFactor

MOST_MISSES = 100
"""Wrong codes in a row after which codes of the app are not taken any more (NIST SP 800-63B, 5.2.2)."""

_log = logging.getLogger(__name__)


class WrongCode(DeskError):
    """The code is not one that is taken."""

    def __init__(
        self, says: str = "This code is wrong. Give the one that your app shows now; check the phone's clock."
    ) -> None:
        super().__init__(says)


class UnknownRecoveryCode(WrongCode):
    """It is none of the person's recovery codes, or was used."""

    def __init__(self) -> None:
        super().__init__(
            "This recovery code is not known, or was used already; each works once. Take another."
        )


class CodeUsed(WrongCode):
    """The code was right and has been used, by whomever."""

    def __init__(self) -> None:
        super().__init__("This code was used already. Give the next one; it comes within half a minute.")


class AppSilenced(WrongCode):
    """So many wrong codes were given that a recovery code has to come first."""

    def __init__(self) -> None:
        super().__init__(
            f"{MOST_MISSES} wrong codes were given in a row, so codes of the app are not taken any more. A "
            "recovery code still is; or have an owner take your second factor off."
        )


@dataclass(frozen=True)
class Given:
    """A code that was right: of the app at `step`, else the recovery code of that hash.

    `kept` is the sealed secret as it was read, `newer` what to keep instead where its seal is old.
    """

    holder: Holder
    guess: Guess
    kept: str
    newer: str | None = None
    step: int | None = None
    hash: str = ""


@dataclass(frozen=True)
class Codes:
    """Looks codes up for people of all workspaces, once their password was right."""

    doorkeeper: Doorkeeper

    async def check(self, holder: Holder, code: str) -> Given:
        """Raises `TooManyGuesses`, `WrongCode`, `CodeUsed`, `AppSilenced`; each refusal is written down."""
        at = self.doorkeeper.clock.now()
        guess = await guesses.admit(self.doorkeeper.store, holder.email, holder.address, at)
        bare, hashed = totp.typed(code), ids.hash_token(totp.typed(code))
        factor, known = await self._read(holder.person_id, hashed)
        if factor is None:
            raise WrongCode
        if known:
            return Given(holder, guess, factor.sealed, hash=hashed)
        refused: WrongCode = WrongCode() if bare.isdecimal() or not bare else UnknownRecoveryCode()
        if factor.misses >= MOST_MISSES:
            refused = AppSilenced()
        elif totp.is_app_code(bare):
            secret, newer = await asyncio.to_thread(opened, self.doorkeeper.sealer, factor)
            step = totp.step_of(secret, bare, at)
            if step is not None and step > factor.last_step:
                return Given(holder, guess, factor.sealed, newer, step)
            refused = CodeUsed() if step is not None else refused
        await self._write_down(holder, refused, at)
        raise refused

    async def _read(self, person_id: int, hashed: str) -> tuple[SecondFactor | None, bool]:
        """The factor, where it is confirmed, and whether there is a recovery code of that hash."""
        known = exists().where(RecoveryCode.person_id == person_id, RecoveryCode.hash == hashed)
        of_person = (SecondFactor.person_id == person_id, SecondFactor.confirmed_at.is_not(None))
        async with self.doorkeeper.store.everywhere() as db:
            row = (await db.execute(select(SecondFactor, known).where(*of_person))).one_or_none()
        return (row[0], row[1]) if row else (None, False)

    async def _write_down(self, holder: Holder, refused: WrongCode, at: datetime) -> None:
        """Counts a miss, in the log and in the book; of a code used twice its holder is told (ASVS 2.8.5)."""
        what: What = "code_reused" if isinstance(refused, CodeUsed) else "code_refused"
        facts = {"action": what, "person": holder.person_id, "address": holder.address}
        _log.warning("code refused", extra=facts)
        missed = update(SecondFactor).where(SecondFactor.person_id == holder.person_id)
        async with self.doorkeeper.store.everywhere() as db:
            await db.execute(missed.values(misses=SecondFactor.misses + 1))
            await note(db, holder.workspace_id, holder, what, at)

    async def hold(self, db: AsyncSession, given: Given) -> None:
        """Uses the code up: of several who come with it at once, one is let through. Raises `CodeUsed`."""
        of_person = SecondFactor.person_id == given.holder.person_id
        still = [of_person, SecondFactor.sealed == given.kept, SecondFactor.confirmed_at.is_not(None)]
        facts: dict[str, object] = {"misses": 0, "sealed": given.newer or given.kept}
        if given.step is not None:
            still.append(SecondFactor.last_step < given.step)
            facts["last_step"] = given.step
        taken = update(SecondFactor).where(*still).values(facts).returning(SecondFactor.person_id)
        if await db.scalar(taken) is None or not await self._recovery_used(db, given):
            _log.warning("code refused", extra={"action": "code_reused", "person": given.holder.person_id})
            raise CodeUsed
        await guesses.forget(db, given.guess)

    async def _recovery_used(self, db: AsyncSession, given: Given) -> bool:
        if not given.hash:
            return True
        mine = (RecoveryCode.person_id == given.holder.person_id, RecoveryCode.hash == given.hash)
        return await db.scalar(delete(RecoveryCode).where(*mine).returning(RecoveryCode.hash)) is not None

    async def note_use(self, db: AsyncSession, given: Given, at: datetime) -> None:
        """That a recovery code was used is told at the next sign-in."""
        if given.hash:
            await note(db, given.holder.workspace_id, given.holder, "recovery_code_used", at)


def factor_place(person_id: int) -> str:
    """Where a person's secret is sealed to."""
    return place("installation", "second_factors", person_id, "sealed")


def opened(sealer: Sealer, factor: SecondFactor) -> tuple[str, str | None]:
    """The secret, and what to keep of it instead where its seal is old; may wait for a key vault."""
    where = factor_place(factor.person_id)
    secret = sealer.open(factor.sealed, where)
    return secret, sealer.seal(secret, where) if sealer.is_old(factor.sealed) else None
