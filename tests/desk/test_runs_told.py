"""What the desk tells of runs and lines: pages, a run's story and log, what is parked, the next times."""

import asyncio
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from api.api_house import Tenant, add_keywords, working
from api.rows import add, park
from nightdesk.bootstrap import House
from nightdesk.desk.errors import NotFound
from nightdesk.desk.rows import Event, Keyword, Run
from nightdesk.desk.runs import Among


async def begun(house: House, tenant: Tenant) -> Run:
    return await house.desk.runs.run_now(tenant.workspace, tenant.site, "article")


async def ended(house: House, tenant: Tenant, run: Run) -> Run:
    """The run once a worker is through with it."""
    async with working(house), asyncio.timeout(30):
        while (now := await house.desk.runs.get(tenant.workspace, run.id)).status == "running":
            await asyncio.sleep(0.05)
    return now


async def test_runs_come_in_pages_narrowed_and_counted(house: House, alice: Tenant, bob: Tenant) -> None:
    runs = house.desk.runs
    for tenant in (alice, bob):
        await add_keywords(house, tenant, 6)
    made = []
    for _ in range(5):
        made.append((await begun(house, alice)).id)
        await runs.cancel(alice.workspace, made[-1])
    made.append((await begun(house, alice)).id)
    await begun(house, bob)
    newest = await runs.page(alice.workspace, Among(), 4)
    assert [run.id for run in newest.items] == made[:1:-1]
    assert newest.counts == {"cancelled": 5, "running": 1}
    rest = await runs.page(alice.workspace, Among(), 4, UUID(newest.next_cursor))
    assert ([run.id for run in rest.items], rest.next_cursor) == (made[1::-1], None)
    (active,) = (await runs.page(alice.workspace, Among(status="running", trigger="manual"))).items
    assert active.id == made[-1]
    for among in (Among(site_id=alice.site + 1), Among(line="video"), Among(trigger="scheduled")):
        assert (await runs.page(alice.workspace, among)).items == []


async def test_a_finished_run_tells_its_stages_and_batches(house: House, alice: Tenant) -> None:
    await add_keywords(house, alice, 5)
    await house.desk.sources.add_file(alice.workspace, alice.site, "a.md", b"# Phrases\n\nA phrase is short.")
    run = await ended(house, alice, await begun(house, alice))
    story = await house.desk.runs.story(alice.workspace, run.id)
    assert [number for number, _, _ in story.stages] == [1, 2, 3, 4, 5, 6, 7]
    assert story.pieces_total == run.results["4"]["content_created"] == len(story.pieces) > 0
    assert sum(one.calls for one in story.calls) > 0
    assert story.parked == []
    batches, following = await house.desk.runs.batches(alice.workspace, run.id, limit=3)
    assert [batch.id for batch in batches] == sorted((batch.id for batch in batches), reverse=True)
    older, _ = await house.desk.runs.batches(alice.workspace, run.id, limit=200, before=following)
    assert sum(batch.charged for batch in batches + older) == run.total_credits_used
    assert await house.desk.runs.batches(alice.workspace, run.id, status="parked") == ([], None)
    now = await house.desk.insights.line(alice.workspace, alice.site, "article")
    assert (now.held, now.hand, now.run.id) == (False, None, run.id)
    assert {stage.standing for stage in now.stages} == {"done"}


async def test_a_held_line_tells_where_its_run_stands(house: House, alice: Tenant) -> None:
    empty = await house.desk.insights.line(alice.workspace, alice.site, "article")
    assert (empty.run, empty.held) == (None, False)
    await add_keywords(house, alice, 7)
    run = await begun(house, alice)
    now = await house.desk.insights.line(alice.workspace, alice.site, "article")
    first, second = now.stages[:2]
    assert (first.standing, first.done, first.total, second.standing) == ("active", 0, 7, "ahead")
    await house.desk.runs.pause(alice.workspace, run.id)
    now = await house.desk.insights.line(alice.workspace, alice.site, "article")
    assert (now.held, now.hand, now.stages[0].standing, now.stages[0].total) == (True, None, "paused", 7)
    await house.desk.runs.cancel(alice.workspace, run.id)
    now = await house.desk.insights.line(alice.workspace, alice.site, "article")
    assert (now.held, now.stages[0].standing) == (False, "stopped")


