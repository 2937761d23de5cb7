"""What is changed in the planner can be put back: every column of every row is as it was."""

from typing import Any

import pytest

from api.api_house import Tenant
from api.rows import add_chain, assert_tallies_hold, change, put_in_hand, read
from desk.planner_rows import cluster, everything, idea, keyword, task
from nightdesk.bootstrap import House
from nightdesk.desk.errors import Conflict, NotFound, Taken
from nightdesk.desk.planner.keyword_bulk import Chosen
from nightdesk.desk.planner.keyword_lists import KeywordFilter
from nightdesk.store.tables.planner import Cluster, Idea, Keyword, Task


async def planned(house: House, tenant: Tenant) -> dict[str, Any]:
    """Two clusters with keywords, ideas and a task, and two loose keywords."""
    pumps = await cluster(house, tenant, "heat pumps", "heat pump", "heat pump cost", status="mapped")
    boilers = await cluster(house, tenant, "boilers", "boiler", "boiler service", "gas boiler")
    loose = [await keyword(house, tenant, "radiator", volume=40), await keyword(house, tenant, "valve")]
    await change(house, tenant, Keyword, loose[1], disabled=True, difficulty=12.5, intent="commercial")
    ideas = [await idea(house, tenant, pumps, "What a heat pump costs")]
    of, queued = await task(house, tenant, pumps, "How a heat pump works")
    return {"pumps": pumps, "boilers": boilers, "loose": loose, "ideas": [*ideas, of], "task": queued}


async def put_back(house: House, tenant: Tenant, undo: int | None, before: Any) -> None:
    """It is as it was, column by column; and it is put back once."""
    assert undo is not None
    undoing = house.desk.planner.undoing
    await undoing.undo(tenant.workspace, tenant.site, undo)
    assert await everything(house, tenant) == before
    await assert_tallies_hold(house, tenant)
    with pytest.raises(NotFound):
        await undoing.undo(tenant.workspace, tenant.site, undo)


async def test_changes_of_many_keywords_are_put_back(house: House, alice: Tenant) -> None:
    plan = await planned(house, alice)
    bulk = house.desk.planner.keyword_bulk
    before = await everything(house, alice)
    all_of_them = Chosen(asked=KeywordFilter(), told=7)
    for change_them in (
        lambda: bulk.delete(alice.workspace, alice.site, all_of_them),
        lambda: bulk.disable(alice.workspace, alice.site, all_of_them, disabled=True),
        lambda: bulk.disable(alice.workspace, alice.site, all_of_them, disabled=False),
        lambda: bulk.unmap(alice.workspace, alice.site, all_of_them),
        lambda: bulk.move(alice.workspace, alice.site, all_of_them, "Boilers"),
        lambda: bulk.move(alice.workspace, alice.site, Chosen(plan["loose"]), "Radiators"),
    ):
        done = await change_them()
        assert await everything(house, alice) != before
        await assert_tallies_hold(house, alice)
        await put_back(house, alice, done.undo, before)


async def test_changes_of_clusters_are_put_back(house: House, alice: Tenant) -> None:
    plan = await planned(house, alice)
    changes = house.desk.planner.cluster_changes
    both = [plan["pumps"], plan["boilers"]]
    before = await everything(house, alice)
    for change_them in (
        lambda: changes.rename(alice.workspace, alice.site, plan["pumps"], "HEAT PUMPS", "All of them"),
        lambda: changes.disable(alice.workspace, alice.site, both, disabled=True),
        lambda: changes.merge(alice.workspace, alice.site, both, "Heating"),
        lambda: changes.merge(alice.workspace, alice.site, both, "heat pumps"),
        lambda: changes.delete(alice.workspace, alice.site, both),
    ):
        done = await change_them()
        assert await everything(house, alice) != before
        await put_back(house, alice, done.undo, before)


async def test_moves_on_the_board_are_put_back(house: House, alice: Tenant) -> None:
    plan = await planned(house, alice)
    moves = house.desk.planner.board_moves
    before = await everything(house, alice)
    for move in (
        lambda: moves.make_task(alice.workspace, alice.site, plan["ideas"][0]),
        lambda: moves.back_to_idea(alice.workspace, alice.site, plan["task"]),
        lambda: moves.set_aside(alice.workspace, alice.site, plan["ideas"][0], aside=True),
        lambda: moves.drop(alice.workspace, alice.site, plan["ideas"][1]),
    ):
        moved = await move()
        assert await everything(house, alice) != before
        await put_back(house, alice, moved.undo, before)


