"""Values that no client means, for accounts, publications, webhooks and results: never a 500."""

import json
from typing import Any

import pytest
from sqlalchemy import update

from api.api_house import Tenant
from desk.video_rows import film
from nightdesk.bootstrap import House
from nightdesk.store.tables.publishing import Publication

V1 = "/api/v1"
TIMES = (
    *("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999-12:00"),
    *("9999-12-31T23:59:59Z", "10000-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "1e30", "-1", "２０２６"),
)
ZONES = (
    "../../etc/passwd",
    "/etc/localtime",
    "Europe/Berlin/",
    "EUROPE/BERLIN",
    "\x00",
    "a" * 60,
)
TEXTS = ("\x00", "a\ud800", "\u202e", " ", "{{7*7}}%00")
NUMBERS: tuple[Any, ...] = (10**30, -(10**30), 2**63, 1e400, 0, -1, 1.5, True, "1", None, [], {})


async def _asked(tenant: Tenant, method: str, path: str, **more: Any) -> int:
    body = more.pop("body", None)
    if body is not None:
        more |= {"content": _written(body), "headers": {"Content-Type": "application/json"}}
    answer = await tenant.client.request(method, f"{V1}{path}", **more)
    assert answer.status_code < 500, f"{method} {path} {body} {more}: {answer.text[:400]}"
    assert "Traceback" not in answer.text
    return int(answer.status_code)


def _written(value: Any) -> bytes:
    return json.dumps(value).replace("Infinity", "1e400").encode("utf-8", "surrogatepass")


async def _queued(house: House, tenant: Tenant) -> tuple[int, int, int]:
    """A publication that waits, its account and its video."""
    body = {"platform": "folder", "name": "Odd", "values": {"folder": "odd"}}
    account = (await tenant.client.post(f"{V1}/accounts", json=body)).json()["id"]
    made = await film(house, tenant, status="approved")
    wish = {"video_id": made.id, "accounts": [account], "scheduled_for": "2090-01-01T00:00:00Z"}
    answer = await tenant.client.post(f"{V1}/publishing/publish", json=wish)
    return answer.json()["jobs"][0]["id"], account, made.id


@pytest.mark.parametrize("at", TIMES)
async def test_a_time_that_is_none_or_far_away_is_answered(house: House, alice: Tenant, at: str) -> None:
    number, account, video = await _queued(house, alice)
    try:
        await _asked(alice, "POST", f"/publishing/jobs/{number}/move", body={"scheduled_for": at})
        body = {"video_id": video, "accounts": [account], "scheduled_for": at}
        await _asked(alice, "POST", f"/publishing/jobs/{number}/cancel")
        await _asked(alice, "POST", "/publishing/publish", body=body)
        for name in ("planned_from", "planned_before"):
            await _asked(alice, "GET", "/publishing/jobs", params={name: at})
        await _asked(alice, "GET", f"/publishing/jobs/{number}")
        for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
            await alice.client.patch(f"{V1}/accounts/{account}", json={"timezone": zone})
            await _asked(alice, "GET", "/publishing/jobs")
    finally:
        async with house.store.workspace(alice.workspace) as session:
            gone = update(Publication).where(Publication.id == number)
            await session.execute(gone.values(state="cancelled"))


@pytest.mark.parametrize("zone", ZONES)
async def test_a_zone_that_is_none_is_refused(alice: Tenant, zone: str) -> None:
    body = {"platform": "folder", "name": "Odd", "values": {"folder": "odd"}, "timezone": zone}
    assert await _asked(alice, "POST", "/accounts", body=body) == 422


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
async def test_a_text_that_is_odd_is_kept_or_refused(house: House, alice: Tenant, text: str) -> None:
    number, account, video = await _queued(house, alice)
    for body in (
        {"platform": "folder", "name": text, "values": {"folder": "odd"}},
        {"platform": "folder", "name": "Odd", "values": {"folder": text}},
        {"platform": "folder", "name": "Odd", "values": {text: "odd"}},
        {"platform": "x", "way": "mcp", "name": "Odd", "values": {"arguments": text, "url": text}},
    ):
        await _asked(alice, "POST", "/accounts", body=body)
    for options in ({text: 1}, {"link": text}, {"meta": {"a": [text]}}, {"categories": [text, 10**30]}):
        link = {"options": options}
        await _asked(alice, "POST", f"/accounts/{account}/niches/{alice.site}", body=link)
        wish = {"video_id": video, "accounts": [account], "options": options}
        await _asked(alice, "POST", f"/publishing/jobs/{number}/cancel")
        await _asked(alice, "POST", "/publishing/publish", body=wish)
    await _asked(alice, "POST", f"/publishing/jobs/{number}/confirm", body={"live": True, "url": text})
    await _asked(alice, "POST", "/webhooks", body={"url": f"https://{text}.test/", "wants": [text]})
    await _asked(alice, "POST", "/webhooks/in", body={"name": text, "niche_id": alice.site, "does": text})
    await _asked(alice, "GET", "/publishing/jobs", params={"cursor": text.encode("utf-8", "replace")})
    await _asked(alice, "POST", f"/publishing/jobs/{number}/cancel")


@pytest.mark.parametrize("number", NUMBERS, ids=str)
async def test_a_number_that_is_none_is_refused(alice: Tenant, number: Any) -> None:
    wish = {"content_id": number, "accounts": [number]}
    assert await _asked(alice, "POST", "/publishing/publish", body=wish) in (404, 422)
    await _asked(alice, "POST", "/publishing/publish", body={"video_id": number})
    account = {"platform": "folder", "name": "Odd", "values": {"folder": "odd"}, "day_cap": number}
    await _asked(alice, "POST", "/accounts", body=account)
    await _asked(alice, "POST", "/webhooks/in", body={"name": "x", "niche_id": number, "does": "topic"})
    for path in ("/publishing/jobs", "/accounts", "/webhooks", "/analytics/growth"):
        await _asked(alice, "GET", f"{path}/{number}")
    for name in ("niche_id", "account_id", "content_id", "video_id", "limit"):
        await _asked(alice, "GET", "/publishing/jobs", params={name: str(number)})
    await _asked(alice, "GET", "/analytics/summary", params={"niche_id": str(number), "days": str(number)})
