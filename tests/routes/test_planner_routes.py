"""Clusters, ideas and tasks over the API: made by hand, changed, deleted with what belongs to them."""

from api.api_house import Tenant
from api.rows import add, add_chain, assert_tallies_hold, fields, park, put_in_hand, read, walk
from nightdesk.bootstrap import House
from nightdesk.store.tables.planner import Cluster, Idea, Keyword, Task
from nightdesk.store.tables.writer import Content

V1 = "/api/v1"
PLAN = {"title": "How to bleed a radiator", "structure": "how_to", "words": 800}


async def test_a_cluster_is_made_renamed_and_disabled(alice: Tenant) -> None:
    made = await alice.client.post(f"{V1}/clusters", json={"site_id": alice.site, "name": " Radiators "})
    assert made.status_code == 201, made.text
    cluster = made.json()
    assert (cluster["name"], cluster["status"], cluster["volume"]) == ("Radiators", "new", 0)
    where = f"{V1}/clusters/{cluster['id']}"
    changed = await alice.client.patch(where, json={"name": "RADIATORS", "disabled": True})
    assert (changed.json()["name"], changed.json()["status"]) == ("RADIATORS", "disabled")
    twin = await alice.client.post(f"{V1}/clusters?site_id={alice.site}", json={"name": "radiators"})
    assert twin.status_code == 409
    page = (await alice.client.get(f"{V1}/clusters", params={"site_id": alice.site})).json()
    assert (page["counts"], [one["id"] for one in page["items"]]) == ({"disabled": 1}, [cluster["id"]])


