"""The API of accounts and publications, as clients use it."""

from typing import Any

from api.api_house import Tenant
from desk.video_rows import film
from nightdesk.bootstrap import House
from nightdesk.store.tables.publishing import Publication

V1 = "/api/v1"


async def connected(tenant: Tenant, name: str = "Shelf") -> dict[str, Any]:
    body = {"platform": "folder", "name": name, "values": {"folder": "shelf"}}
    answer = await tenant.client.post(f"{V1}/accounts", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    await tenant.client.post(f"{V1}/accounts/{found['id']}/niches/{tenant.site}")
    return found


async def test_an_account_is_connected_told_of_paused_and_removed(alice: Tenant) -> None:
    made = await connected(alice)
    assert (made["status"], made["remote_name"], made["niches"]) == ("connected", "shelf", [])
    path = f"{V1}/accounts/{made['id']}"
    assert (await alice.client.get(path)).json()["niches"] == [{"niche_id": alice.site, "options": {}}]
    status = (await alice.client.get(f"{V1}/accounts/status")).json()
    assert status["counts"] == {"connected": 1}
    changed = await alice.client.patch(path, json={"paused": True, "day_cap": 3})
    assert (changed.json()["paused"], changed.json()["day_cap"]) == (True, 3)
    assert (await alice.client.delete(path)).status_code == 204
    assert (await alice.client.get(path)).status_code == 404


async def test_what_cannot_be_an_account_is_refused_by_its_field(alice: Tenant) -> None:
    wrong = {"platform": "folder", "name": "x", "values": {"folder": "../up"}}
    answer = await alice.client.post(f"{V1}/accounts", json=wrong)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "values.folder")
    unknown = await alice.client.post(f"{V1}/accounts", json=wrong | {"values": {"speed": "9"}})
    assert unknown.json()["errors"][0]["field"] == "values.speed"


