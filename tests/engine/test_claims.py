"""Batches are claimed several at a time: never more than the stage may have in hand, and no item twice."""

import asyncio
from dataclasses import replace

from sqlalchemy import func, select

from nightdesk.store import ledger
from nightdesk.store.tables.runs import Batch

MANY = 8


async def test_many_batches_stay_within_the_stages_concurrency_and_take_each_item_once(desk):
    async def a_while(_):
        # Until as many are at work as may be, or for a while where that never comes.
        for _ in range(100):
            if desk.stage.most_at_work >= MANY:
                return
            await asyncio.sleep(0.02)

    desk.stage.policy = replace(desk.stage.policy, batch_size=1, concurrency=12)
    desk.stage.during = a_while
    await desk.add_keywords(50)
    run = await desk.start()
    async with desk.working():
        done = await desk.when(run, "completed")
    assert MANY <= desk.stage.most_at_work <= 12
    assert done.results["1"]["keywords_processed"] == 50
    assert sorted(phrase for call in desk.stage.calls for phrase in call) == sorted(
        f"phrase {n}" for n in range(50)
    )


async def test_room_for_one_batch_is_left_until_there_is_room_for_several(desk):
    desk.stage.policy = replace(desk.stage.policy, batch_size=1, concurrency=8)
    await desk.add_keywords(20)
    await desk.start()
    assert await desk.count(Batch) == 8
    async with desk.store.workspace(desk.workspace) as session:
        first, second = await session.scalars(select(Batch.id).order_by(Batch.id).limit(2))
    await desk.batches.do(desk.workspace, first)
    assert await desk.count(Batch) == 8
    await desk.batches.do(desk.workspace, second)
    assert await desk.count(Batch) == 10
    async with desk.store.workspace(desk.workspace) as session:
        most = select(func.max(func.jsonb_array_length(Batch.items)))
        assert await session.scalar(most) == 1


async def test_of_several_batches_those_that_credits_cover_are_made(desk):
    desk.stage.policy = replace(desk.stage.policy, batch_size=5, concurrency=8)
    async with desk.store.workspace(desk.workspace) as session:
        await ledger.hold(session, desk.workspace, "elsewhere", 10_000 - 3, None, None)
    await desk.add_keywords(40)
    await desk.start()
    assert await desk.count(Batch) == 3
    balances = await desk.balances()
    assert (balances.wallet, balances.held) == (0, 10_000)
