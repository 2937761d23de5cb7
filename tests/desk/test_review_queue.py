"""The queue before the gate: articles with their marks, costs and neighbours, and what they cite."""

from decimal import Decimal
from typing import Any

import pytest

from api.api_house import Tenant
from api.rows import add_chain, change
from nightdesk.bootstrap import House
from nightdesk.desk.paging import Paging
from nightdesk.desk.review.evidence import best, marked
from nightdesk.desk.review.inputs import ContentChanges, Decided
from nightdesk.desk.review.queue import Asked, Queue
from nightdesk.quality.statements import Documents
from nightdesk.store.tables.writer import Content, Image
from routes.test_content_routes import book

CHECKS = {
    "seo": {
        "name": "seo",
        "score": 84,
        "findings": [{"code": "a", "severity": "warning", "message": "m", "where": ""}] * 2,
        "facts": {},
    },
    "grounding": {
        "name": "grounding",
        "score": None,
        "findings": [{"code": "b", "severity": "serious", "message": "m", "where": ""}],
        "facts": {},
    },
    "review": {"decision": "reopen"},
}


async def page(house: House, tenant: Tenant, asked: Asked = Asked(), order: str = "oldest") -> list[Any]:
    found = await house.desk.review.queue.page(tenant.workspace, asked, Paging(Queue.orders[order]))
    return found.items


async def test_the_queue_tells_marks_cost_and_thumbnail(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    await add_chain(house, alice, name="boilers")
    await change(house, alice, Content, chain.content, checks=CHECKS)
    await change(house, alice, Image, chain.image, asset="a" * 64, status="generated")
    await book(house, alice, {("tasks", chain.task): (4, "0.30"), ("images", chain.image): (1, "0.04")})
    first, second = await page(house, alice)
    assert (first.site.name, first.thumbnail) == ("Alice's site", "a" * 64)
    assert (first.credits, first.usd) == (5, Decimal("0.34"))
    assert {name: (mark.score, mark.worst) for name, mark in first.marks.items()} == {
        "seo": (84, "warning"),
        "grounding": (None, "serious"),
    }
    assert (second.marks, second.credits, second.thumbnail) == ({}, 0, None)
    assert [one.content.id for one in await page(house, alice, Asked(worry="serious"))] == [chain.content]
    assert [one.content.id for one in await page(house, alice, Asked(worry="clean"))] == [second.content.id]
    assert [one.content.id for one in await page(house, alice, Asked(search="BOIL"))] == [second.content.id]
    counts = await house.desk.review.queue.counts(alice.workspace)
    assert counts == {alice.site: {"review": 2}}


async def test_the_queue_is_of_one_workspace(house: House, alice: Tenant, bob: Tenant) -> None:
    await add_chain(house, alice)
    assert await page(house, bob) == []
    assert await house.desk.review.queue.counts(bob.workspace) == {}


@pytest.mark.parametrize("order", list(Queue.orders))
async def test_neighbours_are_those_of_the_list(house: House, alice: Tenant, order: str) -> None:
    for name in ("m", "b", "z", "c"):
        await add_chain(house, alice, name=name)
    listed = [one.content for one in await page(house, alice, order=order)]
    queue = house.desk.review.queue
    for at, content in enumerate(listed):
        found = await queue.neighbours(alice.workspace, content, Asked(), Queue.orders[order])
        assert found.before == (listed[at - 1].id if at else None)
        assert found.after == (listed[at + 1].id if at + 1 < len(listed) else None)
        assert (found.at, found.total) == (at + 1, 4)


async def test_an_article_that_left_the_queue_still_knows_its_neighbours(house: House, alice: Tenant) -> None:
    chains = [await add_chain(house, alice, name=name) for name in ("a", "b", "c")]
    decided = await house.desk.review.decisions.decide(
        alice.workspace, chains[1].content, "approve", Decided()
    )
    found = await house.desk.review.queue.neighbours(
        alice.workspace, decided, Asked(), Queue.orders["oldest"]
    )
    assert (found.before, found.after) == (chains[0].content, chains[2].content)
    assert (found.at, found.total) == (0, 2)


async def test_what_a_source_says_stands_beside_the_sentence_that_cites_it(
    house: House, alice: Tenant
) -> None:
    chain = await add_chain(house, alice)
    markdown = (await house.desk.review.contents.get(alice.workspace, chain.content)).markdown
    content = await house.desk.review.contents.change(
        alice.workspace, chain.content, ContentChanges(title="All about heaters now", markdown=markdown)
    )
    (evidence,) = await house.desk.review.sources.beside(content)
    assert (evidence.shown, evidence.use, evidence.title) == (1, 1, "A test of heaters")
    assert evidence.sentence.startswith("In 2024 a test of 12 homes")
    assert evidence.says == "In 2024 a test of 12 homes found that this saved 18% of the bill."


def test_a_source_that_says_nothing_of_the_kind_is_shown_to_say_nothing() -> None:
    library = Documents({1: "Bricks are made of clay. Clay is dug in the valley."}, "en")
    assert best("A lettuce wants four hours of sun.", library, 1) == ""
    assert best("Most bricks are clay.", library, 1) == "Bricks are made of clay."
    assert best("Most bricks are clay.", library, 2) == ""


def test_marks_are_read_with_their_sentences() -> None:
    html = (
        '<p>One thing. Another <strong>thing</strong> &amp; more.<sup class="citation" id="cite-2-1">'
        '<a href="#source-2">[2]</a></sup></p>\n<ul><li>Item<sup class="citation" id="cite-1-3">'
        '<a href="#source-1">[1]</a></sup></li></ul>'
    )
    assert list(marked(html)) == [(2, 1, "Another thing & more."), (1, 3, "Item")]
