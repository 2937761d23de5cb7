"""What a run would cost: the price of every waiting item, by the models that the site has chosen."""

from typing import Any

from sqlalchemy import func, select

from api.api_house import Tenant, add_keywords
from api.rows import add_chain, change, put_in_hand
from desk.planner_rows import cluster, idea, task
from nightdesk.bootstrap import House
from nightdesk.stage import Stage
from nightdesk.store.tables.planner import Keyword
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.writer import Content, Image


async def pictures(house: House, tenant: Tenant) -> int:
    """The estimate of stage 6, which is part of the whole."""
    estimate = await house.desk.insights.estimate(tenant.workspace, tenant.site, "article")
    parts = {stage["number"]: stage["estimated_credits"] for stage in estimate["stages"]}
    assert estimate["estimated_credits"] == sum(parts.values())
    return int(parts[6])


async def test_the_estimate_of_pictures_is_that_of_the_model_chosen(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    await change(house, alice, Image, chain.image, status="pending", asset=None)
    assert await pictures(house, alice) == 1
    await house.desk.choices.choose(alice.workspace, "images", "openai:gpt-image-1")
    assert await pictures(house, alice) == 3
    await house.desk.choices.choose(alice.workspace, "images", "runware:bfl:2@1", alice.site)
    assert await pictures(house, alice) == 4
    await house.desk.choices.choose(alice.workspace, "images", "cards", alice.site)
    assert await pictures(house, alice) == 1


async def test_speech_and_clips_are_priced_by_the_provider_chosen(house: House, alice: Tenant) -> None:
    async def prices() -> list[int]:
        async with house.store.workspace(alice.workspace) as session:
            site = await session.get_one(Site, (alice.workspace, alice.site))
            return [await house.desk.providers.price(session, site, kind) for kind in ("speech", "clips")]

    assert await prices() == [1, 0]
    await house.desk.choices.choose(alice.workspace, "speech", "elevenlabs")
    await house.desk.choices.choose(alice.workspace, "clips", "comfyui:ltx-2-text", alice.site)
    assert await prices() == [3, 2]


async def test_the_estimate_is_the_price_of_every_item_that_waits(house: House, alice: Tenant) -> None:
    await add_keywords(house, alice, 11)
    await put_in_hand(house, alice, Keyword, await _one(house, alice, Keyword))
    planned = await cluster(house, alice, "planned by hand", "a", status="new")
    await cluster(house, alice, "waiting", "b", status="new")
    await idea(house, alice, planned, "By hand")
    for words in (1, 499, 500, 501, 2_000, 2_001):
        await task(house, alice, planned, f"In {words} words", words=words)
    chain = await add_chain(house, alice, status="draft")
    await change(house, alice, Image, chain.image, status="pending", asset=None)
    await change(house, alice, Content, chain.content, pictures=None)
    estimate = await house.desk.insights.estimate(alice.workspace, alice.site, "article")
    found = {stage["number"]: (stage["pending"], stage["estimated_credits"]) for stage in estimate["stages"]}
    line = house.desk.automation.line("article").shown()
    assert found == {stage.number: await _one_by_one(house, alice, stage) for stage in line}
    assert {number: credits for number, (_, credits) in found.items()} == {
        1: 2,
        2: 2,
        3: 0,
        4: 1 + 1 + 1 + 2 + 4 + 5,
        5: 2,
        6: 1,
        7: 0,
    }


async def _one(house: House, tenant: Tenant, table: Any) -> int:
    async with house.store.workspace(tenant.workspace) as session:
        return int(await session.scalar(select(func.min(table.id))))


async def _one_by_one(house: House, tenant: Tenant, stage: Stage[Any]) -> tuple[int, int]:
    """How many items the stage's own query finds, and what it would have set aside for them."""
    async with house.store.workspace(tenant.workspace) as session:
        site = await session.get_one(Site, (tenant.workspace, tenant.site))
        items = list(await session.scalars(stage.pending(site)))
    return len(items), stage.estimate(items) if items else 0
