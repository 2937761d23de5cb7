"""However many ask at once, no more is set aside than there is; a run begins with a fifth to spare (T10)."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

import psycopg
import pytest
from sqlalchemy import func, insert, literal, select
from sweep.planting import Edit, rewrite

from nightdesk.desk.automation import Automation
from nightdesk.desk.errors import InsufficientCredits
from nightdesk.desk.founding import Founding
from nightdesk.desk.insights import Insights
from nightdesk.desk.runs import Runs
from nightdesk.engine.control import Control
from nightdesk.engine.runner import Runner
from nightdesk.stage import Line, Policy, Stage
from nightdesk.store import ledger
from nightdesk.store.session import Store
from nightdesk.store.tables.money import CreditTransfer
from nightdesk.store.tables.planner import Keyword
from nightdesk.store.tables.runs import Batch, Run
from nightdesk.store.tables.tenancy import Site

CALLERS, CREDITS, EACH, SERVED, LEFT = 32, 100, 7, 14, 2


async def race(store: Store) -> tuple[int, ledger.Balances, int]:
    """All callers at the same moment, each in a transaction of its own: served, what is left, movements."""
    workspace = await Founding(store).found("Race", CREDITS)
    ready = asyncio.Barrier(CALLERS)

    async def call(number: int) -> bool:
        try:
            async with store.workspace(workspace) as session:
                await ready.wait()
                await ledger.hold(session, workspace, f"caller-{number}", EACH, None, None)
        except ledger.NotEnoughCredits:
            return False
        return True

    served = sum(await asyncio.gather(*(call(number) for number in range(CALLERS))))
    async with store.workspace(workspace) as session:
        left = await ledger.balances(session, workspace)
        holds = select(func.count()).where(CreditTransfer.kind == "hold")
        return served, left, await session.scalar(holds) or 0


async def rounds(url: str, times: int) -> list[tuple[int, ledger.Balances, int]]:
    store = Store(url, pool_size=CALLERS // 2)
    try:
        return [await race(store) for _ in range(times)]
    finally:
        await store.close()


TRUE = (SERVED, ledger.Balances(LEFT, SERVED * EACH, 0, CREDITS), SERVED)


async def test_of_thirty_two_callers_as_many_are_served_as_the_wallet_covers(database: str) -> None:
    assert await rounds(database, 1) == [TRUE]


@pytest.mark.prove
async def test_five_races_for_a_hundred_credits_serve_fourteen_each_and_leave_two(database: str) -> None:
    found = await rounds(database, 5)
    shown = [f"{served} served, {left.wallet} left" for served, left, _ in found]
    print(f"\nT10: {CALLERS} callers, {CREDITS} credits, {EACH} each: {'; '.join(shown)}")
    assert found == [TRUE] * 5


@pytest.mark.prove
async def test_a_hold_that_does_not_wait_for_its_turn_is_caught(database: str) -> None:
    """The planted fault: the wallet is looked at without a lock, and no constraint stands behind it."""
    with psycopg.connect(database.replace("+psycopg", ""), autocommit=True) as connection:
        rewrite(connection, [Edit("credit_hold", "'wallet' for update", "'wallet'")])
        connection.execute("alter table credit_accounts drop constraint ck_credit_accounts_never_overdrawn")
    found = await rounds(database, 5)
    print(f"\nT10 mutant: served {[served for served, _, _ in found]}")
    assert found != [TRUE] * 5


class Priced(Stage[Keyword]):
    """A stage that asks one credit for each item."""

    number, name, title = 1, "priced", "Priced"
    policy = Policy(batch_size=100)
    table, waits, counted = Keyword, "new", "keywords_processed"
    fields = ("keywords_processed",)

    def estimate(self, items: Sequence[Keyword]) -> int:
        return len(items)

    def credits_each(self) -> Any:
        return literal(1)


def runs_over(store: Store, clock: Any) -> Runs:
    control = Control(Runner({"toy": Line("toy", (Priced(),))}, clock))
    automation = Automation(store, control)
    return Runs(store, control, automation, Insights(store, control, automation), lambda: None)


async def site_with(store: Store, keywords: int, credits: int) -> tuple[int, int]:
    workspace = await Founding(store).found("Border", credits)
    async with store.workspace(workspace) as session:
        site = Site(workspace_id=workspace, slug="site", name="Site")
        session.add(site)
        await session.flush()
        rows = [
            {"workspace_id": workspace, "site_id": site.id, "phrase": f"p{n}", "normal": f"p{n}"}
            for n in range(keywords)
        ]
        await session.execute(insert(Keyword), rows)
        return workspace, site.id


async def facts(store: Store, workspace: int) -> Counter[str]:
    found: Counter[str] = Counter()
    async with store.workspace(workspace) as session:
        for table in (Run, Batch, CreditTransfer):
            found[table.__tablename__] = await session.scalar(select(func.count()).select_from(table)) or 0
        found["held"] = (await ledger.balances(session, workspace)).held
    return found


@pytest.mark.parametrize(("estimate", "needed"), [(1, 2), (5, 6), (10, 12), (11, 14), (50, 60), (99, 119)])
async def test_a_run_begins_with_exactly_a_fifth_to_spare_and_not_with_one_credit_less(
    store: Store, clock: Any, estimate: int, needed: int
) -> None:
    runs = runs_over(store, clock)
    poor, site = await site_with(store, estimate, needed - 1)
    with pytest.raises(InsufficientCredits) as refused:
        await runs.run_now(poor, site, "toy")
    assert (refused.value.needed, refused.value.available) == (needed, needed - 1)
    assert await facts(store, poor) == Counter(credit_transfers=1)

    rich, site = await site_with(store, estimate, needed)
    run = await runs.run_now(rich, site, "toy")
    assert run.status == "running"
    assert await facts(store, rich) == Counter(runs=1, batches=1, credit_transfers=2, held=estimate)
