"""The book of credits: each movement once, each hold closed once, and nothing that is not there is moved."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from nightdesk.desk.founding import Founding
from nightdesk.store import ledger
from nightdesk.store.ledger import Balances, MoreThanCharged, NotEnoughCredits
from nightdesk.store.session import Store


@pytest.fixture
async def workspace(shared_store: Store) -> int:
    return await Founding(shared_store).found("Ledger", 100)


async def balances(store: Store, workspace: int) -> Balances:
    async with store.workspace(workspace) as session:
        return await ledger.balances(session, workspace)


async def hold(store: Store, workspace: int, key: str, amount: int) -> None:
    async with store.workspace(workspace) as session:
        await ledger.hold(session, workspace, key, amount, None, None)


async def settle(store: Store, workspace: int, key: str, held: int, cost: int) -> int:
    async with store.workspace(workspace) as session:
        return await ledger.settle(session, workspace, key, held, cost, None, None)


async def test_a_grant_counts_once_however_often_it_is_asked_for(shared_store, workspace):
    for given in (True, False, False):
        async with shared_store.workspace(workspace) as session:
            assert await ledger.grant(session, workspace, "monthly", 50) is given
    assert await balances(shared_store, workspace) == Balances(wallet=150, held=0, spent=0, granted=150)


async def test_what_a_hold_does_not_need_goes_back_to_the_wallet(shared_store, workspace):
    await hold(shared_store, workspace, "b1", 30)
    assert await balances(shared_store, workspace) == Balances(wallet=70, held=30, spent=0, granted=100)
    assert await settle(shared_store, workspace, "b1", 30, 12) == 12
    assert await balances(shared_store, workspace) == Balances(wallet=88, held=0, spent=12, granted=100)


async def test_a_cost_beyond_the_hold_is_taken_from_the_wallet_as_far_as_it_reaches(shared_store, workspace):
    await hold(shared_store, workspace, "b1", 30)
    assert await settle(shared_store, workspace, "b1", 30, 140) == 100
    assert await balances(shared_store, workspace) == Balances(wallet=0, held=0, spent=100, granted=100)


async def test_a_hold_that_was_closed_is_not_closed_again_at_another_cost(shared_store, workspace):
    await hold(shared_store, workspace, "b1", 30)
    await hold(shared_store, workspace, "b2", 30)
    assert await settle(shared_store, workspace, "b1", 30, 30) == 30
    for cost in (30, 5, 0, 80):
        assert await settle(shared_store, workspace, "b1", 30, cost) == 0
    assert await balances(shared_store, workspace) == Balances(wallet=40, held=30, spent=30, granted=100)


async def test_a_hold_larger_than_the_book_says_does_not_reach_into_anothers(shared_store, workspace):
    await hold(shared_store, workspace, "b1", 10)
    await hold(shared_store, workspace, "b2", 50)
    with pytest.raises(DBAPIError, match="The hold b1 is of 10 credits, not 60"):
        await settle(shared_store, workspace, "b1", 60, 0)
    assert (await balances(shared_store, workspace)).held == 60


async def test_a_hold_beyond_the_wallet_says_what_is_needed_and_what_is_left(shared_store, workspace):
    with pytest.raises(NotEnoughCredits, match="101 credits are needed and 100 are left") as refused:
        await hold(shared_store, workspace, "b1", 101)
    assert (refused.value.needed, refused.value.available) == (101, 100)
    assert await balances(shared_store, workspace) == Balances(wallet=100, held=0, spent=0, granted=100)


async def test_a_hold_that_was_made_stays_made_when_the_wallet_is_empty(shared_store, workspace):
    await hold(shared_store, workspace, "b1", 100)
    await hold(shared_store, workspace, "b1", 100)
    assert (await balances(shared_store, workspace)).held == 100


async def test_no_more_can_be_given_back_than_was_charged(shared_store, workspace):
    await hold(shared_store, workspace, "b1", 20)
    await settle(shared_store, workspace, "b1", 20, 20)
    async with shared_store.workspace(workspace) as session:
        with pytest.raises(
            MoreThanCharged, match="21 credits cannot be given back: 20 were charged"
        ) as refused:
            await ledger.adjust(session, workspace, "refund", 21)
        assert (refused.value.asked, refused.value.charged) == (21, 20)
        assert await ledger.adjust(session, workspace, "refund", 20)
    async with shared_store.workspace(workspace) as session:
        assert not await ledger.adjust(session, workspace, "refund", 20)
    assert await balances(shared_store, workspace) == Balances(wallet=100, held=0, spent=0, granted=100)


@pytest.mark.parametrize("amount", [0, -1])
async def test_a_movement_of_nothing_or_less_is_refused(shared_store, workspace, amount):
    async with shared_store.workspace(workspace) as session:
        with pytest.raises(ValueError, match="from 1"):
            await ledger.grant(session, workspace, "odd", amount)


@pytest.mark.parametrize(
    "call", ["credit_hold(:w, 'k', -1, null, null)", "credit_settle(:w, 'k', 0, -1, null, null)"]
)
async def test_a_negative_hold_or_cost_is_refused(shared_store, workspace, call):
    with pytest.raises(DBAPIError, match="0 credits or more, not -1"):
        async with shared_store.workspace(workspace) as session:
            await session.execute(text(f"select {call}"), {"w": workspace})


async def test_a_movement_that_finds_one_account_only_moves_nothing(shared_store):
    async with shared_store.everywhere() as session:
        bare = text("insert into workspaces (name) values ('bare') returning id")
        workspace = (await session.execute(bare)).scalar_one()
        wallet = text("insert into credit_accounts (workspace_id, kind) values (:w, 'wallet')")
        await session.execute(wallet, {"w": workspace})
    with pytest.raises(IntegrityError, match="lacks the account source or wallet"):
        async with shared_store.workspace(workspace) as session:
            await ledger.grant(session, workspace, "start", 5)
    with pytest.raises(IntegrityError, match="lacks the account spent or wallet"):
        async with shared_store.workspace(workspace) as session:
            await ledger.adjust(session, workspace, "refund", 5)
    assert await balances(shared_store, workspace) == Balances(0, 0, 0, 0)


@pytest.mark.parametrize(
    "change",
    [
        "update credit_transfers set amount = 1",
        "delete from credit_transfers",
        "delete from credit_accounts",
        "truncate credit_transfers",
    ],
)
@pytest.mark.parametrize("seeing", ["workspace", "everywhere"])
async def test_the_book_can_only_be_added_to(shared_store, workspace, change, seeing):
    with pytest.raises(DBAPIError, match="permission denied"):
        async with (
            shared_store.workspace(workspace)
            if seeing == "workspace"
            else shared_store.everywhere() as session
        ):
            await session.execute(text(change))