async def test_deleting_a_cluster_makes_its_keywords_new_again(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    loose = await add(house, alice, Cluster, name="loose", keys=[])
    idea = await add(
        house, alice, Idea, cluster_id=loose, title="An idea of it", intent="x", structure="guide", words=500
    )
    keyword = await add(
        house,
        alice,
        Keyword,
        phrase="valve",
        normal="valve",
        status="mapped",
        cluster_id=loose,
        group_key="valve",
        block=3,
    )
    assert (await alice.client.delete(f"{V1}/clusters/{loose}")).status_code == 204
    freed = await read(house, alice, Keyword, keyword)
    assert (freed.state, freed.cluster_id, freed.group_key, freed.block) == ("new", None, None, None)
    assert await read(house, alice, Idea, idea) is None
    assert (await read(house, alice, Keyword, chain.keyword)).state == "mapped"
    await assert_tallies_hold(house, alice)


async def test_no_article_goes_with_the_plan_it_came_from(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    for kind, number in (("clusters", chain.cluster), ("ideas", chain.idea), ("tasks", chain.task)):
        answer = await alice.client.delete(f"{V1}/{kind}/{number}")
        assert answer.status_code == 409, kind
        assert "An article was written from this" in answer.json()["detail"]
    assert await read(house, alice, Content, chain.content) is not None
    assert (await read(house, alice, Keyword, chain.keyword)).cluster_id == chain.cluster


async def test_nothing_is_deleted_while_a_run_works_on_a_part_of_it(house: House, alice: Tenant) -> None:
    cluster = await add(house, alice, Cluster, name="valves", keys=[])
    idea = (
        await alice.client.post(f"{V1}/ideas", json={"site_id": alice.site, "cluster_id": cluster, **PLAN})
    ).json()["id"]
    task = (await alice.client.post(f"{V1}/tasks?site_id={alice.site}", json={"idea_id": idea})).json()["id"]
    await put_in_hand(house, alice, Task, task)
    for kind, number in (("clusters", cluster), ("ideas", idea), ("tasks", task)):
        assert (await alice.client.delete(f"{V1}/{kind}/{number}")).status_code == 409, kind
    assert (await alice.client.patch(f"{V1}/tasks/{task}", json={"words": 900})).status_code == 409
    await put_in_hand(house, alice, Cluster, cluster)
    assert (await alice.client.patch(f"{V1}/clusters/{cluster}", json={"name": "x"})).status_code == 409
    await put_in_hand(house, alice, Idea, idea)
    assert (await alice.client.patch(f"{V1}/ideas/{idea}", json={"disabled": True})).status_code == 409
    assert (await read(house, alice, Task, task)).words == 800


async def test_an_idea_by_hand_takes_its_clusters_keywords(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    made = await alice.client.post(
        f"{V1}/ideas", json={"site_id": alice.site, "cluster_id": chain.cluster, **PLAN}
    )
    assert made.status_code == 201, made.text
    idea = made.json()
    assert (idea["keywords"], idea["status"], idea["intent"]) == (["heaters"], "new", "informational")
    outline = [{"heading": "What you need", "points": ["A key"]}, {"heading": "Step by step", "points": []}]
    changed = await alice.client.patch(f"{V1}/ideas/{idea['id']}", json={"outline": outline, "words": 1200})
    assert (changed.json()["outline"], changed.json()["words"]) == (outline, 1200)
    twin = await alice.client.post(
        f"{V1}/ideas", json={"site_id": alice.site, "cluster_id": chain.cluster, **PLAN}
    )
    assert twin.status_code == 409
    assert [one["id"] for one in await walk(alice, f"{V1}/ideas", status="new", order="title")] == [
        idea["id"]
    ]
    assert len(await walk(alice, f"{V1}/ideas", cluster_id=chain.cluster, limit=1)) == 2


async def test_a_task_keeps_the_idea_as_it_was(house: House, alice: Tenant) -> None:
    cluster = await add(house, alice, Cluster, name="radiators", keys=[])
    idea = (
        await alice.client.post(
            f"{V1}/ideas", json={"site_id": alice.site, "cluster_id": cluster, "keywords": ["bleed"], **PLAN}
        )
    ).json()
    made = await alice.client.post(f"{V1}/tasks", json={"site_id": alice.site, "idea_id": idea["id"]})
    assert made.status_code == 201, made.text
    task = made.json()
    assert (task["status"], task["title"], task["words"]) == ("queued", PLAN["title"], 800)
    assert (task["brief"]["structure"], task["brief"]["cluster"]) == ("how_to", "radiators")
    frozen = await alice.client.patch(f"{V1}/ideas/{idea['id']}", json={"words": 2000})
    assert (frozen.status_code, "change the task" in frozen.json()["detail"]) == (409, True)
    twin = await alice.client.post(f"{V1}/tasks", json={"site_id": alice.site, "idea_id": idea["id"]})
    assert twin.status_code == 409
    changed = (
        await alice.client.patch(f"{V1}/tasks/{task['id']}", json={"title": "Bleed it well", "words": 900})
    ).json()
    assert (changed["title"], changed["words"]) == ("Bleed it well", 900)
    assert (changed["brief"]["title"], changed["brief"]["words"]) == ("Bleed it well", 900)
    assert (await alice.client.delete(f"{V1}/tasks/{task['id']}")).status_code == 204
    assert (await read(house, alice, Idea, idea["id"])).state == "new"
    await assert_tallies_hold(house, alice)


async def test_a_written_task_is_no_longer_changed(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    answer = await alice.client.patch(f"{V1}/tasks/{chain.task}", json={"words": 900})
    assert (answer.status_code, "edit the article" in answer.json()["detail"]) == (409, True)


async def test_plans_belong_to_their_site(house: House, alice: Tenant, bob: Tenant) -> None:
    theirs = await add_chain(house, bob)
    other = await house.desk.sites.create(alice.workspace, "Another")
    mine = await add_chain(house, alice)
    for site, cluster in ((alice.site, theirs.cluster), (other.id, mine.cluster), (alice.site, 2**62)):
        answer = await alice.client.post(f"{V1}/ideas?site_id={site}", json={"cluster_id": cluster, **PLAN})
        assert (answer.status_code, fields(answer)) == (422, ["cluster_id"])
    for site, idea in ((alice.site, theirs.idea), (other.id, mine.idea)):
        answer = await alice.client.post(f"{V1}/tasks?site_id={site}", json={"idea_id": idea})
        assert (answer.status_code, fields(answer)) == (422, ["idea_id"])


async def test_the_site_is_named_once_or_twice_alike(alice: Tenant) -> None:
    for params, body in (({}, {}), ({"site_id": 1}, {"site_id": 2})):
        answer = await alice.client.post(f"{V1}/clusters", params=params, json={"name": "x", **body})
        assert (answer.status_code, fields(answer)) == (400, ["site_id"])
    both = await alice.client.post(
        f"{V1}/clusters", params={"site_id": alice.site}, json={"name": "x", "site_id": alice.site}
    )
    assert both.status_code == 201


async def test_what_is_parked_is_tried_again_kind_by_kind(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    for kind, table, number in (
        ("clusters", Cluster, chain.cluster),
        ("ideas", Idea, chain.idea),
        ("tasks", Task, chain.task),
        ("contents", Content, chain.content),
    ):
        await park(house, alice, table, number)
        counts = (await alice.client.get(f"{V1}/{kind}", params={"site_id": alice.site})).json()["counts"]
        assert counts == {"failed": 1}, kind
        answer = await alice.client.post(f"{V1}/{kind}/retry", json={"site_id": alice.site})
        assert answer.json() == {"retried": 1}, kind
        assert (await read(house, alice, table, number)).tries == 0
    await assert_tallies_hold(house, alice)
