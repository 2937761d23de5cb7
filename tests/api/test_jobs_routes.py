"""Jobs over the API: each is one video on its way."""

from api.api_house import Tenant
from api.rows import park
from desk.video_rows import film, scenes
from nightdesk.bootstrap import House
from nightdesk.store.tables.videos import Scene
from routes.one_house import alice, app, bob, house, tenant_of  # noqa: F401 - fixtures

# ruff: noqa: F811 - fixtures are asked for by their names

V1 = "/api/v1/jobs"


async def test_a_job_is_made_listed_cancelled_and_tried_again(house: House, alice: Tenant) -> None:
    made = await alice.client.post(f"{V1}/", json={"niche_id": alice.site, "topic": "Compost in winter"})
    assert made.status_code == 201, made.text
    job = made.json()
    assert (job["status"], job["stage"], job["error"]) == ("queued", "scripts", None)
    for address in (f"{V1}/{job['id']}", f"/api/jobs/{job['id']}/"):
        assert (await alice.client.get(address)).json() == job
    listed = (await alice.client.get(V1, params={"niche_id": alice.site, "limit": 1})).json()
    assert ([one["id"] for one in listed["items"]], listed["next_cursor"]) == ([job["id"]], None)
    today = (await alice.client.get(f"{V1}/today")).json()
    assert [one["id"] for one in today["items"]] == [job["id"]]
    cancelled = await alice.client.post(f"{V1}/{job['id']}/cancel")
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    again = await alice.client.post(f"{V1}/{job['id']}/run")
    assert (again.status_code, again.json()["status"]) == (202, "queued")
    logs = (await alice.client.get(f"{V1}/{job['id']}/logs")).json()["logs"]
    assert [line["message"] for line in logs] == [
        "A video about “Compost in winter” was asked for.",
        "The video was cancelled.",
        "The video is tried again.",
    ]


async def test_a_failed_job_says_why_and_goes_on_from_there(house: House, alice: Tenant) -> None:
    made = await film(house, alice, status="captioned")
    third = (await scenes(house, alice, made.id))[2]
    await park(house, alice, Scene, third.id)
    failed = (await alice.client.get(V1, params={"status": "failed"})).json()["items"]
    assert [(one["id"], one["error"].split(":")[0]) for one in failed] == [(made.id, "Scene 3")]
    retried = await alice.client.post(f"{V1}/{made.id}/retry")
    assert (retried.status_code, retried.json()["error"]) == (202, None)
    assert (await alice.client.post(f"{V1}/{made.id}/retry")).status_code == 409


async def test_jobs_of_another_workspace_do_not_exist(house: House, alice: Tenant, bob: Tenant) -> None:
    theirs = await film(house, bob)
    for method, path in (
        ("GET", ""),
        ("GET", "/logs"),
        ("POST", "/run"),
        ("POST", "/retry"),
        ("POST", "/cancel"),
        ("POST", "/approve"),
    ):
        answer = await alice.client.request(method, f"{V1}/{theirs.id}{path}")
        assert answer.status_code == 404, (method, path, answer.text)
    assert (await alice.client.get(V1, params={"niche_id": bob.site})).status_code == 404
    assert (await alice.client.get(V1, params={"status": "lost"})).status_code == 400
    assert (await alice.client.post(f"{V1}/{(await film(house, alice)).id}/run")).status_code == 409
