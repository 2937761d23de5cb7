"""The one order of topics, and that it explains itself."""

from datetime import timedelta
from typing import Any

from api.api_house import Tenant
from api.rows import add_chain, change, read
from desk.planner_rows import keyword
from desk.topic_stories import bring, entry, feed, topic
from nightdesk.bootstrap import House
from nightdesk.desk.paging import Paging
from nightdesk.desk.topics import TopicFilter
from nightdesk.desk.topics.scoring import Material, score
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.writer import Content

MATERIAL = Material(["Compost at home"], [("compost heap in winter", 1900), ("worm bin", 700)], [])


def a_topic(clock: Any, title: str, **facts: Any) -> Topic:
    row = {
        "summary": "",
        "source": "rss",
        "published_at": None,
        "told_by": 1,
        "trend": 0.0,
        "first_seen_at": clock.now(),
        "last_seen_at": clock.now(),
    }
    return Topic(title=title, **(row | facts))


def points(topic: Topic, clock: Any, material: Material = MATERIAL) -> dict[str, float]:
    total, reasons = score(topic, material, clock.now())
    assert total == round(sum(one["points"] for one in reasons), 1)
    assert 0 <= total <= 100
    return {one["code"]: one["points"] for one in reasons} | {"total": total}


def test_freshness_halves_in_36_hours_and_lists_do_not_age(clock: Any) -> None:
    new = points(a_topic(clock, "Compost"), clock)["fresh"]
    then = clock.now() - timedelta(hours=36)
    old = points(a_topic(clock, "Compost", published_at=then), clock)["fresh"]
    assert (new, old) == (25.0, 12.5)
    listed = a_topic(clock, "Compost", source="list", first_seen_at=then)
    assert points(listed, clock)["fresh"] == 12.5


def test_a_date_in_the_future_makes_nothing_fresher(clock: Any) -> None:
    ahead = a_topic(clock, "Compost", published_at=clock.now() + timedelta(days=400))
    assert points(ahead, clock)["fresh"] == 25.0


def test_more_sources_a_trend_and_the_sites_own_words_score_more(clock: Any) -> None:
    plain = points(a_topic(clock, "A new mayor for the town"), clock)
    for better in (
        a_topic(clock, "A new mayor for the town", told_by=3),
        a_topic(clock, "A new mayor for the town", trend=0.8),
        a_topic(clock, "A new compost heap for the town"),
    ):
        assert points(better, clock)["total"] > plain["total"]


def test_a_keyword_that_is_answered_is_named_with_its_searches(clock: Any) -> None:
    _, reasons = score(a_topic(clock, "What a compost heap does in winter"), MATERIAL, clock.now())
    says = {one["code"]: one["says"] for one in reasons}
    assert says["fit"] == "It answers “compost heap in winter”, searched 1,900 times a month."
    assert says["told"] == "Told by 1 source within 1 minute."


def test_what_was_said_before_and_what_was_rejected_score_less(clock: Any) -> None:
    asked = a_topic(clock, "Compost heap smells of ammonia")
    pieces = [("Why a compost heap smells of ammonia", "approved")]
    near, far = points(asked, clock, Material([], [], pieces)), points(asked, clock, Material([], [], []))
    assert near["distance"] < far["distance"] == 10.0
    rejected = points(asked, clock, Material([], [], [(pieces[0][0], "rejected")]))
    assert rejected["past"] < 5.0 < near["past"]


async def test_a_list_is_in_the_order_of_scores_that_were_made_of_the_sites_own_rows(
    house: House, alice: Tenant
) -> None:
    await change(house, alice, Site, alice.site, subject="Heating with storage heaters")
    await keyword(house, alice, "storage heaters", volume=5400)
    chain = await add_chain(house, alice)
    article = await read(house, alice, Content, chain.content)
    stories = [entry("The mayor opens a fair"), entry("Storage heaters get cheaper in spring")]
    await bring(house, alice, await feed(house, alice), stories)
    await topic(house, alice, f"{article.title} explained")
    desk = house.desk.topics
    page = await desk.page(alice.workspace, alice.site, TopicFilter(), Paging(desk.orders["score"]))
    assert page.items[0].title == "Storage heaters get cheaper in spring"
    assert page.counts == {"new": 3}
    for one in page.items:
        assert one.score == round(sum(part["points"] for part in one.reasons), 1)
        assert all(part["says"].endswith(".") for part in one.reasons)
    said = next(one for one in page.items if one.source == "list")
    assert next(part for part in said.reasons if part["code"] == "distance")["points"] < 5


async def test_scores_are_made_anew_when_they_are_due_and_no_sooner(house: House, alice: Tenant) -> None:
    await topic(house, alice, "A first topic")
    desk = house.desk.topics
    assert await desk.rescore(alice.workspace, alice.site) == 1
    assert await desk.rescore(alice.workspace, alice.site) == 0
    made = await topic(house, alice, "A second topic")
    hours_ago = house.clock.now() - timedelta(hours=2)
    await change(house, alice, Topic, made.id, scored_at=hours_ago, first_seen_at=hours_ago)
    assert await desk.rescore(alice.workspace, alice.site) == 1
