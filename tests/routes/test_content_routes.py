"""Articles over the API: read with what they cost and cite, edited, written by hand, decided on."""

from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from api.api_house import Tenant
from api.rows import STORAGE, add_chain, assert_tallies_hold, change, fields, put_in_hand, read, walk
from nightdesk.bootstrap import House
from nightdesk.kit import ids
from nightdesk.store.tables.planner import Task
from nightdesk.store.tables.runs import Batch, ItemCost, ProviderCall, Run
from nightdesk.store.tables.writer import Content, Image

CONTENTS = "/api/v1/contents"
HAND = (
    "## What it keeps\n\nA storage heater keeps warmth in its bricks and gives it back by day, so the order "
    "of the hours matters more than the size of the thing. Look at the output before you look at the "
    "input, and write down what the meter says in the morning and in the evening for a week.\n"
)


async def book(house: House, tenant: Tenant, costs: dict[tuple[str, int], tuple[int, str]]) -> None:
    """Costs of items, each booked by a batch with one call of its own."""
    run = ids.sortable_id(house.clock)
    own: dict[str, Any] = {"workspace_id": tenant.workspace, "site_id": tenant.site}
    async with house.store.workspace(tenant.workspace) as session:
        facts = {"line": "article", "trigger_type": "manual", "started_at": house.clock.now()}
        await session.execute(insert(Run).values(id=run, **own, **facts))
        for (kind, item), (credits, usd) in costs.items():
            batch = (
                await session.execute(
                    insert(Batch)
                    .values(
                        run_id=run, line="article", step=kind, stage=1, queue="text", charged=credits, **own
                    )
                    .returning(Batch.id)
                )
            ).scalar_one()
            await session.execute(
                insert(ItemCost).values(
                    workspace_id=tenant.workspace,
                    batch_id=batch,
                    item_kind=kind,
                    item_id=item,
                    credits=credits,
                    usd=Decimal(usd),
                )
            )
            call = {"kind": "text", "provider": "openai", "model": "gpt", "ok": True, "seconds": 1.5}
            await session.execute(
                insert(ProviderCall).values(run_id=run, batch_id=batch, usd=Decimal(usd), **call, **own)
            )