async def test_another_workspace_s_accounts_and_publications_do_not_exist(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    made = await connected(alice)
    for method, path in (
        ("GET", f"/accounts/{made['id']}"),
        ("DELETE", f"/accounts/{made['id']}"),
        ("POST", f"/accounts/{made['id']}/verify"),
        ("POST", f"/accounts/{made['id']}/niches/{bob.site}"),
    ):
        assert (await bob.client.request(method, f"{V1}{path}")).status_code == 404, path
    of_bob = await film(house, bob, status="approved")
    body = {"video_id": of_bob.id, "accounts": [made["id"]]}
    assert (await bob.client.post(f"{V1}/publishing/publish", json=body)).status_code == 404


async def test_a_video_is_published_once_and_its_story_can_be_read(house: House, alice: Tenant) -> None:
    await connected(alice)
    made = await film(house, alice, status="approved")
    first = await alice.client.post(f"{V1}/publishing/publish", json={"video_id": made.id})
    again = await alice.client.post(f"{V1}/publishing/publish", json={"video_id": made.id})
    assert first.json()["jobs"][0]["new"] is True
    assert again.json()["jobs"][0] == first.json()["jobs"][0] | {"new": False}
    await house.outgoing.send_due()
    number = first.json()["jobs"][0]["id"]
    told = (await alice.client.get(f"{V1}/publishing/jobs/{number}")).json()
    assert (told["state"], told["platform"], told["niche_id"]) == ("live", "folder", alice.site)
    assert [line["what"] for line in told["story"]][:3] == ["asked", "taken", "request"]
    listed = (await alice.client.get("/api/publishing/jobs?state=live")).json()
    assert [one["id"] for one in listed["items"]] == [number]
    there = (await alice.client.get(f"{V1}/videos/{made.id}/publishes")).json()
    assert [one["id"] for one in there["publishes"]] == [number]
    assert (await alice.client.post(f"{V1}/publishing/jobs/{number}/cancel")).status_code == 409


async def test_what_is_not_approved_or_fits_no_account_is_said_plainly(house: House, alice: Tenant) -> None:
    made = await film(house, alice)
    waiting = await alice.client.post(f"{V1}/publishing/publish", json={"video_id": made.id})
    assert (waiting.status_code, waiting.json()["code"]) == (409, "bad_state")
    ready = await film(house, alice, status="approved")
    nowhere = await alice.client.post(f"{V1}/publishing/publish", json={"video_id": ready.id})
    assert (nowhere.status_code, nowhere.json()["errors"][0]["field"]) == (422, "accounts")
    both = await alice.client.post(f"{V1}/publishing/publish", json={"video_id": 1, "content_id": 1})
    assert both.status_code == 422


async def test_the_kill_switch_is_seen_and_undone(alice: Tenant) -> None:
    assert (await alice.client.post(f"{V1}/publishing/stop")).json()["stopped"] is True
    assert (await alice.client.get(f"{V1}/publishing/state")).json()["stopped_at"] is not None
    assert (await alice.client.post(f"{V1}/publishing/resume")).json() == {
        "stopped": False,
        "stopped_at": None,
    }


async def test_what_is_not_settled_is_counted_by_its_state(house: House, alice: Tenant) -> None:
    await connected(alice)
    before = (await alice.client.get(f"{V1}/publishing/state")).json()["states"]
    for state in ("held", "held", "ambiguous", "queued", "live"):
        made = await film(house, alice, status="approved")
        asked = await alice.client.post(f"{V1}/publishing/publish", json={"video_id": made.id})
        async with house.store.workspace(alice.workspace) as session:
            row = await session.get_one(Publication, (alice.workspace, asked.json()["jobs"][0]["id"]))
            row.state = state
    after = (await alice.client.get(f"{V1}/publishing/state")).json()["states"]
    more = {state: after[state] - before[state] for state in after}
    assert more == {"held": 2, "ambiguous": 1, "queued": 1, "preparing": 0, "committing": 0}
    listed = (await alice.client.get(f"{V1}/publishing/jobs?state=held")).json()["items"]
    assert len(listed) == after["held"]


async def test_one_that_waits_is_moved_and_cancelled(house: House, alice: Tenant) -> None:
    await connected(alice)
    made = await film(house, alice, status="approved")
    body = {"video_id": made.id, "scheduled_for": "2031-05-01T08:00:00+02:00"}
    number = (await alice.client.post(f"{V1}/publishing/publish", json=body)).json()["jobs"][0]["id"]
    path = f"{V1}/publishing/jobs/{number}"
    assert (await alice.client.get(path)).json()["scheduled_for"] == "2031-05-01T06:00:00Z"
    moved = await alice.client.post(f"{path}/move", json={"scheduled_for": "2031-05-02T08:00:00Z"})
    assert moved.json()["scheduled_for"] == "2031-05-02T08:00:00Z"
    naive = await alice.client.post(f"{path}/move", json={"scheduled_for": "2031-05-02T08:00:00"})
    assert naive.status_code == 422
    assert (await alice.client.post(f"{path}/confirm", json={"live": True})).status_code == 409
    assert (await alice.client.post(f"{path}/cancel")).json()["state"] == "cancelled"
    assert (await alice.client.post(f"{path}/cancel")).status_code == 200


async def test_what_is_asked_for_on_a_full_day_is_answered_with_the_day_it_goes_out(
    house: House, alice: Tenant
) -> None:
    account = (await connected(alice))["id"]
    changed = await alice.client.patch(f"{V1}/accounts/{account}", json={"day_cap": 1})
    assert changed.status_code == 200, changed.text
    asked = []
    for _ in range(2):
        made = await film(house, alice, status="approved")
        body = {"video_id": made.id, "scheduled_for": "2031-05-01T08:00:00Z"}
        asked.append((await alice.client.post(f"{V1}/publishing/publish", json=body)).json())
    (first,), (second,) = (one["jobs"] for one in asked)
    assert (first["scheduled_for"], first["moved"]) == ("2031-05-01T08:00:00Z", "")
    assert second["scheduled_for"] == "2031-05-02T08:00:00Z"
    says = "“Shelf” takes 1 a day and has 1 on Thursday: it goes out on Friday 2 May at 08:00."
    assert second["moved"] == says
    assert [one["message"] for one in asked] == ["1 will go out.", f"1 will go out. {says}"]
    path = f"{V1}/publishing/jobs/{first['id']}/move"
    moved = (await alice.client.post(path, json={"scheduled_for": "2031-05-02T10:00:00Z"})).json()
    assert (moved["scheduled_for"], "has 1 on Friday" in moved["moved"]) == ("2031-05-03T10:00:00Z", True)
