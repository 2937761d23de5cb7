"""A run that was told to take few items at a stage takes exactly so many, and leaves the others waiting."""

import pytest

from nightdesk.store.tables.planner import Cluster, Keyword


@pytest.mark.parametrize("most", [1, 5, 7, 12])
async def test_a_run_takes_as_many_items_as_it_was_told_and_no_more(desk, most):
    await desk.add_keywords(20)
    run = await desk.start(most={"1": most})
    async with desk.working():
        run = await desk.when(run, "completed")
    assert run.results["1"]["keywords_processed"] == most
    assert await desk.count(Keyword, Keyword.state == "new") == 20 - most
    assert await desk.count(Cluster, Cluster.state == "mapped") == run.results["1"]["clusters_created"]


async def test_the_next_run_takes_what_a_limited_one_left(desk):
    await desk.add_keywords(12)
    async with desk.working():
        await desk.when(await desk.start(most={"1": 7}), "completed")
        run = await desk.when(await desk.start(), "completed")
    assert run.results["1"]["keywords_processed"] == 5
    assert await desk.count(Keyword, Keyword.state == "new") == 0


async def test_a_limit_above_what_waits_changes_nothing(desk):
    await desk.add_keywords(12)
    async with desk.working():
        run = await desk.when(await desk.start(most={"1": 500, "2": 500}), "completed")
    assert run.results["1"]["keywords_processed"] == 12
    assert run.results["2"]["clusters_processed"] == run.results["1"]["clusters_created"]
