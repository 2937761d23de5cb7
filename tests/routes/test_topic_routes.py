"""The routes that topics are listed, picked, used and proposed by, and those of the scraper's clients."""

from typing import Any

import pytest

from api.api_house import Tenant
from api.rows import change
from desk.planner_rows import cluster
from desk.topic_stories import bring, entry, feed
from nightdesk.bootstrap import House
from nightdesk.store.tables.feeds import Topic

TOPICS, SCRAPER = "/api/v1/topics", "/api/scraper"


async def slug(house: House, tenant: Tenant) -> str:
    return (await house.desk.sites.get(tenant.workspace, tenant.site)).slug


async def add(tenant: Tenant, title: str, **facts: Any) -> dict[str, Any]:
    answer = await tenant.client.post(TOPICS, json={"site_id": tenant.site, "title": title} | facts)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_topics_are_listed_best_first_with_reasons_that_add_up(house: House, alice: Tenant) -> None:
    await bring(house, alice, await feed(house, alice), [entry("Frost comes early to the north")])
    await add(alice, "A topic that was typed")
    page = (await alice.client.get(TOPICS, params={"site_id": alice.site})).json()
    assert page["counts"] == {"new": 2}
    assert [one["source"] for one in page["items"]] == ["rss", "list"]
    for one in page["items"]:
        assert one["score"] == round(sum(reason["points"] for reason in one["reasons"]), 1)
    listed = await alice.client.get(TOPICS, params={"site_id": alice.site, "source": "list", "limit": 1})
    assert [one["title"] for one in listed.json()["items"]] == ["A topic that was typed"]
    first = await alice.client.get(TOPICS, params={"site_id": alice.site, "limit": 1})
    rest = {"site_id": alice.site, "limit": 1, "cursor": first.json()["next_cursor"]}
    assert (await alice.client.get(TOPICS, params=rest)).json()["items"] == page["items"][1:]


async def test_the_scrapers_clients_list_pick_and_mark_topics(house: House, alice: Tenant) -> None:
    name = await slug(house, alice)
    best, other = await add(alice, "Best of all"), await add(alice, "The other one here")
    await change(house, alice, Topic, best["id"], score=99.0, scored_at=house.clock.now())
    picked = (await alice.client.post(f"{SCRAPER}/pick-topic/{name}")).json()
    assert (picked["topic"]["id"], picked["topic"]["used"], picked["marked_used"]) == (best["id"], True, True)
    marked = await alice.client.post(f"{SCRAPER}/topics/{name}/mark-used", json={"topic_id": other["id"]})
    assert marked.json() == {"marked_used": True, "topic_id": other["id"]}
    assert (await alice.client.post(f"/api/v1/scraper/pick-topic/{name}/")).status_code == 404
    found = (await alice.client.get(f"{SCRAPER}/topics/{name}")).json()
    assert (found["niche"], found["total"], found["used_count"], found["last_scraped"]) == (name, 2, 2, None)
    assert {tuple(one) for one in found["topics"]} == {
        ("id", "title", "url", "source", "summary", "published_at", "score", "used")
    }
    unused = (await alice.client.get(f"{SCRAPER}/topics/{name}", params={"unused_only": True})).json()
    assert (unused["topics"], unused["total"]) == ([], 2)


async def test_a_topic_is_dismissed_brought_back_used_and_given_back(alice: Tenant) -> None:
    where = f"{TOPICS}/{(await add(alice, 'A topic to turn around'))['id']}"
    for body, status in (
        ({"dismissed": True}, "dismissed"),
        ({"dismissed": False}, "new"),
        ({"used": True}, "used"),
        ({"used": False}, "new"),
    ):
        assert (await alice.client.patch(where, json=body)).json()["status"] == status
    await alice.client.patch(where, json={"used": True})
    assert (await alice.client.patch(where, json={"dismissed": True})).status_code == 409


async def test_a_topic_becomes_an_article_that_can_be_undone_and_a_video(house: House, alice: Tenant) -> None:
    number = (await add(alice, "Why frost helps the compost"))["id"]
    made = (await alice.client.post(f"{TOPICS}/{number}/use", json={"what": "article"})).json()
    task = (await alice.client.get(f"/api/v1/tasks/{made['task_id']}")).json()
    assert (task["title"], task["idea_id"]) == ("Why frost helps the compost", made["idea_id"])
    again = await alice.client.post(f"{TOPICS}/{number}/use", json={"what": "video"})
    assert again.status_code == 409
    taken_back = await alice.client.post(
        f"{TOPICS}/undo", params={"site_id": alice.site}, json={"undo": made["undo"]}
    )
    assert taken_back.status_code == 204
    assert (await alice.client.get(f"{TOPICS}/{number}")).json()["status"] == "new"
    video = await alice.client.post(f"{TOPICS}/{number}/use", json={"what": "video"})
    assert (video.status_code, video.json()["video_id"] > 0) == (201, True)


