"""Whatever the ledger is asked, in any order, twice, at once or rolled back: its book stays true (T9)."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

import psycopg
import pytest
from bookkeeping import ACCOUNTS, Adjust, Book, Grant, Hold, Operation, Settle, ask, expect
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.exc import DBAPIError
from sweep.planting import Edit, rewrite

from nightdesk.desk.founding import Founding
from nightdesk.store.session import Store

WALKS, STEPS, COMPARED = 350, 40, 12_000
AMOUNTS = st.integers(1, 60)
KEYS = st.integers(0, 25).map("k{}".format)
_BOOK = """
    select (select jsonb_object_agg(kind, balance) from credit_accounts where workspace_id = %(workspace)s),
           (select jsonb_object_agg(key, jsonb_build_array(kind, debit, credit, amount)) from credit_transfers
            where workspace_id = %(workspace)s),
           (select count(*) from credit_transfers where workspace_id = %(workspace)s)
"""


@dataclass
class Bank:
    """The real ledger of one database, and how often it was asked what."""

    url: str
    runner: asyncio.Runner
    store: Store
    reader: psycopg.Connection[Any]
    examples: int = 0
    steps: int = 0
    asked: dict[str, int] = field(default_factory=dict)

    def open_workspace(self) -> int:
        self.examples += 1
        return self.runner.run(Founding(self.store).found("Ledger", 0))

    def count(self, operations: Any) -> None:
        for operation in operations:
            name = type(operation).__name__.lower()
            self.asked[name] = self.asked.get(name, 0) + 1

    def ask(self, workspace: int, operations: list[Operation], *, rollback: bool = False) -> Any:
        self.count(operations)
        return self.runner.run(ask(self.store, workspace, operations, rollback=rollback))

    def ask_at_once(self, workspace: int, transactions: list[list[Operation]]) -> list[Any]:
        for operations in transactions:
            self.count(operations)

        async def together() -> list[Any]:
            return await asyncio.gather(*(ask(self.store, workspace, one) for one in transactions))

        return self.runner.run(together())

    def read(self, workspace: int) -> tuple[dict[str, int], dict[str, Any], int]:
        row = self.reader.execute(_BOOK, {"workspace": workspace}).fetchone()
        assert row is not None
        return row[0], row[1] or {}, row[2]


@contextmanager
def bank_of(url: str) -> Iterator[Bank]:
    with asyncio.Runner() as runner, psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as reader:
        store = Store(url)
        try:
            yield Bank(url, runner, store, reader)
        finally:
            runner.run(store.close())


class LedgerMachine(RuleBasedStateMachine):
    """Asks the ledger and the model alike, and compares the answers and the whole book after each step."""

    bank: ClassVar[Bank]

    def __init__(self) -> None:
        super().__init__()
        self.workspace = self.bank.open_workspace()
        self.book = Book()
        self.earlier: list[Operation] = []
        self.races = 0

    def both(self, operations: list[Operation], *, rollback: bool = False) -> None:
        expected = expect(self.book, operations, rollback=rollback)
        assert self.bank.ask(self.workspace, operations, rollback=rollback) == expected, operations
        self.earlier += operations

    def holds(self) -> list[tuple[str, int]]:
        """The keys that were held, closed or not, each with its amount."""
        return [
            (key.removesuffix(":hold"), facts[3])
            for key, facts in self.book.moved.items()
            if facts[0] == "hold"
        ]

    @rule(key=KEYS, amount=AMOUNTS)
    def grant(self, key: str, amount: int) -> None:
        self.both([Grant(key, amount)])

    @rule(key=KEYS, amount=st.integers(0, 60))
    def hold(self, key: str, amount: int) -> None:
        self.both([Hold(key, amount)])

    @precondition(lambda self: self.holds())
    @rule(data=st.data(), cost=st.integers(0, 90))
    def settle(self, data: Any, cost: int) -> None:
        key, held = data.draw(st.sampled_from(self.holds()))
        self.both([Settle(key, held, cost)])

    @precondition(lambda self: self.holds())
    @rule(data=st.data())
    def release(self, data: Any) -> None:
        key, held = data.draw(st.sampled_from(self.holds()))
        self.both([Settle(key, held, 0)])

    @rule(key=KEYS, held=st.integers(0, 5), cost=st.integers(0, 60))
    def settle_what_was_never_held(self, key: str, held: int, cost: int) -> None:
        self.both([Settle(f"never-{key}", held, cost)])

    @precondition(lambda self: self.holds())
    @rule(data=st.data(), error=st.integers(1, 50), cost=st.integers(0, 60))
    def settle_more_than_was_held(self, data: Any, error: int, cost: int) -> None:
        key, held = data.draw(st.sampled_from(self.holds()))
        self.both([Settle(key, held + error, cost)])

    @rule(key=KEYS, amount=AMOUNTS)
    def adjust(self, key: str, amount: int) -> None:
        self.both([Adjust(key, amount)])

    @precondition(lambda self: self.earlier)
    @rule(data=st.data())
    def repeat(self, data: Any) -> None:
        self.both([data.draw(st.sampled_from(self.earlier))])

    @precondition(lambda self: self.earlier)
    @rule(data=st.data(), times=st.integers(2, 4))
    def repeat_at_once(self, data: Any, times: int) -> None:
        """All but one of them find it done; which one is first cannot be seen."""
        operation = data.draw(st.sampled_from(self.earlier) | st.builds(Hold, KEYS, AMOUNTS))
        expected = [expect(self.book, [operation]) for _ in range(times)]
        found = self.bank.ask_at_once(self.workspace, [[operation]] * times)
        assert sorted(map(str, found)) == sorted(map(str, expected)), operation
        self.earlier.append(operation)

    @rule(amount=AMOUNTS, callers=st.integers(2, 5))
    def race_for_credits(self, amount: int, callers: int) -> None:
        """Different holds of one size: as many are served as the wallet covers; which, nobody can say."""
        self.races += 1
        holds: list[Operation] = [Hold(f"race-{self.races}-{n}", amount) for n in range(callers)]
        covered = min(self.book.balance("wallet") // amount, callers)
        found = self.bank.ask_at_once(self.workspace, [[hold] for hold in holds])
        served = [hold for hold, answers in zip(holds, found, strict=True) if answers == ["held"]]
        assert len(served) == covered
        for hold in served:
            hold.expect(self.book)
        self.earlier += served + [hold for hold in holds if hold not in served]

    @rule(one=st.builds(Grant, KEYS, AMOUNTS), other=st.builds(Grant, KEYS, AMOUNTS))
    def cross(self, one: Grant, other: Grant) -> None:
        """Two transactions that want the same two things in opposite order do not wait for each other."""
        if one.key != other.key:
            expected = [expect(self.book, [one, other]), expect(self.book, [other, one])]
            found = self.bank.ask_at_once(self.workspace, [[one, other], [other, one]])
            assert sum(map(sum, found)) == sum(map(sum, expected))
            self.earlier += [one, other]

    @rule(data=st.data(), rollback=st.booleans())
    def several_in_one_transaction(self, data: Any, rollback: bool) -> None:
        new = st.one_of(
            st.builds(Grant, KEYS, AMOUNTS), st.builds(Hold, KEYS, AMOUNTS), st.builds(Adjust, KEYS, AMOUNTS)
        )
        operation = st.sampled_from(self.earlier) | new if self.earlier else new
        self.both(data.draw(st.lists(operation, min_size=1, max_size=4)), rollback=rollback)

    @invariant()
    def the_book_is_true(self) -> None:
        self.bank.steps += 1
        balances, moved, rows = self.bank.read(self.workspace)
        assert sum(balances.values()) == 0
        assert all(balance >= 0 for kind, balance in balances.items() if kind != "source")
        assert moved == {key: list(facts) for key, facts in self.book.moved.items()}
        assert rows == len(moved)
        assert balances == {account: self.book.balance(account) for account in ACCOUNTS}


def walk(bank: Bank, *, examples: int, steps: int) -> None:
    machine = type("Machine", (LedgerMachine,), {"bank": bank})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_few_walks_leave_the_book_true(database: str) -> None:
    with bank_of(database) as bank:
        walk(bank, examples=8, steps=25)


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_hundreds_of_walks_of_forty_steps_leave_the_book_true(database: str) -> None:
    with bank_of(database) as bank:
        walk(bank, examples=WALKS, steps=STEPS)
    operations = sum(bank.asked.values())
    print(f"\nT9: {bank.examples} walks, {bank.steps} steps compared, {operations} operations {bank.asked}")
    assert bank.examples >= WALKS
    assert bank.steps >= COMPARED
    assert operations >= 8_000


UNGUARD = "alter table credit_accounts drop constraint ck_credit_accounts_never_overdrawn"
UNGUARDED = {
    "a hold looks at a stale wallet and nothing checks the balance": [
        Edit("credit_hold", "and kind = 'wallet' for update", "and kind = 'wallet'"),
    ],
    "a hold is not looked at and nothing checks the balance": [
        Edit("credit_hold", "coalesce(available, 0) < how_much", "false"),
    ],
}
MUTANTS = UNGUARDED | {
    "balances move again on a repeat": [
        Edit("credit_post", "if not found then\n        return false;\n    end if;", ""),
    ],
    "only one side of a movement is booked": [
        Edit("credit_post", "kind in (from_side, to_side)", "kind in (to_side)"),
        Edit("credit_post", "if sides <> 2", "if false"),
    ],
    "what is left of a hold is not released": [
        Edit("credit_settle", "if held > from_hold", "if false"),
    ],
    "a hold can be closed again at another cost": [
        Edit("credit_settle", "if closed then", "if false then"),
    ],
    "a hold is taken to be as large as the caller says": [
        Edit("credit_settle", "if held is distinct from in_book", "if false"),
    ],
    "a charge beyond the hold overdraws": [
        Edit("credit_settle", "least(beyond, balance) into beyond", "beyond into beyond"),
    ],
    "a repeated hold is refused once the wallet is empty": [
        Edit("credit_hold", "return exists (", "return false and exists ("),
    ],
    "accounts are locked after the movement is written": [
        Edit("credit_move", "perform credit_lock(for_workspace);", ""),
    ],
}


def plant(url: str, mutant: str) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        if mutant in UNGUARDED:
            connection.execute(UNGUARD)
        rewrite(connection, MUTANTS[mutant])


@pytest.mark.prove
@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_planted_fault_is_caught(database: str, mutant: str) -> None:
    plant(database, mutant)
    with bank_of(database) as bank:
        with pytest.raises((AssertionError, DBAPIError, Flaky)) as caught:
            walk(bank, examples=60, steps=STEPS)
        print(f"\nT9 mutant caught after {bank.examples} walks: {mutant} ({type(caught.value).__name__})")
