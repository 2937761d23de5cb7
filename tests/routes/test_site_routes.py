"""Sites, credits and keys over the API."""

from typing import Any

from api.api_house import Tenant, client_of
from api.rows import fields
from nightdesk.bootstrap import House
from nightdesk.store import ledger

V1 = "/api/v1"


async def test_a_site_is_made_read_by_number_and_slug_changed_and_archived(alice: Tenant) -> None:
    body = {
        "name": "Wärme & Co",
        "subject": "heating at home",
        "timezone": "Europe/Berlin",
        "language": "de",
        "brand": {"primary": "#aa0011"},
        "prompts": {"article": "Write plainly."},
    }
    made = await alice.client.post(f"{V1}/sites/", json=body)
    assert made.status_code == 201, made.text
    site = made.json()
    assert (site["slug"], site["brand"], site["timezone"]) == (
        "warme-co",
        {"primary": "#aa0011"},
        "Europe/Berlin",
    )
    by_slug = await alice.client.get(f"{V1}/sites/{site['slug']}/")
    assert by_slug.json() == (await alice.client.get(f"{V1}/sites/{site['id']}")).json() == site
    assert (await alice.client.post(f"{V1}/sites", json=body)).status_code == 409
    changed = await alice.client.patch(f"{V1}/sites/{site['slug']}", json={"voice": "calm"})
    assert (changed.json()["voice"], changed.json()["subject"]) == ("calm", "heating at home")
    assert (await alice.client.delete(f"{V1}/sites/{site['id']}")).status_code == 204
    for key in (site["id"], site["slug"]):
        assert (await alice.client.get(f"{V1}/sites/{key}")).status_code == 404
    assert (await alice.client.get(f"{V1}/keywords?site_id={site['id']}")).status_code == 404
    listed = (await alice.client.get(f"{V1}/sites")).json()["items"]
    assert [one["id"] for one in listed] == [alice.site]


async def test_rows_of_an_archived_site_are_out_of_reach(alice: Tenant) -> None:
    keyword = (
        await alice.client.post(f"{V1}/keywords?site_id={alice.site}", json={"phrase": "heaters"})
    ).json()
    await alice.client.delete(f"{V1}/sites/{alice.site}")
    for method in ("GET", "DELETE"):
        answer = await alice.client.request(method, f"{V1}/keywords/{keyword['id']}")
        assert answer.status_code == 404


async def test_an_archived_site_is_listed_when_asked_for_and_comes_back_with_its_rows(alice: Tenant) -> None:
    params = {"site_id": alice.site}
    keyword = (await alice.client.post(f"{V1}/keywords", params=params, json={"phrase": "heaters"})).json()
    site = (await alice.client.get(f"{V1}/sites/{alice.site}")).json()
    assert site["archived_at"] is None
    await alice.client.delete(f"{V1}/sites/{alice.site}")
    assert (await alice.client.get(f"{V1}/sites")).json()["items"] == []
    (archived,) = (await alice.client.get(f"{V1}/sites", params={"archived": True})).json()["items"]
    assert archived == site | {"archived_at": archived["archived_at"]}
    assert archived["archived_at"].endswith("Z")
    for _ in range(2):
        restored = await alice.client.post(f"{V1}/sites/{site['slug']}/restore/")
        assert (restored.status_code, restored.json()) == (200, site)
    assert (await alice.client.get(f"{V1}/sites")).json()["items"] == [site]
    assert (await alice.client.get(f"{V1}/keywords/{keyword['id']}")).status_code == 200
    for key in (0, 987654321, "nobody"):
        assert (await alice.client.post(f"{V1}/sites/{key}/restore")).status_code == 404


async def test_the_name_of_an_archived_site_is_still_taken(alice: Tenant) -> None:
    site = (await alice.client.post(f"{V1}/sites", json={"name": "Heat"})).json()
    await alice.client.delete(f"{V1}/sites/{site['id']}")
    answer = await alice.client.post(f"{V1}/sites", json={"name": "Heat"})
    assert answer.status_code == 409
    assert "archived" in answer.json()["detail"]


