"""The API of results: sums, days, the best and the worst, and nothing of another's."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from api.api_house import Tenant
from insights.out_there import NOW, account, out, piece, reading
from nightdesk.bootstrap import House
from nightdesk.desk.results.figures import days

V1 = "/api/v1/analytics"


def ago(**of: float) -> datetime:
    return datetime.now(UTC) - timedelta(**of)


async def told(house: House, tenant: Tenant) -> list[int]:
    """Four videos on one platform, of which the third did best, and an article that nobody counts."""
    of, other = await account(house, tenant), await account(house, tenant, "wordpress")
    numbers = [
        await out(house, tenant, of, ago(days=3 + n), views={1: 2, 24: views}, title=f"Video {n}")
        for n, views in enumerate((100, 100, 900, 20))
    ]
    await out(house, tenant, other, ago(days=2), title="Uncounted")
    return numbers


async def test_what_was_published_is_summed_up_by_day_niche_and_platform(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    await told(house, alice)
    await told(house, bob)
    summary = (await alice.client.get(f"{V1}/summary")).json()
    assert (summary["published"], summary["measured"], summary["views"]) == (5, 4, 1120)
    assert (summary["likes"], summary["gained"]["views"]) == (None, 1120)
    days = (await alice.client.get(f"{V1}/trends?days=10&zone=Europe/Berlin")).json()["days"]
    assert len(days) == 10
    assert sum(day["published"] for day in days) == 5
    assert abs(sum(day["views"] for day in days) - 1120) <= 10
    platforms = (await alice.client.get(f"{V1}/by-platform")).json()["platforms"]
    assert platforms["wordpress"] == {
        "published": 1,
        "measured": 0,
        "views": None,
        "likes": None,
        "comments": None,
        "shares": None,
    }
    assert platforms["youtube"]["views"] == 1120
    (niche,) = (await alice.client.get(f"/api/analytics/by-niche?niche_id={alice.site}")).json()["niches"]
    assert (niche["niche_id"], niche["published"]) == (alice.site, 5)


async def test_the_best_and_the_worst_come_first_with_a_reason(house: House, alice: Tenant) -> None:
    numbers = await told(house, alice)
    top = (await alice.client.get(f"{V1}/top-videos?limit=2")).json()["items"]
    assert len(top) == 2
    assert top[0]["publication_id"] == numbers[2]
    assert top[0]["times"] > 2
    assert "times what is usual of its account after a day, beside 3 others" in top[0]["says"]
    worst = (await alice.client.get(f"{V1}/underperformers")).json()["items"]
    assert worst[0]["publication_id"] == numbers[3]
    assert worst[0]["times"] < 0.5
    assert numbers[2] not in [one["publication_id"] for one in worst]
    assert (await alice.client.get(f"{V1}/top-videos?kind=article")).json()["items"] == []


async def test_reading_again_is_asked_for_once_in_a_while(house: House, alice: Tenant) -> None:
    numbers = await told(house, alice)
    answer = await alice.client.post(f"{V1}/refresh")
    assert (answer.status_code, answer.json()["asked"]) == (202, 5)
    due = (await reading(house, alice, numbers[0])).due_at
    assert due is not None
    assert due <= datetime.now(UTC)
    assert (await alice.client.post(f"{V1}/refresh?niche_id={alice.site}")).json()["asked"] == 0


async def test_the_growth_rule_is_shown_and_switched(alice: Tenant) -> None:
    path = f"{V1}/growth/{alice.site}"
    shown = (await alice.client.get(path)).json()
    assert (shown["mode"], shown["follows"], shown["enough"]) == ("auto", False, 20)
    assert "0 of the 20" in shown["says"]
    assert (await alice.client.put(path, json={"mode": "on"})).json()["follows"] is True
    assert (await alice.client.put(path, json={"mode": "often"})).status_code == 422


async def test_results_of_another_workspace_do_not_exist(house: House, alice: Tenant, bob: Tenant) -> None:
    await told(house, alice)
    assert (await bob.client.get(f"{V1}/summary")).json()["published"] == 0
    for method, path in (
        ("GET", f"/summary?niche_id={alice.site}"),
        ("GET", f"/top-videos?niche_id={alice.site}"),
        ("POST", f"/refresh?niche_id={alice.site}"),
        ("GET", f"/growth/{alice.site}"),
    ):
        assert (await bob.client.request(method, f"{V1}{path}")).status_code == 404, path
    assert (await bob.client.put(f"{V1}/growth/{alice.site}", json={"mode": "on"})).status_code == 404
    assert (await bob.client.post(f"{V1}/refresh")).json()["asked"] == 0


async def test_what_cannot_be_asked_is_refused(alice: Tenant) -> None:
    for query in ("days=0", "days=9999", "zone=Nowhere/At_all", "zone=../etc", "niche_id=0"):
        assert (await alice.client.get(f"{V1}/trends?{query}")).status_code in (400, 422), query


def test_whole_numbers_of_days_add_up_to_what_was_gained() -> None:
    for hour in range(24):
        live = NOW.replace(hour=hour, minute=7)
        found = days([piece(1, 1000, live_at=live)], live.date(), live.date() + timedelta(8), ZoneInfo("UTC"))
        assert sum(day.of("views") for day in found) == 1000
