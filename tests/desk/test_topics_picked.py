"""Topics picked by many at once, and topics that come back."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import func, select

from api.api_house import Tenant
from api.rows import add_chain, change, read
from desk.planner_rows import cluster, idea, task
from desk.topic_stories import topic
from nightdesk.bootstrap import House
from nightdesk.desk.errors import Conflict, NotFound
from nightdesk.desk.review.inputs import Decided
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.planner import Task

CALLERS, PICKS = 32, 1000


@pytest.mark.prove
async def test_32_callers_get_1000_topics_each_once_and_none_is_lost(house: House, alice: Tenant) -> None:
    titles = [f"Topic number {n} of the thousand" for n in range(PICKS)]
    assert (await house.desk.topics.add_many(alice.workspace, alice.site, titles)).new_topics == PICKS
    picked: list[int] = []

    async def caller() -> None:
        while True:
            try:
                found = await house.desk.topics.pick(alice.workspace, alice.site, used_for="article")
            except NotFound:
                return
            picked.append(found.id)

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    assert [number for number, times in Counter(picked).items() if times > 1] == []
    assert len(picked) == PICKS
    async with house.store.workspace(alice.workspace) as session:
        left = select(func.count()).where(Topic.site_id == alice.site, Topic.status != "used")
        assert await session.scalar(left) == 0


async def test_topics_given_back_while_many_pick_are_picked_again(house: House, alice: Tenant) -> None:
    titles = [f"Story {n} told by nobody else" for n in range(20)]
    await house.desk.topics.add_many(alice.workspace, alice.site, titles)
    desk, kept = house.desk.topics, []

    async def caller(number: int) -> None:
        for turn in range(10):
            found = await desk.pick(alice.workspace, alice.site, used_for="article")
            if (number + turn) % 5:
                await desk.give_back(alice.workspace, found.id)
            else:
                kept.append(found.id)
                return

    await asyncio.gather(*(caller(n) for n in range(8)))
    assert len(kept) == len(set(kept)) == 8


async def test_the_best_topic_is_picked_first_and_a_source_can_be_named(house: House, alice: Tenant) -> None:
    low, high = await topic(house, alice, "Low"), await topic(house, alice, "High")
    await change(house, alice, Topic, low.id, score=10.0, source="rss")
    await change(house, alice, Topic, high.id, score=90.0)
    desk = house.desk.topics
    assert (await desk.pick(alice.workspace, alice.site, used_for="x", source="rss")).id == low.id
    assert (await desk.pick(alice.workspace, alice.site, used_for="x")).id == high.id
    with pytest.raises(NotFound):
        await desk.pick(alice.workspace, alice.site, used_for="x")


async def test_a_topic_of_another_workspace_cannot_be_picked(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    made = await topic(house, alice, "Mine")
    for site in (alice.site, bob.site):
        with pytest.raises(NotFound):
            await house.desk.topics.pick(bob.workspace, site, used_for="x", topic_id=made.id)
    with pytest.raises(NotFound):
        await house.desk.topics.mark_used(bob.workspace, made.id)


async def test_a_dismissed_topic_is_not_picked_until_that_is_undone(house: House, alice: Tenant) -> None:
    made = await topic(house, alice, "Not this one")
    await house.desk.topics.dismiss(alice.workspace, made.id)
    with pytest.raises(NotFound):
        await house.desk.topics.pick(alice.workspace, alice.site, used_for="x")
    with pytest.raises(Conflict):
        await house.desk.topics.mark_used(alice.workspace, made.id)
    await house.desk.topics.restore(alice.workspace, made.id)
    assert (await house.desk.topics.pick(alice.workspace, alice.site, used_for="x")).id == made.id
    with pytest.raises(Conflict):
        await house.desk.topics.dismiss(alice.workspace, made.id)


async def status(house: House, tenant: Tenant, number: int) -> tuple[str, int | None]:
    found = await read(house, tenant, Topic, number)
    return found.status, found.idea_id


async def test_a_topic_comes_back_when_its_article_is_sent_back_and_goes_when_that_is_undone(
    house: House, alice: Tenant
) -> None:
    chain = await add_chain(house, alice)
    made = await topic(house, alice, "Of the article")
    await house.desk.topics.mark_used(alice.workspace, made.id, "article")
    await change(house, alice, Topic, made.id, idea_id=chain.idea)
    decisions = house.desk.review.decisions
    for decision, expected in (
        ("send_back", "new"),
        ("reopen", "used"),
        ("reject", "new"),
        ("reopen", "used"),
        ("approve", "used"),
    ):
        await decisions.decide(alice.workspace, chain.content, decision, Decided())
        assert (await status(house, alice, made.id))[0] == expected, decision


async def test_a_topic_comes_back_when_its_task_or_idea_is_deleted(house: House, alice: Tenant) -> None:
    of = await cluster(house, alice, "heat")
    made = await topic(house, alice, "Of the task")
    number, order = await task(house, alice, of, "Of the task, planned")
    await house.desk.topics.mark_used(alice.workspace, made.id, "article")
    await change(house, alice, Topic, made.id, idea_id=number)
    await house.desk.planner.tasks.delete(alice.workspace, order)
    assert await status(house, alice, made.id) == ("new", number)
    brief = {"idea_id": number, "cluster_id": of, "title": "t", "words": 900}
    async with house.store.workspace(alice.workspace) as session:
        session.add(Task(workspace_id=alice.workspace, site_id=alice.site, brief={}, **brief))
    assert await status(house, alice, made.id) == ("used", number)
    await house.desk.planner.ideas.delete(alice.workspace, number)
    assert await status(house, alice, made.id) == ("new", None)


async def test_an_idea_without_a_task_gives_its_topic_back_too(house: House, alice: Tenant) -> None:
    of = await cluster(house, alice, "cold")
    made, number = await topic(house, alice, "Of the idea"), await idea(house, alice, of, "The idea of it")
    await house.desk.topics.mark_used(alice.workspace, made.id, "article")
    await change(house, alice, Topic, made.id, idea_id=number)
    await house.desk.planner.ideas.delete(alice.workspace, number)
    assert await status(house, alice, made.id) == ("new", None)