async def test_sites_come_page_by_page(alice: Tenant) -> None:
    for number in range(4):
        await alice.client.post(f"{V1}/sites", json={"name": f"Site {number}"})
    names: list[str] = []
    params: dict[str, Any] = {"limit": 2, "order": "name"}
    while True:
        page = (await alice.client.get(f"{V1}/sites", params=params)).json()
        names += [one["name"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert names == ["Alice's site", "Site 0", "Site 1", "Site 2", "Site 3"]


async def test_what_a_site_cannot_be_is_told_by_its_field(alice: Tenant) -> None:
    for body, field in (
        ({}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "x", "timezone": "Mars/Base"}, "timezone"),
        ({"name": "x", "language": "English"}, "language"),
        ({"name": "x", "brand": {"primary": "red"}}, "brand.primary"),
        ({"name": "x", "brand": {"logo": "#aa0011"}}, "brand.logo"),
        ({"name": "x", "prompts": {"article": 5}}, "prompts.article"),
        ({"name": "x", "lexicon": {}}, "lexicon"),
    ):
        answer = await alice.client.post(f"{V1}/sites", json=body)
        assert (answer.status_code, fields(answer)) == (422, [field]), body
    for key in ("nobody", "%00", "%ff", "9" * 30, "x" * 200):
        assert (await alice.client.get(f"{V1}/sites/{key}")).status_code == 404, key


async def test_credits_are_granted_once_per_key_and_booked(alice: Tenant) -> None:
    assert (await alice.client.get(f"{V1}/credits")).json() == {
        "wallet": 10_000,
        "held": 0,
        "spent": 0,
        "granted": 10_000,
    }
    body = {"amount": 500, "note": "for May", "key": "may"}
    assert (await alice.client.post(f"{V1}/credits/grant", json=body)).json()["wallet"] == 10_500
    assert (await alice.client.post(f"{V1}/credits/grant", json=body)).status_code == 409
    await alice.client.post(f"{V1}/credits/grant", json={"amount": 1})
    await alice.client.post(f"{V1}/credits/grant", json={"amount": 1})
    assert (await alice.client.get(f"{V1}/credits")).json()["wallet"] == 10_502
    for amount in (0, -5, 1.5, 10**12, "5", None):
        answer = await alice.client.post(f"{V1}/credits/grant", json={"amount": amount})
        assert (answer.status_code, fields(answer)) == (422, ["amount"]), amount
    newest = (await alice.client.get(f"{V1}/credits/ledger", params={"limit": 3})).json()["items"]
    assert [one["amount"] for one in newest] == [1, 1, 500]
    assert (newest[2]["kind"], newest[2]["note"]) == ("grant", "for May")


async def test_the_ledger_is_paged_even_within_one_instant(house: House, alice: Tenant) -> None:
    async with house.store.workspace(alice.workspace) as session:
        for number in range(7):
            await ledger.grant(session, alice.workspace, f"same-{number}", 1)
    met: list[str] = []
    params: dict[str, Any] = {"limit": 3}
    while True:
        page = (await alice.client.get(f"{V1}/credits/ledger", params=params)).json()
        met += [one["key"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert met == [*(f"grant:same-{number}" for number in range(7)), "grant:start"]
    for cursor in ("x", "WyJuZXdlc3QiLCJhIiw5OTk5OTk5OTk5OTk5OTk5OTk5XQ", "WyJuZXdlc3QiLDUsMV0"):
        answer = await alice.client.get(f"{V1}/credits/ledger", params={"cursor": cursor})
        assert (answer.status_code, fields(answer)) == (400, ["cursor"])


async def test_a_key_is_shown_once_opens_the_desk_and_is_revoked(app: Any, alice: Tenant) -> None:
    made = (await alice.client.post(f"{V1}/keys", json={"name": "front end"})).json()
    assert made["key"].startswith(made["prefix"])
    async with client_of(app, made["key"]) as client:
        assert (await client.get(f"{V1}/sites")).status_code == 200
        listed = (await client.get(f"{V1}/keys")).json()["items"]
        assert [one["name"] for one in listed] == ["test", "front end"]
        assert made["key"] not in (await client.get(f"{V1}/keys")).text
        assert (await alice.client.delete(f"{V1}/keys/{made['id']}")).status_code == 204
        assert (await client.get(f"{V1}/sites")).status_code == 401
    after = (await alice.client.get(f"{V1}/keys")).json()["items"]
    assert after[1]["revoked_at"] is not None
    for name in ("", "  ", "x" * 101, "a\0b", 5):
        answer = await alice.client.post(f"{V1}/keys", json={"name": name})
        assert (answer.status_code, fields(answer)) == (422, ["name"]), name
