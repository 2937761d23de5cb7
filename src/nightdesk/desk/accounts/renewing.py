"""Renews the log-in of an account: one asks the platform at a time, and what is new is kept before use."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.kit.points import reach
from nightdesk.publisher import Asking, Renewed, Unrenewed
from nightdesk.store.session import Store
from nightdesk.store.tables.publishing import Account

ASKING_SECONDS = 20.0
"""What the platform may take to answer."""

WAITING_SECONDS = 25
"""What another may wait for whoever asks: a little longer than asking takes."""

MOST_DECLINED = 2
"""Times that the platform declines the same secrets before a person is asked (PROMISES §3)."""

MOST_KEEPING, KEEPING_PAUSE = 5, 1.0
"""Times that new secrets are tried to be kept, and seconds before the second, twice as many each time."""

AGAIN = 60.0
"""Seconds until it is asked once more."""

AWAY = (DBAPIError, PoolTimeout)
"""The server is gone, a lock took too long to get, a transaction was ended for being idle, or all connections
are in use."""

# The row itself is not held while the platform is asked: what goes out to the account has to be settled
# meanwhile. The lock is of the account, ends with its transaction, and holds in all processes.
_ALONE = text("select pg_advisory_xact_lock(hashtextextended('log-in', :account))")
_PATIENT = text(
    f"select set_config('lock_timeout', '{WAITING_SECONDS}s', true), "
    f"set_config('idle_in_transaction_session_timeout', '{2 * WAITING_SECONDS}s', true)"
)


class Secrets(Protocol):
    """Opens and seals the secrets of accounts."""

    @property
    def store(self) -> Store:
        """Where accounts are kept."""

    async def secrets(self, account: Account) -> dict[str, str]:
        """Plain. Raises `NeedsPerson`, `Later`."""

    async def sealed(self, account: Account, secrets: Mapping[str, str]) -> str | None:
        """As the account's column keeps them."""


class Renewals:
    """Renews the log-in of one account."""

    def __init__(self, secrets: Secrets, account: Account) -> None:
        self._secrets, self._store, self._account = secrets, secrets.store, account

    async def renew(self, used: Mapping[str, str], ask: Asking) -> Mapping[str, str]:
        """As `Login.renew`. Once it is asked it goes on to its end: the old secrets may be void already."""
        task = asyncio.create_task(self._alone(used, ask))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait({task})
            raise

    async def _alone(self, used: Mapping[str, str], ask: Asking) -> dict[str, str]:
        found: dict[str, str] | None = None
        try:
            async with self._store.workspace(self._account.workspace_id) as session:
                await session.execute(_PATIENT)
                await session.execute(_ALONE, {"account": self._account.id})
                found = await self._newer(used, ask)
        except AWAY as error:
            # What was renewed is kept by then: the transaction that ends here holds nothing but the lock.
            if found is None:
                why = "The log-in could not be renewed just now: the database is away, or another is at it."
                raise Later(why, 30) from error
        return found

    async def _newer(self, used: Mapping[str, str], ask: Asking) -> dict[str, str]:
        kept = await self._kept()
        if kept != dict(used):
            return kept
        reach("accounts.renew.before")
        try:
            async with asyncio.timeout(ASKING_SECONDS):
                renewed = await ask(kept)
        except TimeoutError:
            raise Later("The platform did not renew the log-in in time.") from None
        except Unrenewed as ending:
            return await self._declined(kept, ending)
        reach("accounts.renew.after")
        return await self._surely_kept(kept, renewed)

    async def _kept(self) -> dict[str, str]:
        async with self._store.workspace(self._account.workspace_id) as session:
            return await self._secrets.secrets(await _row(session, self._account))

    async def _surely_kept(self, used: dict[str, str], renewed: Renewed) -> dict[str, str]:
        """Tries it again where the database is away for a moment: the platform gives these secrets once."""
        for number in range(MOST_KEEPING - 1):
            with contextlib.suppress(*AWAY):
                return await self._keep(used, renewed)
            await asyncio.sleep(KEEPING_PAUSE * 2**number)
        return await self._keep(used, renewed)

    async def _keep(self, used: dict[str, str], renewed: Renewed) -> dict[str, str]:
        """Keeps what is new, unless a person has given something else meanwhile."""
        secrets = {**used, **renewed.secrets}
        sealed = await self._secrets.sealed(self._account, secrets)
        reach("accounts.renewed.before")
        async with self._store.workspace(self._account.workspace_id) as session:
            row = await _row(session, self._account, lock=True)
            there = await self._secrets.secrets(row)
            if there != used:
                return there
            row.sealed, row.failures = sealed, 0
            row.expires_at = renewed.expires_at or row.expires_at
        reach("accounts.renewed.after")
        return secrets

    async def _declined(self, used: dict[str, str], ending: Unrenewed) -> dict[str, str]:
        """Reads the row again: another may have renewed it after all. Else it counts against the log-in."""
        async with self._store.workspace(self._account.workspace_id) as session:
            row = await _row(session, self._account, lock=True)
            there = await self._secrets.secrets(row)
            if there != used:
                return there
            row.failures = failures = row.failures + 1
        if failures >= MOST_DECLINED:
            raise NeedsPerson(ending.why) from ending
        raise Later(f"{ending.why} It is asked once more before the account counts as cut off.", AGAIN)


async def _row(session: AsyncSession, account: Account, *, lock: bool = False) -> Account:
    """Raises `NeedsPerson` where the account was removed."""
    row = await session.get(Account, (account.workspace_id, account.id), with_for_update=lock or None)
    if row is None or row.removed_at is not None:
        raise NeedsPerson("The account was removed.")
    return row
