"""The book of credits: grants, holds, charges and releases, each under a key that makes it happen once.

The movements themselves are done by the database function `credit_move` (migrations/sql/ledger.sql): it
writes the transfer, and only if that key is new, moves the balances.
"""

from dataclasses import dataclass
from uuid import UUID

from psycopg.errors import CheckViolation
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.store.tables.money import CreditAccount

_MOVE = text(
    "select credit_move(:workspace, :key, :kind, :debit, :credit, :amount, null, null, :note)"
).columns()
_HOLD = text("select credit_hold(:workspace, :key, :amount, :run, :batch)").columns()
_SETTLE = text("select credit_settle(:workspace, :key, :held, :cost, :run, :batch)").columns()


class NotEnoughCredits(Exception):
    """The workspace's credits do not cover this; grant more, or ask for less."""

    def __init__(self, needed: int, available: int) -> None:
        self.needed, self.available = needed, available
        super().__init__(f"{needed} credits are needed and {available} are left; grant more to go on.")


class MoreThanCharged(Exception):
    """More credits were to be given back than the workspace was charged for; ask for less."""

    def __init__(self, asked: int, charged: int) -> None:
        self.asked, self.charged = asked, charged
        super().__init__(f"{asked} credits cannot be given back: {charged} were charged. Give back no more.")


@dataclass(frozen=True)
class Balances:
    """What a workspace has: free to use, set aside for batches in hand, and spent."""

    wallet: int
    held: int
    spent: int
    granted: int


async def balances(session: AsyncSession, workspace_id: int) -> Balances:
    rows = await session.execute(
        select(CreditAccount.kind, CreditAccount.balance).where(CreditAccount.workspace_id == workspace_id)
    )
    found = {row.kind: row.balance for row in rows}
    return Balances(
        found.get("wallet", 0), found.get("held", 0), found.get("spent", 0), -found.get("source", 0)
    )


async def grant(session: AsyncSession, workspace_id: int, key: str, amount: int, note: str = "") -> bool:
    """Gives the workspace credits; False if that key was used before."""
    return await _move(session, workspace_id, f"grant:{key}", "grant", ("source", "wallet"), amount, note)


async def adjust(session: AsyncSession, workspace_id: int, key: str, amount: int, note: str = "") -> bool:
    """Gives back `amount` of what was charged, as an entry of its own; False if that key was used before.

    Raises `MoreThanCharged`, and then nothing has moved.
    """
    sides = ("spent", "wallet")
    try:
        async with session.begin_nested():
            return await _move(session, workspace_id, f"adjust:{key}", "adjust", sides, amount, note)
    except IntegrityError as error:
        if not isinstance(error.orig, CheckViolation):
            raise
        raise MoreThanCharged(amount, (await balances(session, workspace_id)).spent) from error


async def hold(
    session: AsyncSession, workspace_id: int, key: str, amount: int, run: UUID | None, batch: int | None
) -> None:
    """Sets credits aside. Raises `NotEnoughCredits`, and then nothing has moved."""
    done = await session.scalar(
        _HOLD, {"workspace": workspace_id, "key": key, "amount": amount, "run": run, "batch": batch}
    )
    if not done:
        raise NotEnoughCredits(amount, (await balances(session, workspace_id)).wallet)


async def settle(
    session: AsyncSession,
    workspace_id: int,
    key: str,
    held: int,
    cost: int,
    run: UUID | None,
    batch: int | None,
) -> int:
    """Closes a hold of `held`: charges `cost` and releases the rest; returns what was charged.

    Where `cost` is more than was held, the difference comes from the wallet as far as it reaches.
    """
    charged: int = (
        await session.execute(
            _SETTLE,
            {"workspace": workspace_id, "key": key, "held": held, "cost": cost, "run": run, "batch": batch},
        )
    ).scalar_one()
    return charged


async def _move(
    session: AsyncSession,
    workspace_id: int,
    key: str,
    kind: str,
    sides: tuple[str, str],
    amount: int,
    note: str,
) -> bool:
    if amount <= 0:
        raise ValueError(f"An amount of credits is a whole number from 1, not {amount}.")
    values = {"workspace": workspace_id, "key": key, "kind": kind, "debit": sides[0], "credit": sides[1]}
    done: bool = (await session.execute(_MOVE, values | {"amount": amount, "note": note})).scalar_one()
    return done
