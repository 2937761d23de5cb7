"""A book of credits kept in a dictionary, and the operations that it and the real ledger are asked alike."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.store import ledger
from nightdesk.store.session import Store

ACCOUNTS = ("source", "wallet", "held", "spent")


class Void(Exception):
    """The whole transaction comes to nothing; the argument names the error that says so."""


@dataclass
class Book:
    """What the ledger should hold: the movements by key, from which every balance follows."""

    moved: dict[str, tuple[str, str, str, int]] = field(default_factory=dict)

    def balance(self, account: str) -> int:
        return sum(
            amount * ((credit == account) - (debit == account))
            for _, debit, credit, amount in self.moved.values()
        )

    def move(self, key: str, kind: str, debit: str, credit: str, amount: int) -> bool:
        if key in self.moved:
            return False
        if debit != "source" and self.balance(debit) < amount:
            raise Void("IntegrityError")
        self.moved[key] = (kind, debit, credit, amount)
        return True


@dataclass(frozen=True)
class Grant:
    key: str
    amount: int

    def expect(self, book: Book) -> Any:
        return book.move(f"grant:{self.key}", "grant", "source", "wallet", self.amount)

    async def ask(self, session: AsyncSession, workspace: int) -> Any:
        return await ledger.grant(session, workspace, self.key, self.amount)


@dataclass(frozen=True)
class Adjust:
    key: str
    amount: int

    def expect(self, book: Book) -> Any:
        key = f"adjust:{self.key}"
        if key not in book.moved and book.balance("spent") < self.amount:
            return ("refused", self.amount, book.balance("spent"))
        return book.move(key, "adjust", "spent", "wallet", self.amount)

    async def ask(self, session: AsyncSession, workspace: int) -> Any:
        try:
            return await ledger.adjust(session, workspace, self.key, self.amount)
        except ledger.MoreThanCharged as error:
            return ("refused", error.asked, error.charged)


@dataclass(frozen=True)
class Hold:
    key: str
    amount: int

    def expect(self, book: Book) -> Any:
        if self.amount == 0 or f"{self.key}:hold" in book.moved:
            return "held"
        if book.balance("wallet") < self.amount:
            return ("refused", self.amount, book.balance("wallet"))
        book.move(f"{self.key}:hold", "hold", "wallet", "held", self.amount)
        return "held"

    async def ask(self, session: AsyncSession, workspace: int) -> Any:
        try:
            await ledger.hold(session, workspace, self.key, self.amount, None, None)
        except ledger.NotEnoughCredits as error:
            return ("refused", error.needed, error.available)
        return "held"


@dataclass(frozen=True)
class Settle:
    """`held` is what the caller believes to be held; `cost` what is to be charged."""

    key: str
    held: int
    cost: int

    def expect(self, book: Book) -> Any:
        if any(f"{self.key}:{end}" in book.moved for end in ("charge", "release", "beyond")):
            return 0
        in_book = book.moved.get(f"{self.key}:hold", ("", "", "", 0))[3]
        if in_book != self.held:
            raise Void("DataError")
        charged = min(self.held, self.cost)
        beyond = min(self.cost - charged, book.balance("wallet"))
        if charged:
            book.move(f"{self.key}:charge", "charge", "held", "spent", charged)
        if self.held > charged:
            book.move(f"{self.key}:release", "release", "held", "wallet", self.held - charged)
        if beyond:
            book.move(f"{self.key}:beyond", "charge", "wallet", "spent", beyond)
        return charged + beyond

    async def ask(self, session: AsyncSession, workspace: int) -> Any:
        return await ledger.settle(session, workspace, self.key, self.held, self.cost, None, None)


Operation = Grant | Adjust | Hold | Settle


class ChangedItsMind(Exception):
    """Raised within a transaction to have it rolled back."""


async def ask(
    store: Store, workspace: int, operations: Sequence[Operation], *, rollback: bool = False
) -> Any:
    """Runs the operations in one transaction; their answers, or the name of the error that voided it."""
    try:
        async with store.workspace(workspace) as session:
            answers = [await operation.ask(session, workspace) for operation in operations]
            if rollback:
                raise ChangedItsMind
    except (IntegrityError, DataError) as error:
        return type(error).__name__
    except ChangedItsMind:
        return "rolled back"
    return answers


def expect(book: Book, operations: Sequence[Operation], *, rollback: bool = False) -> Any:
    """What `ask` should answer, and the book as it should be afterwards."""
    before = dict(book.moved)
    try:
        answers = [operation.expect(book) for operation in operations]
    except Void as void:
        book.moved = before
        return str(void)
    if rollback:
        book.moved = before
        return "rolled back"
    return answers
