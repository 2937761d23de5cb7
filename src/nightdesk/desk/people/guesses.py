"""The throttle: how many passwords are checked for an account and from an address in a quarter of an hour."""

import hashlib
import ipaddress
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.errors import LockNotAvailable
from sqlalchemy import Interval, cast, func, literal, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import DeskError
from nightdesk.store.session import Store

SPAN = timedelta(minutes=15)
PER_ACCOUNT, PER_ADDRESS = 10, 50
RUSH = timedelta(minutes=1)

_log = logging.getLogger(__name__)


class TooManyGuesses(DeskError):
    """No guess at this account, or from this address, is checked before `until`."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(
            "Too many attempts for now; this one was not checked. Sessions that are open stay open. "
            "Try again in a few minutes."
        )


@dataclass(frozen=True)
class Guess:
    """A guess that was admitted and counted."""

    account: str
    address: str
    at: datetime


async def admit(store: Store, email: str, address: str, at: datetime) -> Guess:
    """Counts a guess at the password of `email`, known or not. Raises `TooManyGuesses`."""
    guess = Guess(account_of(email), network_of(address), at)
    asked = func.admit_guess(
        guess.account, guess.address, at, PER_ACCOUNT, PER_ADDRESS, cast(literal(SPAN), Interval)
    )
    until: datetime | None
    try:
        async with store.nobody() as db:
            until = await db.scalar(asked)
    except OperationalError as error:
        if not isinstance(error.orig, LockNotAvailable):
            raise
        # So many guess at once that this one's turn did not come in time.
        until = at + RUSH
    if until is not None:
        _log.warning("sign-in held back", extra={"action": "sign_in_held_back", "address": address})
        raise TooManyGuesses(until)
    return guess


_FORGET = text(
    "update guesses set checked = checked[1 : array_position(checked, :at) - 1]"
    " || checked[array_position(checked, :at) + 1 : cardinality(checked)]"
    " where subject = :subject and :at = any (checked)"
)


async def forget(db: AsyncSession, guess: Guess) -> None:
    """It was no guess: the password was right. Others stay counted, whoever made them.

    The address first, as in `admit_guess`, so that of two who wait neither waits for the other.
    """
    for subject in (guess.address, guess.account):
        await db.execute(_FORGET, {"subject": subject, "at": guess.at})


def account_of(email: str) -> str:
    """What is counted for an account: not the address itself, which need not be anybody's."""
    return f"account {hashlib.sha256(email.encode('utf-8', 'surrogatepass')).hexdigest()}"


def network_of(address: str) -> str:
    """What is counted for an address; of IPv6 the 64 bits that one subscriber has in full."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return f"address {address[:100]}"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return f"address {found.ipv4_mapped}"
        return f"address {ipaddress.ip_network((found.packed, 64), strict=False)}"
    return f"address {found}"