async def test_an_article_is_told_with_its_cost_and_citations(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    other = await add_chain(house, alice, name="boilers")
    costs = {
        ("keywords", chain.keyword): (2, "0.01"),
        ("clusters", chain.cluster): (2, "0.02"),
        ("tasks", chain.task): (4, "0.30"),
        ("contents", chain.content): (2, "0.05"),
        ("images", chain.image): (1, "0.04"),
        ("tasks", other.task): (9, "9"),
    }
    await book(house, alice, costs)
    shown = (await alice.client.get(f"{CONTENTS}/{chain.content}")).json()
    assert (shown["cost"]["credits"], shown["cost"]["usd"]) == (11, 0.42)
    assert [one["stage"] for one in shown["cost"]["stages"]] == [
        "clustering",
        "planning",
        "writing",
        "image prompts",
        "images",
    ]
    assert shown["cost"]["made_by"] == [{"kind": "text", "provider": "openai", "model": "gpt"}]
    assert [one["id"] for one in shown["images"]] == [chain.image]
    summary = (await alice.client.get("/api/v1/credits/costs", params={"site_id": alice.site})).json()
    assert (summary["credits"], summary["usd"]) == (20, 9.42)
    assert [(one["provider"], one["calls"]) for one in summary["providers"]] == [("openai", 6)]


async def test_an_edit_is_rendered_checked_and_voids_the_approval(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    where = f"{CONTENTS}/{chain.content}"
    assert (await alice.client.post(f"{where}/approve")).json()["status"] == "approved"
    markdown = f"## Why at night\n\n{STORAGE.format(document=chain.document)}\n\n<script>alert(1)</script>\n"
    answer = await alice.client.patch(
        where, json={"markdown": markdown, "slug": "Night Heat!", "revision": 1}
    )
    assert answer.status_code == 200, answer.text
    edited = answer.json()
    assert (edited["status"], edited["revision"], edited["reviewed_at"]) == ("review", 2, None)
    assert (edited["slug"], edited["headings"][0]["text"]) == ("night-heat", "Why at night")
    assert [(one["document"], one["title"]) for one in edited["citations"]] == [
        (chain.document, "A test of heaters")
    ]
    assert "<script" not in edited["html"]
    assert "alert(1)" not in edited["html"]
    assert edited["words"] > 40
    assert {"readability", "seo", "grounding", "originality"} <= edited["checks"].keys()
    assert edited["checks"]["grounding"]["findings"] == []
    assert edited["checks"]["originality"]["findings"] == []
    await assert_tallies_hold(house, alice)


async def test_a_wrong_figure_is_found_when_an_article_is_edited(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    markdown = f"## Why\n\n{STORAGE.format(document=chain.document).replace('18%', '81%')}\n"
    edited = (await alice.client.patch(f"{CONTENTS}/{chain.content}", json={"markdown": markdown})).json()
    assert any("81" in one["message"] + one["where"] for one in edited["checks"]["grounding"]["findings"])


async def test_an_edit_of_an_older_revision_is_not_saved(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    where = f"{CONTENTS}/{chain.content}"
    first = await alice.client.patch(where, json={"title": "A better title", "revision": 1})
    assert first.json()["revision"] == 2
    second = await alice.client.patch(where, json={"title": "Another title", "revision": 1})
    assert (second.status_code, "revision 2" in second.json()["detail"]) == (409, True)
    same = await alice.client.patch(where, json={"title": "A better title"})
    assert same.json()["revision"] == 2
    late = await alice.client.post(f"{where}/approve", json={"revision": 1})
    assert late.status_code == 409
    assert (await read(house, alice, Content, chain.content)).title == "A better title"


async def test_an_edit_that_leaves_no_text_or_breaks_a_limit_is_refused(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    other = await add_chain(house, alice, name="boilers")
    where = f"{CONTENTS}/{chain.content}"
    for body, field in (
        ({"markdown": "<!-- nothing but a comment -->" * 20}, "markdown"),
        ({"markdown": "too short"}, "markdown"),
        ({"title": "short"}, "title"),
        ({"meta_title": "x" * 71}, "meta_title"),
        ({"slug": "!!!"}, "slug"),
        ({"html": "<p>x</p>"}, "html"),
        ({"structure": "poem"}, "structure"),
    ):
        answer = await alice.client.patch(where, json=body)
        assert (answer.status_code, fields(answer)) == (422, [field]), body
    taken = await alice.client.patch(where, json={"slug": "boilers"})
    assert taken.status_code == 409
    await put_in_hand(house, alice, Content, other.content)
    held = await alice.client.patch(f"{CONTENTS}/{other.content}", json={"title": "A better title"})
    assert held.status_code == 409
    assert (await read(house, alice, Content, chain.content)).revision == 1


async def test_decisions_lead_from_gate_to_gate(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    where = f"{CONTENTS}/{chain.content}"
    steps = (
        ("approve", 200, "approved"),
        ("approve", 200, "approved"),
        ("send_back", 200, "sent_back"),
        ("approve", 409, "sent_back"),
        ("reject", 200, "rejected"),
        ("send_back", 409, "rejected"),
        ("reopen", 200, "review"),
        ("praise", 404, "review"),
    )
    for decision, status, state in steps:
        answer = await alice.client.post(f"{where}/{decision}", json={"note": f"So {decision}."})
        assert answer.status_code == status, decision
        assert (await read(house, alice, Content, chain.content)).state == state, decision
    decided = (await alice.client.get(where)).json()["decided"]
    assert (decided["decision"], decided["note"], decided["revision"]) == ("reopen", "So reopen.", 1)
    await change(house, alice, Content, chain.content, status="draft")
    early = await alice.client.post(f"{where}/approve")
    assert (early.status_code, "still being made" in early.json()["detail"]) == (409, True)
    await assert_tallies_hold(house, alice)


async def test_one_decision_on_many_tells_each(house: House, alice: Tenant, bob: Tenant) -> None:
    theirs = await add_chain(house, bob)
    good = await add_chain(house, alice)
    draft = await add_chain(house, alice, name="boilers", status="draft")
    held = await add_chain(house, alice, name="valves")
    await put_in_hand(house, alice, Content, held.content)
    numbers = [good.content, draft.content, held.content, 2**40]
    answer = await alice.client.post(
        f"{CONTENTS}/decide?site_id={alice.site}", json={"decision": "approve", "ids": numbers}
    )
    outcomes = answer.json()["outcomes"]
    assert [(one["id"], one["done"]) for one in outcomes] == [
        (good.content, True),
        (draft.content, False),
        (held.content, False),
        (2**40, False),
    ]
    assert all(one["why"] for one in outcomes[1:])
    assert (await read(house, bob, Content, theirs.content)).state == "review"
    empty = await alice.client.post(
        f"{CONTENTS}/decide?site_id={alice.site}", json={"decision": "approve", "ids": []}
    )
    assert (empty.status_code, fields(empty)) == (422, ["ids"])


async def test_an_article_by_hand_is_kept_for_its_task(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    body = {"site_id": alice.site, "task_id": chain.task, "title": "Heat by the hour", "markdown": HAND}
    assert (await alice.client.post(CONTENTS, json=body)).status_code == 409
    where = f"{CONTENTS}/{chain.content}"
    assert (await alice.client.delete(f"{where}?write_again=true")).status_code == 204
    assert await read(house, alice, Image, chain.image) is None
    assert (await read(house, alice, Task, chain.task)).state == "queued"
    made = await alice.client.post(CONTENTS, json=body)
    assert made.status_code == 201, made.text
    content = made.json()
    assert (content["status"], content["slug"], content["label"]) == ("draft", "heat-by-the-hour", "")
    assert (await read(house, alice, Task, chain.task)).state == "completed"
    assert (await alice.client.delete(f"{CONTENTS}/{content['id']}")).status_code == 204
    assert (await read(house, alice, Task, chain.task)).state == "completed"
    await assert_tallies_hold(house, alice)


async def test_articles_are_listed_without_their_texts(house: House, alice: Tenant) -> None:
    first = await add_chain(house, alice)
    second = await add_chain(house, alice, name="boilers", status="approved")
    page = (await alice.client.get(CONTENTS, params={"site_id": alice.site, "order": "title"})).json()
    assert [one["id"] for one in page["items"]] == [second.content, first.content]
    assert page["counts"] == {"review": 1, "approved": 1}
    assert "markdown" not in page["items"][0]
    assert [one["id"] for one in await walk(alice, CONTENTS, cluster_id=first.cluster)] == [first.content]
    assert [one["id"] for one in await walk(alice, CONTENTS, search="BOIL")] == [second.content]
    assert len(await walk(alice, CONTENTS, limit=1, order="words")) == 2


async def test_no_article_is_deleted_while_its_picture_is_being_made(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    await put_in_hand(house, alice, Image, chain.image)
    assert (await alice.client.delete(f"{CONTENTS}/{chain.content}")).status_code == 409
    published = await add_chain(house, alice, name="boilers", status="published")
    assert (await alice.client.delete(f"{CONTENTS}/{published.content}")).status_code == 409
