"""Sections over the API: asked for anew with a note, listed, taken back, and nobody else's."""

from api.api_house import Tenant
from api.rows import add_chain
from nightdesk.bootstrap import House

CONTENTS = "/api/v1/contents"
TEXT = """What it keeps is warmth.

## What it keeps

A storage heater keeps warmth in its bricks and gives it back by day, so the order of the hours matters.

## What it takes

It takes cheap hours of the night, some space at an outer wall, and a person who sets the dials for the
weather of the next day.
"""


async def article(house: House, tenant: Tenant, name: str = "heaters") -> str:
    chain = await add_chain(house, tenant, name=name)
    at = f"{CONTENTS}/{chain.content}"
    changed = await tenant.client.patch(at, json={"markdown": TEXT})
    assert changed.status_code == 200, changed.text
    return at


async def test_a_section_is_asked_for_listed_and_taken_back(house: House, alice: Tenant) -> None:
    at = await article(house, alice)
    asked = await alice.client.post(
        f"{at}/sections", json={"heading": "What it keeps", "note": "Say for how long"}
    )
    assert asked.status_code == 202
    row = asked.json()
    assert (row["status"], row["anchor"], row["words"]) == ("pending", "h-what-it-keeps", 21)
    estimate = await alice.client.get(f"/api/v1/automation/estimate?site_id={alice.site}")
    fourth = next(stage for stage in estimate.json()["stages"] if stage["number"] == 4)
    assert (fourth["pending"], fourth["estimated_credits"]) == (1, 1)
    overview = await alice.client.get(f"/api/v1/automation/pipeline_overview?site_id={alice.site}")
    assert next(stage for stage in overview.json()["stages"] if stage["number"] == 4)["pending"] == 1
    assert [one["id"] for one in (await alice.client.get(f"{at}/sections")).json()["items"]] == [row["id"]]
    again = await alice.client.post(f"{at}/sections", json={"heading": "h-what-it-keeps", "note": "Longer"})
    assert again.status_code == 409
    tried = await alice.client.post(f"{at}/sections/{row['id']}/retry")
    assert tried.status_code == 409
    assert (await alice.client.delete(f"{at}/sections/{row['id']}")).status_code == 204
    assert (await alice.client.get(f"{at}/sections")).json() == {"items": []}
    assert (await alice.client.delete(f"{at}/sections/{row['id']}")).status_code == 404


async def test_what_cannot_be_asked_for_says_why(house: House, alice: Tenant) -> None:
    at = await article(house, alice)
    for body, field in (
        ({"heading": "What it lacks", "note": "Say for how long"}, "heading"),
        ({"heading": "What it keeps", "note": ""}, "note"),
        ({"heading": "What it keeps"}, "note"),
        ({"heading": "What it keeps", "note": "x" * 1001}, "note"),
    ):
        refused = await alice.client.post(f"{at}/sections", json=body)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)
    missing = await alice.client.post(f"{CONTENTS}/999999/sections", json={"heading": "x", "note": "why"})
    assert missing.status_code == 404


async def test_sections_of_others_are_not_there(house: House, alice: Tenant, bob: Tenant) -> None:
    at, own = await article(house, alice), await article(house, bob)
    body = {"heading": "What it keeps", "note": "Say for how long"}
    row = (await alice.client.post(f"{at}/sections", json=body)).json()
    answers = [
        await bob.client.get(f"{at}/sections"),
        await bob.client.post(f"{at}/sections", json=body),
        await bob.client.delete(f"{at}/sections/{row['id']}"),
        await bob.client.post(f"{at}/sections/{row['id']}/retry"),
        await bob.client.delete(f"{own}/sections/{row['id']}"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 5
    other = await article(house, alice, "boilers")
    assert (await alice.client.delete(f"{other}/sections/{row['id']}")).status_code == 404
    assert len((await alice.client.get(f"{at}/sections")).json()["items"]) == 1
