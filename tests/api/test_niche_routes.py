"""Niches over the API, as clients of the second original system ask for them (CONTRACT §2)."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select

from api.api_house import Tenant
from api.rows import add_chain, fields
from nightdesk.bootstrap import House
from nightdesk.store.tables.feeds import Feed
from nightdesk.store.tables.videos import Video
from routes.one_house import alice, app, bob, house, tenant_of  # noqa: F401 - fixtures

# ruff: noqa: F811 - fixtures are asked for by their names

V1 = "/api/v1/niches"
BODY = {
    "name": "Heap & Soil",
    "description": "Home composting",
    "language": "de",
    "timezone": "Europe/Berlin",
    "tone": "Plain.",
    "platforms": ["tiktok", "youtube"],
    "hours": [19, 7],
    "posts_per_day": 3,
    "video": {"duration": 45, "format": "9:16"},
    "brand": {"primary": "#112233"},
}


async def stock(house: House, tenant: Tenant, *titles: str, site: int | None = None) -> None:
    await house.desk.topics.add_many(tenant.workspace, site or tenant.site, titles)


async def test_a_niche_is_made_read_changed_archived_and_restored(alice: Tenant) -> None:
    made = await alice.client.post(f"{V1}/", json=BODY)
    assert made.status_code == 201, made.text
    niche = made.json()
    assert (niche["slug"], niche["subject"], niche["description"], niche["voice"]) == (
        "heap-soil",
        "Home composting",
        "Home composting",
        "Plain.",
    )
    assert (niche["hours"], niche["platforms"], niche["posts_per_day"]) == ([7, 19], ["youtube", "tiktok"], 3)
    assert (niche["is_active"], niche["auto_mode"], niche["topics"]) == (
        True,
        False,
        {"new": 0, "used": 0, "dismissed": 0},
    )
    for path in (
        f"{V1}/{niche['id']}",
        f"{V1}/heap-soil/",
        "/api/niches/heap-soil/",
        f"/api/niches/{niche['id']}",
    ):
        assert (await alice.client.get(path)).json() == niche, path
    as_site = (await alice.client.get(f"/api/v1/sites/{niche['id']}")).json()
    assert (as_site["slug"], as_site["voice"]) == ("heap-soil", "Plain.")
    changed = await alice.client.patch(
        f"{V1}/heap-soil", json={"posts_per_day": 5, "brand": {"text": "#000000"}}
    )
    assert changed.json()["posts_per_day"] == 5
    assert changed.json()["brand"] == {"primary": "#112233", "text": "#000000"}
    gone = await alice.client.delete(f"{V1}/heap-soil")
    assert (gone.status_code, gone.json()["is_active"]) == (200, False)
    assert (await alice.client.get(f"{V1}/heap-soil")).status_code == 404
    back = await alice.client.post(f"{V1}/heap-soil/restore")
    assert back.json() == changed.json()
    off = await alice.client.patch(f"{V1}/heap-soil", json={"is_active": False})
    assert off.json()["is_active"] is False
    assert (await alice.client.patch(f"{V1}/heap-soil", json={"is_active": True})).json() == changed.json()


async def test_a_new_niche_gets_feeds_for_its_subject_that_are_due_at_once(
    house: House, alice: Tenant
) -> None:
    subject = house.desk.niches.shelf.subjects()[0]
    niche = (await alice.client.post(V1, json={"name": "Fed", "subject": subject})).json()
    assert niche["feeds"] > 0
    async with house.store.workspace(alice.workspace) as session:
        feeds = list(await session.scalars(select(Feed).where(Feed.site_id == niche["id"])))
    assert all(feed.is_default and feed.due_at <= house.clock.now() for feed in feeds)
    strange = await alice.client.post(V1, json={"name": "Unfed", "subject": "qwertz uiop"})
    assert (strange.status_code, strange.json()["feeds"]) == (201, 0)


async def test_niches_are_listed_from_where_one_likes(alice: Tenant) -> None:
    for number in range(4):
        await alice.client.post(V1, json={"name": f"Niche {number}"})
    await alice.client.delete(f"{V1}/niche-3")

    async def names(**asked: Any) -> list[str]:
        return [one["slug"] for one in (await alice.client.get(f"{V1}/", params=asked)).json()["items"]]

    assert await names() == ["alices-site", "niche-0", "niche-1", "niche-2"]
    assert await names(skip=1, limit=2) == ["niche-0", "niche-1"]
    assert await names(skip=9) == []
    assert (await names(active_only=False))[-1] == "niche-3"
    first = (await alice.client.get(V1, params={"limit": 3})).json()
    rest = (await alice.client.get(V1, params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (3, 1, None)


async def test_auto_mode_is_toggled_with_the_article_lines_schedule(alice: Tenant) -> None:
    at = f"{V1}/{alice.site}/toggle-auto-mode"
    on = await alice.client.post(at, params={"enabled": True, "posts_per_day": 4})
    assert on.json().keys() == {"message", "auto_mode", "posts_per_day"}
    assert (on.json()["auto_mode"], on.json()["posts_per_day"]) == (True, 4)
    config = await alice.client.get("/api/v1/automation/config", params={"site_id": alice.site})
    assert config.json()["is_enabled"]
    assert (await alice.client.post(at, params={"enabled": False})).json()["posts_per_day"] == 2
    for params in ({}, {"enabled": "perhaps"}, {"enabled": True, "posts_per_day": 0}):
        assert (await alice.client.post(at, params=params)).status_code == 400, params


async def test_videos_are_asked_for_by_query_or_by_body(house: House, alice: Tenant) -> None:
    await stock(house, alice, "Worms in winter", "Bokashi at home", "Leaf mould", "Ash and lime")
    at = f"{V1}/automate/{alice.site}"
    made = (await alice.client.post(at, params={"video_count": 2, "publish": True})).json()
    assert made.keys() == {"message", "jobs", "niche_id", "auto_publish"}
    assert [job.keys() for job in made["jobs"]] == [{"id", "topic"}] * 2
    assert (made["niche_id"], made["auto_publish"]) == (alice.site, True)
    assert "wait for the video line" in made["message"]
    again = await alice.client.post(at, json={"video_count": 5, "video_model": "m"})
    assert len(again.json()["jobs"]) == 2
    assert "Too few unused topics" in again.json()["message"]
    assert (await alice.client.post(at)).status_code == 409
    assert fields(await alice.client.post(at, params={"video_count": 1}, json={"video_count": 2})) == [
        "video_count"
    ]
    async with house.store.workspace(alice.workspace) as session:
        videos = list(await session.scalars(select(Video).where(Video.site_id == alice.site)))
    assert [(video.publish, video.model) for video in videos] == [
        (True, ""),
        (True, ""),
        (False, "m"),
        (False, "m"),
    ]


async def test_many_niches_are_automated_at_once(house: House, alice: Tenant) -> None:
    other = (await alice.client.post(V1, json={"name": "Other"})).json()["id"]
    await stock(house, alice, "Worms in winter", "Leaf mould")
    await stock(house, alice, "Stars in winter", "Moons", "Comets", site=other)
    ids = [alice.site, other]
    made = (await alice.client.post(f"{V1}/bulk-automate", json={"niche_ids": ids})).json()
    assert made.keys() == {"message", "total_jobs", "niches", "jobs", "auto_publish"}
    assert (made["total_jobs"], made["niches"], {job["niche_id"] for job in made["jobs"]}) == (2, 2, set(ids))
    listed = await alice.client.post(f"{V1}/bulk-automate", params={"videos_per_niche": 1}, json=ids)
    assert listed.json()["total_jobs"] == 2
    triggered = (await alice.client.post(f"{V1}/trigger-generation")).json()
    assert [job["niche_id"] for job in triggered["jobs"]] == [other]
    nothing = (await alice.client.post(f"{V1}/trigger-generation", params={"niche_ids": ids})).json()
    assert nothing["jobs"] == []
    for body, status in (({}, 400), ({"niche_ids": []}, 422), ([0], 422), (["x"], 422)):
        answer = await alice.client.post(f"{V1}/bulk-automate", json=body)
        assert (answer.status_code, fields(answer)[0].split(".")[0]) == (status, "niche_ids"), body


async def test_a_smart_schedule_says_when(house: House, alice: Tenant) -> None:
    await stock(house, alice, "Worms in winter", "Leaf mould")
    at = f"{V1}/smart-schedule/{alice.site}"
    today = house.clock.now().date().isoformat()
    made = (await alice.client.post(at, json={"platforms": ["x", "youtube"], "scheduled_date": today})).json()
    assert made.keys() == {"message", "scheduled_date", "jobs_created", "platforms", "optimal_times"}
    assert (made["scheduled_date"], made["jobs_created"], made["platforms"]) == (today, 2, ["youtube", "x"])
    instants = [datetime.fromisoformat(one) for one in made["optimal_times"].values()]
    assert all(one > house.clock.now() for one in instants)
    for body in ({"platforms": ["myspace"]}, {"scheduled_date": "soon"}, {"scheduled_date": "2020-01-01"}):
        assert (await alice.client.post(at, json=body)).status_code == 422, body
    assert (await alice.client.post(at, params={"scheduled_date": "soon"})).status_code == 400
    assert (await alice.client.post(at)).status_code == 409


async def test_platforms_tell_how_many_niches_go_there(alice: Tenant) -> None:
    await alice.client.post(V1, json=BODY)
    await alice.client.post(V1, json={"name": "Gone", "platforms": ["youtube"]})
    await alice.client.delete(f"{V1}/gone")
    stats = (await alice.client.get(f"{V1}/platforms/stats")).json()
    youtube = stats["youtube"]
    assert youtube.keys() == {"total_niches", "active_niches", "total_posts_per_day", "niches"}
    assert (youtube["total_niches"], youtube["active_niches"], youtube["total_posts_per_day"]) == (2, 1, 3)
    assert [one["slug"] for one in youtube["niches"]] == ["heap-soil"]
    assert stats["x"]["total_niches"] == 0


async def test_a_niche_is_exported_and_taken_back(house: House, alice: Tenant, bob: Tenant) -> None:
    await alice.client.post(V1, json=BODY)
    document = (await alice.client.get(f"{V1}/heap-soil/config")).json()
    made = await bob.client.post("/api/niches/import", json=document)
    assert (made.status_code, made.json()["slug"], made.json()["notes"]) == (201, "heap-soil", [])
    assert (await bob.client.get(f"{V1}/heap-soil/config")).json() == document
    again = await bob.client.post(f"{V1}/import", json=document)
    assert (again.json()["slug"], len(again.json()["notes"])) == ("heap-soil-2", 1)
    for wrong in (
        {},
        {"kind": "other"},
        document | {"version": 9},
        document | {"hours": [99]},
        document | {"x": 1},
    ):
        answer = await bob.client.post(f"{V1}/import", json=wrong)
        assert answer.status_code == 422, wrong
        assert "Nothing was made" in answer.json()["detail"] or fields(answer)
    large = await bob.client.post(f"{V1}/import", json=document | {"voice": "x" * 2**20})
    assert large.status_code == 413


async def test_the_next_topic_is_given_to_one_caller_alone(house: House, alice: Tenant) -> None:
    await stock(house, alice, "Worms in winter", "Leaf mould")
    at = "/api/generator/topic"
    first = (await alice.client.post(at, params={"niche_id": alice.site})).json()
    assert first.keys() == {"topic", "source", "data"}
    assert first["source"] == "list"
    second = (await alice.client.post(at, params={"niche_id": alice.site, "source": "list"})).json()
    assert {first["topic"], second["topic"]} == {"Worms in winter", "Leaf mould"}
    for source in ("auto", "rss", "list", "trending"):
        answer = await alice.client.post(at, params={"niche_id": alice.site, "source": source})
        assert answer.status_code == 404, source
    assert (await alice.client.post(at)).status_code == 400
    assert (await alice.client.post(at, params={"niche_id": alice.site, "source": "x"})).status_code == 400


async def test_no_route_tells_of_another_workspaces_niche(alice: Tenant, bob: Tenant) -> None:
    for method, path, body in (
        ("GET", f"{V1}/{{}}", None),
        ("PATCH", f"{V1}/{{}}", {"voice": "calm"}),
        ("DELETE", f"{V1}/{{}}", None),
        ("POST", f"{V1}/{{}}/restore", None),
        ("GET", f"{V1}/{{}}/config", None),
        ("POST", f"{V1}/{{}}/generate-topics", None),
        ("POST", f"{V1}/{{}}/toggle-auto-mode?enabled=true", None),
        ("POST", f"{V1}/automate/{{}}", None),
        ("POST", f"{V1}/smart-schedule/{{}}", None),
        ("POST", "/api/v1/generator/topic?niche_id={}", None),
    ):
        foreign = await alice.client.request(method, path.format(bob.site), json=body)
        missing = await alice.client.request(method, path.format(987654321), json=body)
        assert foreign.status_code == missing.status_code == 404, path
        assert foreign.json()["detail"] == missing.json()["detail"], path
    for path in (f"{V1}/bulk-automate", f"{V1}/trigger-generation"):
        answer = await alice.client.post(path, json={"niche_ids": [alice.site, bob.site]})
        assert answer.status_code == 404, path
    assert str(bob.site) not in json.dumps((await alice.client.get(f"{V1}/platforms/stats")).json())


async def test_topics_are_proposed_by_the_niches_own_provider(house: House, alice: Tenant) -> None:
    await add_chain(house, alice)
    await house.desk.sites.change(alice.workspace, alice.site, subject="Heating at home")
    made = await alice.client.post(f"{V1}/{alice.site}/generate-topics", params={"count": 3})
    assert made.status_code == 200, made.text
    topics = made.json()["topics"]
    assert 1 <= len(topics) <= 3
    assert {one["source"] for one in topics} == {"llm"}
    next_one = await alice.client.post(
        "/api/v1/generator/topic", params={"niche_id": alice.site, "source": "llm"}
    )
    assert next_one.json()["topic"] in [one["title"] for one in topics]
    for count in (0, 26, "x"):
        answer = await alice.client.post(f"{V1}/{alice.site}/generate-topics", params={"count": count})
        assert answer.status_code == 400, count
