"""A workspace chooses its providers and hands over keys that nobody gets to read again."""

import pytest
from sqlalchemy import select, text

from nightdesk.kit.endings import NeedsPerson
from nightdesk.providers.calls import ListMeter
from nightdesk.store.tables.access import ProviderKey
from nightdesk.store.tables.tenancy import Site

KEY = "sk-canary-0123456789-WXYZ"


def chosen(answer, kind):
    return next(one for one in answer.json()["providers"] if one["kind"] == kind)


async def bench_of(house, tenant):
    async with house.store.workspace(tenant.workspace) as session:
        site = await session.get_one(Site, (tenant.workspace, tenant.site))
        return await house.desk.providers.make_bench(session, site, {}, ListMeter())


async def test_without_a_choice_the_operators_hold(alice):
    answer = await alice.client.get("/api/v1/providers")
    assert chosen(answer, "text") == {
        "kind": "text",
        "chosen": "offline",
        "chosen_at": "environment",
        "key": None,
    }


async def test_a_sites_choice_goes_before_its_workspaces(house, alice):
    await alice.client.put("/api/v1/providers/text", json={"choice": "openai:workspace-model"})
    answer = await alice.client.put(
        "/api/v1/providers/text", params={"site_id": alice.site}, json={"choice": "openai:site-model"}
    )
    assert chosen(answer, "text")["chosen"] == "openai:site-model"
    assert chosen(answer, "text")["chosen_at"] == "site"
    await alice.client.put("/api/v1/providers/text/key", json={"key": KEY})
    assert (await bench_of(house, alice)).text.label == "openai:site-model"
    back = await alice.client.put(
        "/api/v1/providers/text", params={"site_id": alice.site}, json={"choice": ""}
    )
    assert chosen(back, "text")["chosen"] == "openai:workspace-model"


async def test_a_key_is_sealed_and_shown_by_its_last_four_characters(house, alice):
    kept = await alice.client.put("/api/v1/providers/text/key", json={"key": KEY})
    assert kept.json() == {"kind": "text", "key": "…WXYZ"}
    listed = await alice.client.get("/api/v1/providers")
    assert "canary" not in kept.text + listed.text
    async with house.store.everywhere() as session:
        row = (await session.scalars(select(ProviderKey))).one()
        dump = str((await session.execute(text("select row_to_json(p)::text from provider_keys p"))).all())
    assert "canary" not in dump
    assert row.last_four == "…WXYZ"


async def test_a_key_moved_to_another_workspace_opens_nothing(house, alice, bob):
    await alice.client.put("/api/v1/providers/text", json={"choice": "openai:m"})
    await bob.client.put("/api/v1/providers/text", json={"choice": "openai:m"})
    await alice.client.put("/api/v1/providers/text/key", json={"key": KEY})
    async with house.store.everywhere() as session:
        row = (await session.scalars(select(ProviderKey))).one()
        row.workspace_id = bob.workspace
    with pytest.raises(NeedsPerson):
        await bench_of(house, bob)


async def test_a_choice_without_its_key_says_what_to_do(house, alice):
    await alice.client.put("/api/v1/providers/text", json={"choice": "openai:m"})
    with pytest.raises(NeedsPerson, match="key"):
        await bench_of(house, alice)


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("text", {"choice": "nobody:m"}, 422),
        ("music", {"choice": "offline"}, 422),
        ("text", {"choice": "offline", "base_url": "http://127.0.0.1:9"}, 422),
        ("text", {}, 422),
    ],
)
async def test_what_cannot_be_chosen_is_refused(alice, kind, body, status):
    assert (await alice.client.put(f"/api/v1/providers/{kind}", json=body)).status_code == status


async def test_anothers_site_is_not_there(alice, bob):
    for site in (bob.site, 999_999):
        answer = await alice.client.put(
            "/api/v1/providers/text", params={"site_id": site}, json={"choice": "offline"}
        )
        assert answer.status_code == 404


async def test_a_forgotten_key_is_gone(alice):
    await alice.client.put("/api/v1/providers/text/key", json={"key": KEY})
    assert (await alice.client.delete("/api/v1/providers/text/key")).status_code == 204
    assert (await alice.client.delete("/api/v1/providers/text/key")).status_code == 404
    assert chosen(await alice.client.get("/api/v1/providers"), "text")["key"] is None
