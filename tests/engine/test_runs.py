"""A run walks its line: every item once, every credit accounted for, and it stops where it is told to."""

import asyncio

import pytest
from sqlalchemy import select

from nightdesk.engine.control import NotInThisState, RunActive
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.store import ledger
from nightdesk.store.events import log_of_run
from nightdesk.store.tables.planner import Cluster, Keyword
from nightdesk.store.tables.runs import Batch, ProviderCall


async def test_a_run_takes_every_item_once_and_completes(desk):
    await desk.add_keywords(23)
    run = await desk.start()
    async with desk.working():
        done = await desk.when(run, "completed")
    assert sorted(phrase for call in desk.stage.calls for phrase in call) == sorted(
        f"phrase {n}" for n in range(23)
    )
    first, second = done.results["1"], done.results["2"]
    assert (first["keywords_processed"], first["clusters_created"], first["batches_run"]) == (23, 5, 5)
    assert second["clusters_processed"] == 5
    assert first["credits_used"] == done.total_credits_used == 5
    balances = await desk.balances()
    assert (balances.wallet, balances.held, balances.spent) == (10_000 - 5, 0, 5)
    assert await desk.count(ProviderCall) == 5


async def test_batches_of_one_run_work_side_by_side_up_to_the_stages_concurrency(desk):
    async def a_while(_):
        await asyncio.sleep(0.1)

    desk.stage.during = a_while
    await desk.add_keywords(60)
    run = await desk.start()
    async with desk.working():
        await desk.when(run, "completed")
    assert desk.stage.most_at_work == 4


async def test_one_run_at_a_time_holds_a_site(desk):
    await desk.add_keywords(5)
    run = await desk.start()
    with pytest.raises(RunActive, match=str(run.id)):
        await desk.start()


async def test_a_pause_waits_for_the_batches_in_hand_and_a_resume_goes_on_from_there(desk):
    gate = asyncio.Event()

    async def wait(_):
        await gate.wait()

    desk.stage.during = wait
    await desk.add_keywords(40)
    run = await desk.start()
    async with desk.working():
        async with asyncio.timeout(10):
            while desk.stage.at_work < 4:
                await asyncio.sleep(0.02)
        async with desk.store.workspace(desk.workspace) as session:
            await desk.control.pause(session, desk.workspace, run.id)
        assert (await desk.run(run)).status == "running"
        gate.set()
        paused = await desk.when(run, "paused")
        assert paused.results["1"]["keywords_processed"] == 20
        assert paused.results["1"]["partial"] is True
        assert (await desk.balances()).held == 0
        async with desk.store.workspace(desk.workspace) as session:
            await desk.control.resume(session, desk.workspace, run.id)
        done = await desk.when(run, "completed")
    assert done.results["1"]["keywords_processed"] == 40
    assert done.results["1"]["partial"] is False


async def test_cancel_now_aborts_the_call_in_flight_and_gives_everything_back(desk):
    aborted = asyncio.Event()

    async def forever(_):
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            aborted.set()
            raise

    desk.stage.during = forever
    await desk.add_keywords(10)
    run = await desk.start()
    async with desk.working():
        async with asyncio.timeout(10):
            while desk.stage.at_work < 2:
                await asyncio.sleep(0.02)
        async with desk.store.workspace(desk.workspace) as session:
            cancelled = await desk.control.cancel(session, desk.workspace, run.id, now=True)
        assert cancelled.status == "cancelled"
        await asyncio.wait_for(aborted.wait(), 5)
    assert await desk.count(Keyword, Keyword.state == "new") == 10
    balances = await desk.balances()
    assert (balances.wallet, balances.held) == (10_000, 0)


async def test_later_is_tried_again_and_then_counts_once(desk):
    tries = []

    async def busy_at_first(items):
        tries.append(items[0].id)
        if len(tries) < 3:
            raise Later("busy", 0.1)

    desk.stage.during = busy_at_first
    await desk.add_keywords(5)
    run = await desk.start()
    async with desk.working():
        done = await desk.when(run, "completed")
    assert len(tries) == 3
    assert done.results["1"]["failed"] == 0
    assert done.total_credits_used == 1


