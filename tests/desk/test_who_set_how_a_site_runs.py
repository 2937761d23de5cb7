"""The book tells who had a site act by itself, spend more or ask less, and from what to what."""

from typing import Any

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.desk.people import Operator


async def told(house: House, tenant: Tenant) -> list[tuple[str, str]]:
    """Who did it and what, the first first."""
    deeds = await house.desk.people.deeds(Operator(tenant.workspace), limit=50)
    return [(one.who, one.about.removeprefix("Alice's site: ")) for one in deeds if one.deed == "site_set"][
        ::-1
    ]


async def test_each_way_to_set_it_writes_one_line_of_what_differs(house: House, alice: Tenant) -> None:
    niches, by = house.desk.niches, Operator(alice.workspace)
    here: Any = (alice.workspace, alice.site)
    await niches.auto.toggle(*here, True, 3, by)
    await niches.auto.toggle(*here, True, 3, by)
    await niches.shelf.change(*here, {"day_budget": 50, "hours": [15, 9], "name": "Alice's site"}, by=by)
    await niches.shelf.change(*here, {"day_budget": 80, "piece_budget": 1, "videos_a_day": 2}, by=by)
    await niches.shelf.change(*here, {"generation_mode": "auto_publish", "day_budget": 0}, by=by)
    await house.desk.sites.change(*here, by=by, voice="Calm.", floor=20)
    await niches.shelf.change(*here, {"auto_mode": False}, by=by)
    found = await told(house, alice)
    assert {who for who, _ in found} == {"the operator"}
    assert [about for _, about in found] == [
        "auto mode on, articles a day from 2 to 3",
        "hours from the usual ones to 9, 15, budget a day from any number to 50 credits",
        "videos a day from 0 to 2, budget a day from 50 to 80 credits, "
        "budget a piece from any number to 1 credit",
        "mode from review first to auto publish, budget a day from 80 to any number of credits",
        "auto mode off",
    ]


async def test_a_program_is_told_by_the_name_of_its_key(house: House, alice: Tenant) -> None:
    at = f"/api/v1/niches/{alice.site}"
    ways = [
        alice.client.post(f"{at}/toggle-auto-mode", params={"enabled": True, "posts_per_day": 2}),
        alice.client.patch(at, json={"posts_per_day": 4}),
        alice.client.patch(at, json={"name": "Alice's site", "style": "Plain."}),
    ]
    for asked in ways:
        answer = await asked
        assert answer.status_code == 200, answer.text
    assert await told(house, alice) == [
        ("the key “test”", "auto mode on"),
        ("the key “test”", "articles a day from 2 to 4"),
    ]


async def test_a_site_that_comes_with_auto_mode_on_is_told(house: House, alice: Tenant) -> None:
    by, niches = Operator(alice.workspace), house.desk.niches
    await niches.shelf.create(alice.workspace, "Moss", auto_mode=True, by=by)
    document = await niches.portable.export(alice.workspace, "moss")
    await niches.portable.take(alice.workspace, document, by=by)
    still = document.model_copy(update={"auto_mode": False})
    await niches.portable.take(alice.workspace, still, by=by)
    assert await told(house, alice) == [("the operator", "Moss: auto mode on")] * 2