async def test_a_merged_cluster_has_all_that_both_had(house: House, alice: Tenant) -> None:
    plan = await planned(house, alice)
    both = [plan["pumps"], plan["boilers"]]
    changes = house.desk.planner.cluster_changes
    done = await changes.merge(alice.workspace, alice.site, both, "Heating")
    assert (done.clusters, done.keywords) == (2, 5)
    # The most searched goes on; that ideas were planned for the other is known of the one now.
    kept = await read(house, alice, Cluster, plan["boilers"])
    assert (kept.name, kept.volume, kept.status) == ("Heating", 500, "mapped")
    assert kept.keys == ["open:boilers", "open:heat pumps"]
    assert await read(house, alice, Cluster, plan["pumps"]) is None
    for number in plan["ideas"]:
        assert (await read(house, alice, Idea, number)).cluster_id == kept.id
    assert (await read(house, alice, Task, plan["task"])).cluster_id == kept.id
    other = await cluster(house, alice, "Showers")
    with pytest.raises(Taken):
        await changes.rename(alice.workspace, alice.site, other, "heating")


async def test_what_came_of_a_change_keeps_it_from_being_put_back(house: House, alice: Tenant) -> None:
    plan = await planned(house, alice)
    planner = house.desk.planner
    site = (alice.workspace, alice.site)
    split = await planner.keyword_bulk.move(*site, Chosen(plan["loose"]), "Radiators")
    assert split.made
    assert split.cluster is not None
    await idea(house, alice, split.cluster.id, "How to bleed a radiator")
    with pytest.raises(Conflict, match="Ideas were planned"):
        await planner.undoing.undo(*site, split.undo or 0)
    made = await planner.board_moves.make_task(*site, plan["ideas"][0])
    (number,) = [row["id"] for row in (await everything(house, alice))["tasks"] if row["id"] != plan["task"]]
    await put_in_hand(house, alice, Task, number)
    before = await everything(house, alice)
    with pytest.raises(Conflict):
        await planner.undoing.undo(*site, made.undo or 0)
    assert await everything(house, alice) == before


async def test_a_run_keeps_what_it_works_on(house: House, alice: Tenant) -> None:
    free, held = await keyword(house, alice, "free"), await keyword(house, alice, "held")
    await put_in_hand(house, alice, Keyword, held)
    bulk = house.desk.planner.keyword_bulk
    done = await bulk.delete(alice.workspace, alice.site, Chosen([free, held]))
    assert (done.changed, done.left) == (1, 1)
    assert await read(house, alice, Keyword, held) is not None
    disabled = await keyword(house, alice, "disabled")
    done = await bulk.disable(alice.workspace, alice.site, Chosen([disabled]), disabled=True)
    await put_in_hand(house, alice, Keyword, disabled)
    with pytest.raises(Conflict, match="A run works on"):
        await house.desk.planner.undoing.undo(alice.workspace, alice.site, done.undo or 0)


async def test_a_keyword_that_was_added_again_is_not_put_back_twice(house: House, alice: Tenant) -> None:
    numbers = [await keyword(house, alice, phrase) for phrase in ("one", "two")]
    bulk = house.desk.planner.keyword_bulk
    done = await bulk.delete(alice.workspace, alice.site, Chosen(numbers))
    again = await keyword(house, alice, "two")
    put = await house.desk.planner.undoing.undo(alice.workspace, alice.site, done.undo or 0)
    assert (put.rows, put.of) == (1, 2)
    assert {row["id"] for row in (await everything(house, alice))["keywords"]} == {numbers[0], again}


async def test_an_article_stays_with_the_plan_it_came_from(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    planner = house.desk.planner
    before = await everything(house, alice)
    for refused in (
        planner.cluster_changes.delete(alice.workspace, alice.site, [chain.cluster]),
        planner.board_moves.drop(alice.workspace, alice.site, chain.idea),
        planner.board_moves.back_to_idea(alice.workspace, alice.site, chain.task),
    ):
        with pytest.raises(Conflict, match="An article was written"):
            await refused
    assert await everything(house, alice) == before


async def test_nobody_else_can_put_it_back(house: House, alice: Tenant, bob: Tenant) -> None:
    number = await keyword(house, alice, "mine")
    done = await house.desk.planner.keyword_bulk.delete(alice.workspace, alice.site, Chosen([number]))
    for workspace, site in ((bob.workspace, bob.site), (bob.workspace, alice.site)):
        with pytest.raises(NotFound):
            await house.desk.planner.undoing.undo(workspace, site, done.undo or 0)
