"""The routes of the contract's second part about auto mode, accounts, publishing and results, one by one."""

from typing import Any

import pytest

from api.api_house import Tenant
from desk.video_rows import film
from nightdesk.bootstrap import House

ACCOUNT = {"id", "platform", "name", "status", "says", "expires_at", "niches", "config"}
COUNTS = {"views", "likes", "comments", "shares"}
RANKED = {"publication_id", "niche_id", "title", "platform", "url", "live_at", "times", "says"} | COUNTS
PUBLICATION = {"id", "state", "account_id", "platform", "niche_id", "scheduled_for", "url", "error", "key"}


async def ask(
    tenant: Tenant, method: str, path: str, status: int, json: Any = None, *, again: bool = True
) -> Any:
    """The answer under `/api/v1`; where asking again is the same, also under `/api` and with a slash."""
    found = await tenant.client.request(method, f"/api/v1{path}", json=json)
    assert found.status_code == status, (path, found.text)
    if again:
        plain, _, query = path.partition("?")
        slashed = f"/api{plain.rstrip('/')}/" + (f"?{query}" if query else "")
        same = await tenant.client.request(method, slashed, json=json)
        assert (same.status_code, bool(same.history)) == (status, False), slashed
    return found.json() if found.content else None


async def test_auto_mode_and_videos_by_number(house: House, alice: Tenant) -> None:
    site = alice.site
    on = await ask(alice, "POST", f"/niches/{site}/toggle-auto-mode?enabled=true", 200)
    assert (on.keys(), on["auto_mode"], on["posts_per_day"]) == (
        {"message", "auto_mode", "posts_per_day"},
        True,
        2,
    )
    off = await ask(alice, "POST", f"/niches/{site}/toggle-auto-mode?enabled=false&posts_per_day=3", 200)
    assert (off["auto_mode"], off["posts_per_day"]) == (False, 3)
    assert (
        "application/problem+json"
        in (await alice.client.post(f"/api/niches/{site}/toggle-auto-mode")).headers["content-type"]
    )
    await ask(alice, "POST", f"/niches/{site}/toggle-auto-mode", 400)
    await ask(alice, "POST", f"/niches/{site}/toggle-auto-mode?enabled=maybe", 400)
    proposed = await ask(alice, "POST", f"/niches/{site}/generate-topics?count=2", 200, again=False)
    assert proposed.keys() >= {"topics"}
    await house.desk.topics.add_many(alice.workspace, site, [f"Matter {n} of soil" for n in range(9)])
    made = await ask(alice, "POST", f"/niches/automate/{site}", 200, {"video_count": 2}, again=False)
    assert made.keys() >= {"message", "jobs", "niche_id", "auto_publish"}
    assert [job.keys() >= {"id", "topic"} for job in made["jobs"]] == [True, True]
    body = {"niche_ids": [site], "videos_per_niche": 1, "publish": False}
    many = await ask(alice, "POST", "/niches/bulk-automate", 200, body, again=False)
    assert many.keys() >= {"message", "total_jobs", "niches", "jobs", "auto_publish"}
    body = {"platforms": ["youtube"], "scheduled_date": "2031-05-01"}
    await ask(alice, "POST", f"/niches/smart-schedule/{site}", 422, body | {"scheduled_date": "tomorrow"})
    planned = await alice.client.post(f"/api/niches/smart-schedule/{site}", json={"platforms": ["youtube"]})
    assert planned.json().keys() >= {
        "message",
        "scheduled_date",
        "jobs_created",
        "platforms",
        "optimal_times",
    }
    told = await ask(alice, "POST", "/niches/trigger-generation", 200, again=False)
    assert told.keys() >= {"message", "jobs"}
    stats = await ask(alice, "GET", "/niches/platforms/stats", 200)
    wanted = {"total_niches", "active_niches", "total_posts_per_day", "niches"}
    assert all(one.keys() >= wanted for one in stats.values())


async def test_accounts_and_publications(house: House, alice: Tenant, bob: Tenant) -> None:
    body = {"platform": "folder", "name": "Shelf", "values": {"folder": "shelf"}}
    account = await ask(alice, "POST", "/accounts/", 201, body, again=False)
    assert account.keys() >= ACCOUNT
    here = f"/accounts/{account['id']}"
    assert (await ask(alice, "GET", "/accounts/", 200))["items"][0].keys() >= ACCOUNT
    assert (await ask(alice, "GET", here, 200))["id"] == account["id"]
    assert (await ask(alice, "PATCH", here, 200, {"name": "Rack"}))["name"] == "Rack"
    status = await ask(alice, "GET", "/accounts/status", 200)
    assert status["accounts"][0]["status"] in ("connected", "missing_config", "expired", "error")
    assert (await ask(alice, "POST", f"{here}/verify", 200))["status"] == "connected"
    assert (await ask(alice, "POST", f"{here}/niches/{alice.site}", 200))["niches"]
    video = await film(house, alice, status="approved")
    sent = await ask(alice, "POST", "/publishing/publish", 200, {"video_id": video.id})
    assert sent.keys() == {"message", "jobs"}
    job = f"/publishing/jobs/{sent['jobs'][0]['id']}"
    listed = await ask(alice, "GET", "/publishing/jobs", 200)
    assert listed.keys() == {"items", "next_cursor"}
    assert listed["items"][0].keys() >= PUBLICATION
    assert (await ask(alice, "POST", f"{job}/confirm", 409, {"live": True})).keys() >= {"type", "title"}
    assert (await ask(alice, "POST", f"{job}/cancel", 200))["state"] == "cancelled"
    for method, path in (
        ("GET", here),
        ("POST", f"{here}/verify"),
        ("POST", f"{job}/cancel"),
        ("POST", f"{job}/confirm"),
        ("DELETE", f"{here}/niches/{bob.site}"),
    ):
        await ask(bob, method, path, 404, {"live": True} if path.endswith("confirm") else None)
    assert (await ask(alice, "DELETE", f"{here}/niches/{alice.site}", 200))["niches"] == []
    await ask(alice, "DELETE", here, 204, again=False)


@pytest.mark.parametrize(
    ("path", "within", "fields"),
    [
        ("summary", None, {"published", "measured", "gained"} | COUNTS),
        ("trends", "days", {"day", "published"} | COUNTS),
        ("top-videos", "items", RANKED),
        ("underperformers", "items", RANKED),
        ("by-niche", "niches", {"niche_id", "name", "slug", "published"} | COUNTS),
    ],
)
async def test_results(alice: Tenant, path: str, within: str | None, fields: set[str]) -> None:
    told = await ask(alice, "GET", f"/analytics/{path}?days=7", 200)
    assert all(one.keys() >= fields for one in ([told] if within is None else told[within]))
    await ask(alice, "GET", f"/analytics/{path}?days=0", 400)
    await ask(alice, "GET", f"/analytics/{path}?niche_id=999999", 404)


async def test_results_by_platform_are_read_again_and_tool_servers_told(alice: Tenant) -> None:
    assert (await ask(alice, "GET", "/analytics/by-platform", 200)).keys() == {"platforms"}
    assert (await ask(alice, "POST", "/analytics/refresh", 202)).keys() >= {"message"}
    assert (await ask(alice, "GET", "/mcp/status", 200)).keys() >= {"status"}
    assert (await ask(alice, "GET", "/mcp/connectors", 200)).keys() == {"connectors"}


async def test_nobody_is_told_anything(nobody: Any) -> None:
    for path in ("accounts/", "accounts/status", "publishing/jobs", "analytics/summary", "mcp/status"):
        assert (await nobody.get(f"/api/{path}")).status_code == 401, path