async def test_a_run_tries_again_what_it_parked_itself_and_no_more(house: House, alice: Tenant) -> None:
    run = await begun(house, alice)
    mine, older = [
        await add(house, alice, Keyword, phrase=name, normal=name, last_run=last)
        for name, last in (("mine", run.id), ("older", uuid4()))
    ]
    for keyword in (mine, older):
        await park(house, alice, Keyword, keyword)
    (parked,) = (await house.desk.runs.story(alice.workspace, run.id)).parked
    assert ([item.id for item in parked.items], parked.total, parked.items[0].error) == (
        [mine],
        1,
        "It was refused.",
    )
    at_stage = await house.desk.runs.parked(alice.workspace, alice.site, "article", 1)
    assert at_stage.total == 2
    assert await house.desk.runs.parked(alice.workspace, alice.site, "article", 2) is None
    assert await house.desk.runs.try_run_again(alice.workspace, run.id, 1, [older]) == 0
    assert await house.desk.runs.try_run_again(alice.workspace, run.id, 1) == 1
    assert (await house.desk.runs.parked(alice.workspace, alice.site, "article", 1)).total == 1
    with pytest.raises(NotFound):
        await house.desk.runs.try_run_again(alice.workspace, run.id, 7)


async def test_the_log_is_read_between_two_numbers_from_a_level_up(house: House, alice: Tenant) -> None:
    run = await begun(house, alice)
    levels = ("info", "warning", "error", "info", "warning")
    rows = [
        {
            "workspace_id": alice.workspace,
            "type": "run_log",
            "run_id": run.id,
            "level": level,
            "message": level,
        }
        for level in levels
    ]
    async with house.store.workspace(alice.workspace) as session:
        ids = list(await session.scalars(insert(Event).returning(Event.id), rows))

    async def read(**facts: Any) -> list[int]:
        asked = {"after": 0, "upto": ids[-1], "lines": 100} | facts
        events = await house.desk.runs.log_after(alice.workspace, run.id, **asked)
        return [event.id for event in events]

    assert (await read())[-5:] == ids
    assert await read(after=ids[1]) == ids[2:]
    assert await read(after=ids[0], upto=ids[3]) == ids[1:4]
    assert await read(lines=2) == ids[3:]
    assert await read(level="warning") == [ids[1], ids[2], ids[4]]
    assert await read(level="error") == [ids[2]]
    with pytest.raises(NotFound):
        await house.desk.runs.log_after(alice.workspace, uuid4(), after=0, upto=9, lines=9)


async def test_a_look_at_a_config_tells_what_is_wrong_and_when_it_would_run(
    house: House, alice: Tenant
) -> None:
    automation, zone = house.desk.automation, "Europe/Berlin"
    await house.desk.sites.change(alice.workspace, alice.site, timezone=zone)
    before = await automation.config(alice.workspace, alice.site, "article")
    facts = {"frequency": "monthly", "anchor_day": 31, "scheduled_time": "05:45", "stage_4_batch_size": 3}
    looked = await automation.look_at(alice.workspace, alice.site, "article", facts)
    local = [moment.astimezone(ZoneInfo(zone)) for moment in looked.upcoming]
    assert (looked.wrong, len(local), {f"{moment:%H:%M}" for moment in local}) == ({}, 5, {"05:45"})
    assert all(28 <= moment.day <= 31 for moment in local)
    assert local == sorted(local)
    wrong = {"scheduled_time": "5 am", "stage_4_batch_size": 0, "within_stage_delay": "a", "nothing": 1}
    told = await automation.look_at(alice.workspace, alice.site, "article", wrong)
    assert (set(told.wrong), told.upcoming) == (set(wrong), [])
    weekly = await automation.look_at(
        alice.workspace, alice.site, "article", {"frequency": "weekly", "anchor_day": 9}
    )
    assert "1 (Monday) to 7" in weekly.wrong["anchor_day"]
    assert await automation.config(alice.workspace, alice.site, "article") == before
