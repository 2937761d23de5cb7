"""What a run would cost knows which models the site has chosen."""

from api.api_house import Tenant
from api.rows import add_chain, change
from nightdesk.bootstrap import House
from nightdesk.store.tables.writer import Image


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