async def test_an_item_that_is_refused_is_found_among_its_batch_and_parked_alone(desk):
    async def not_seven(items):
        if any(item.phrase == "phrase 7" for item in items):
            raise Refused("phrase 7 is not allowed")

    desk.stage.during = not_seven
    await desk.add_keywords(12)
    run = await desk.start()
    async with desk.working():
        done = await desk.when(run, "completed")
    assert done.results["1"]["failed"] == 1
    assert done.results["1"]["keywords_processed"] == 11
    async with desk.store.workspace(desk.workspace) as session:
        parked = (await session.scalars(select(Keyword).where(Keyword.state == "failed"))).all()
    assert [(k.phrase, k.error) for k in parked] == [("phrase 7", "phrase 7 is not allowed")]
    assert (await desk.balances()).held == 0


async def test_what_needs_a_person_pauses_the_run_and_says_what_to_do(desk):
    async def no_key(_):
        raise NeedsPerson("The key has expired; enter a new one under Settings.")

    desk.stage.during = no_key
    await desk.add_keywords(5)
    run = await desk.start()
    async with desk.working():
        paused = await desk.when(run, "paused")
        assert paused.error_message == "The key has expired; enter a new one under Settings."
        desk.stage.during = None
        async with desk.store.workspace(desk.workspace) as session:
            await desk.control.resume(session, desk.workspace, run.id)
        done = await desk.when(run, "completed")
    assert done.results["1"]["keywords_processed"] == 5


async def test_an_unexpected_error_is_tried_three_times_and_then_parks_with_its_name(desk):
    async def broken(_):
        raise ZeroDivisionError("by nought")

    desk.stage.during = broken
    desk.stage.policy = desk.stage.policy.__class__(batch_size=5, attempts=5, timeout=5)
    await desk.add_keywords(5)
    run = await desk.start()
    async with desk.working():
        done = await desk.when(run, "completed")
    assert len(desk.stage.calls) == 3
    assert done.results["1"]["failed"] == 5
    async with desk.store.workspace(desk.workspace) as session:
        keyword = (await session.scalars(select(Keyword))).first()
    assert "ZeroDivisionError" in keyword.error


async def test_a_call_that_takes_too_long_is_stopped(desk):
    async def forever(_):
        await asyncio.sleep(60)

    desk.stage.during = forever
    desk.stage.policy = desk.stage.policy.__class__(batch_size=5, attempts=1, timeout=0.2)
    await desk.add_keywords(5)
    run = await desk.start()
    async with desk.working():
        done = await desk.when(run, "completed")
    assert done.results["1"]["failed"] == 5


async def test_without_credits_a_run_pauses_and_says_how_many_are_needed(desk):
    async with desk.store.workspace(desk.workspace) as session:
        await ledger.hold(session, desk.workspace, "elsewhere", 10_000 - 2, None, None)
    await desk.add_keywords(20)
    run = await desk.start()
    async with desk.working():
        paused = await desk.when(run, "paused")
    assert paused.pause_reason == "insufficient_credits"
    assert paused.results["1"]["keywords_processed"] == 10
    assert (await desk.balances()).wallet == 0


async def test_a_frozen_workers_late_result_is_refused(desk):
    await desk.add_keywords(5)
    run = await desk.start()
    async with desk.store.workspace(desk.workspace) as session:
        batch = (await session.scalars(select(Batch))).one()
    frozen = await desk.batches._take(desk.workspace, batch.id)
    await desk.batches.do(desk.workspace, batch.id)
    await desk.batches.settler.settle(frozen, "late")
    assert await desk.count(Cluster) == 1
    assert (await desk.run(run)).results["1"]["keywords_processed"] == 5
    assert (await desk.balances()).spent == 1


async def test_a_batch_whose_job_was_lost_is_queued_again(desk):
    await desk.add_keywords(5)
    run = await desk.start()
    async with desk.store.everywhere() as session:
        await session.exec_driver_sql("delete from queue.pgqueuer") if hasattr(
            session, "exec_driver_sql"
        ) else await (await session.connection()).exec_driver_sql("delete from queue.pgqueuer")
    async with desk.working():
        await desk.when(run, "completed")


async def test_the_log_tells_the_story_in_order(desk):
    await desk.add_keywords(5)
    run = await desk.start()
    async with desk.working():
        await desk.when(run, "completed")
    async with desk.store.workspace(desk.workspace) as session:
        lines = [event.message for event in await log_of_run(session, desk.workspace, run.id, 100)]
    assert lines[0] == "A manual run begins."
    assert "Clustered phrase 0." in lines
    assert lines[-1] == "The run is complete."


async def test_a_finished_run_cannot_be_resumed(desk):
    run = await desk.start()
    async with desk.working():
        await desk.when(run, "completed")
    async with desk.store.workspace(desk.workspace) as session:
        with pytest.raises(NotInThisState, match="completed"):
            await desk.control.resume(session, desk.workspace, run.id)