async def test_topics_are_proposed_planned_and_looked_for(house: House, alice: Tenant) -> None:
    await cluster(house, alice, "worm bins", "worm bin", "worm bin smells")
    asked = await alice.client.post(f"{TOPICS}/propose", json={"site_id": alice.site, "count": 2})
    assert {one["source"] for one in asked.json()["topics"]} == {"llm"}
    where = {"site_id": alice.site}
    for new in (1, 0):
        planned = await alice.client.post(f"{TOPICS}/plan", params=where)
        assert planned.json() == {"new_topics": new, "known": 0}
    seen = await alice.client.post(f"{TOPICS}/trending", params=where)
    assert seen.json() == {"new_topics": 0, "fitting": 0, "told": 0, "errors": []}
    kept = await alice.client.put(f"{TOPICS}/places", params=where, json={"places": ["reddit:compost"]})
    assert kept.json() == {"places": ["reddit:compost"]}
    assert (await alice.client.get(f"{TOPICS}/places", params=where)).json() == kept.json()
    wrong = await alice.client.put(f"{TOPICS}/places", params=where, json={"places": ["file:///etc"]})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "places")


@pytest.mark.parametrize(
    ("content", "new", "known"),
    [
        (b"Frost in May\n\n  Roses in June \nFrost in May?\n", 2, 1),
        (b'Title;Summary;Link\n"Frost; in May";Cold nights;https://a.test/1\nRoses in June;;ftp://x\n', 2, 0),
        ("Thema\tAdresse\nFrost im Mai\t\n".encode("utf-16"), 1, 0),
    ],
)
async def test_a_list_is_imported(alice: Tenant, content: bytes, new: int, known: int) -> None:
    sent = await alice.client.post(
        f"{TOPICS}/import", params={"site_id": alice.site}, files={"file": ("list.csv", content)}
    )
    assert sent.json() == {"new_topics": new, "known": known}


@pytest.mark.parametrize("content", [b"", b"\n \n", b"PK\x03\x04" + b"\0" * 40, b"line\n" * 1001])
async def test_what_is_no_list_is_refused(alice: Tenant, content: bytes) -> None:
    sent = await alice.client.post(
        f"{TOPICS}/import", params={"site_id": alice.site}, files={"file": ("list.csv", content)}
    )
    assert sent.status_code == 422, sent.text


async def test_a_document_is_analysed_and_listed_as_viral_dna(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    text = b"# Why compost smells\n\nDoes your heap smell? Studies found that wet heaps rot. Add leaves now."
    document = (await house.desk.sources.add_file(alice.workspace, alice.site, "a.md", text)).document.id
    made = (await alice.client.post(f"{SCRAPER}/analyze/{document}")).json()
    assert (made["item_id"], made["hook"]["kind"], made["provider"]) == (
        document,
        "question",
        "compiled offline",
    )
    assert made["style"].startswith("Open with a question.")
    listed = await alice.client.get(f"{SCRAPER}/viral-dna")
    assert listed.json() == {"items": [made], "next_cursor": None}
    assert (await bob.client.get(f"{SCRAPER}/viral-dna")).json()["items"] == []
    assert (await bob.client.post(f"{SCRAPER}/analyze/{document}")).status_code == 404


async def test_topics_of_another_workspace_are_not_there(house: House, alice: Tenant, bob: Tenant) -> None:
    number, name = (await add(alice, "Mine alone, and nobody else's"))["id"], await slug(house, alice)
    other = await slug(house, bob)
    for asked in (
        bob.client.get(f"{TOPICS}/{number}"),
        bob.client.patch(f"{TOPICS}/{number}", json={"dismissed": True}),
        bob.client.post(f"{TOPICS}/{number}/use", json={"what": "video"}),
        bob.client.get(f"{SCRAPER}/topics/{name}"),
        bob.client.post(f"{SCRAPER}/topics/{other}/mark-used", json={"topic_id": number}),
        bob.client.get(TOPICS, params={"site_id": alice.site}),
    ):
        assert (await asked).status_code == 404


async def test_bad_input_is_told_of(alice: Tenant) -> None:
    for body in ({}, {"title": ""}, {"title": "x", "url": "javascript:alert(1)"}, {"title": "x" * 301}):
        sent = await alice.client.post(TOPICS, json={"site_id": alice.site} | body)
        assert sent.status_code == 422, body
    await add(alice, "The very same story again")
    twin = await alice.client.post(
        TOPICS, json={"site_id": alice.site, "title": "The very same story, again!"}
    )
    assert twin.status_code == 409
    assert (
        await alice.client.get(TOPICS, params={"site_id": alice.site, "status": "odd"})
    ).status_code == 400


async def test_without_tool_servers_their_status_says_so(alice: Tenant) -> None:
    assert (await alice.client.get("/api/mcp/connectors")).json() == {"connectors": []}
    assert (await alice.client.get("/api/v1/mcp/status")).json() == {
        "status": "none",
        "configured": 0,
        "answering": 0,
    }
