"""Topics from a model, the planner and trends, and sites that are kept in stock of them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from api.api_house import Tenant
from api.rows import add_chain, change, read
from desk.planner_rows import cluster, idea
from desk.topic_stories import feed, topic
from nightdesk.bootstrap import House
from nightdesk.desk.errors import Invalid
from nightdesk.desk.topics.stocking import Stocking
from nightdesk.desk.topics.trending import Trends
from nightdesk.kit.clock import SetClock
from nightdesk.kit.endings import Later
from nightdesk.sources.trends import Trend, Wanted
from nightdesk.store.tables.feeds import Feed, Topic
from nightdesk.store.tables.runs import ProviderCall
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.writer import Content


async def topics_of(house: House, tenant: Tenant) -> list[Topic]:
    async with house.store.workspace(tenant.workspace) as session:
        return list(await session.scalars(select(Topic).where(Topic.site_id == tenant.site)))


async def with_clusters(house: House, tenant: Tenant) -> None:
    await change(house, tenant, Site, tenant.site, subject="Composting at home")
    await cluster(house, tenant, "compost heap", "compost heap", "how to start a compost heap", volume=900)
    await cluster(house, tenant, "worm bins", "worm bin", "worm bin smells", volume=400)


async def test_topics_are_proposed_from_what_the_site_has_and_paid_for(house: House, alice: Tenant) -> None:
    await with_clusters(house, alice)
    before = (await house.desk.credits.balances(alice.workspace)).wallet
    made = await house.desk.topics.suggest(alice.workspace, alice.site, 6)
    assert len(made) == len({one.title for one in made}) > 3
    assert {one.source for one in made} == {"llm"}
    text = " ".join(one.title for one in made).casefold()
    assert "compost" in text
    assert "worm" in text
    paid = before - (await house.desk.credits.balances(alice.workspace)).wallet
    assert paid == -(-len(made) // 5)
    async with house.store.workspace(alice.workspace) as session:
        call = (await session.scalars(select(ProviderCall))).one()
    assert (call.note, call.site_id, call.ok) == ("topics", alice.site, True)


async def test_what_was_said_or_proposed_is_not_proposed_again(house: House, alice: Tenant) -> None:
    await with_clusters(house, alice)
    first = await house.desk.topics.suggest(alice.workspace, alice.site, 2)
    await house.desk.topics.dismiss(alice.workspace, first[0].id)
    second = await house.desk.topics.suggest(alice.workspace, alice.site, 2)
    assert not {one.normal for one in first} & {one.normal for one in second}
    chain = await add_chain(house, alice)
    content = await read(house, alice, Content, chain.content)
    assert content.title not in {one.title for one in second}


async def test_a_site_with_nothing_to_go_by_gets_no_topics_and_pays_nothing(
    house: House, alice: Tenant
) -> None:
    before = (await house.desk.credits.balances(alice.workspace)).wallet
    assert await house.desk.topics.suggest(alice.workspace, alice.site, 5) == []
    assert (await house.desk.credits.balances(alice.workspace)).wallet == before
    for count in (0, 26):
        with pytest.raises(Invalid):
            await house.desk.topics.suggest(alice.workspace, alice.site, count)


async def test_ideas_and_clusters_that_wait_become_topics(house: House, alice: Tenant) -> None:
    of = await cluster(house, alice, "compost heap", status="mapped")
    await cluster(house, alice, "worm bins")
    await idea(house, alice, of, "What a heap does in winter")
    assert await house.desk.topics.plan(alice.workspace, alice.site) == 2
    assert await house.desk.topics.plan(alice.workspace, alice.site) == 0
    found = {one.title: one.source for one in await topics_of(house, alice)}
    assert found == {"What a heap does in winter": "planner", "worm bins": "planner"}


class Place:
    """A place that tells what it was given, or fails."""

    places = "a name"

    def __init__(self, name: str, *found: Trend, fails: str = "") -> None:
        self.name, self.found, self.fails = name, found, fails
        self.asked: list[Wanted] = []

    def knows(self, place: str) -> bool:
        return place != "nowhere"

    async def trends(self, wanted: Wanted) -> list[Trend]:
        self.asked.append(wanted)
        if self.fails:
            raise Later(self.fails)
        return list(self.found)


def looking(house: House, *places: Place) -> Trends:
    return Trends(house.store, house.clock, {place.name: place for place in places})


HEAP = Trend("Compost heap glows in the dark", "https://news.test/1", heat=0.9)
MAYOR = Trend("A mayor steps down", "https://news.test/2", heat=0.8)


async def test_trends_that_fit_the_subject_become_topics_and_failures_are_told(
    house: House, alice: Tenant
) -> None:
    await change(house, alice, Site, alice.site, subject="Composting at home")
    google, down = Place("google", HEAP, MAYOR), Place("reddit", fails="It is down.")
    desk = looking(house, google, down)
    await desk.choose(alice.workspace, alice.site, ["google:DE", "reddit:compost"])
    done = await desk.trending(alice.workspace, alice.site)
    assert (done.new_topics, done.fitting, done.told) == (1, 1, 2)
    assert [(one.name, one.why) for one in done.errors] == [("reddit:compost", "It is down.")]
    assert google.asked[0].place == "DE"
    (made,) = await topics_of(house, alice)
    assert (made.source, made.trend, made.title) == ("trending", 0.9, HEAP.title)
    again = await desk.trending(alice.workspace, alice.site)
    assert again.new_topics == 0
    assert [one.told_by for one in await topics_of(house, alice)] == [1]


async def test_a_place_that_was_meant_is_believed(house: House, alice: Tenant) -> None:
    await change(house, alice, Site, alice.site, subject="Composting at home", trends=["reddit:town"])
    done = await looking(house, Place("reddit", MAYOR)).trending(alice.workspace, alice.site)
    assert done.new_topics == 1


@pytest.mark.parametrize(
    ("subject", "chosen", "expected"),
    [
        ("Software development", [], ["hackernews"]),
        ("Composting at home", [], []),
        ("Software development", ["none"], []),
        ("Composting at home", ["reddit:compost"], ["reddit:compost"]),
    ],
)
def test_where_a_site_looks_follows_its_subject_or_its_choice(
    house: House, subject: str, chosen: list[str], expected: list[str]
) -> None:
    site = Site(name="Mine", subject=subject, trends=chosen)
    assert looking(house, Place("hackernews"), Place("reddit")).places(site) == expected


@pytest.mark.parametrize("place", ["twitter", "reddit:nowhere", "", "google"])
async def test_a_place_that_there_is_not_is_refused(house: House, alice: Tenant, place: str) -> None:
    with pytest.raises(Invalid):
        await looking(house, Place("reddit")).choose(alice.workspace, alice.site, [place])


class Shelf:
    """Remembers what it was asked for, for one workspace."""

    def __init__(self, tenant: Tenant) -> None:
        self.asked: list[Any] = []
        self.workspace = tenant.workspace

    async def rescore(self, workspace_id: int, site_id: int) -> int:
        return 0

    async def trending(self, workspace_id: int, site_id: int) -> Any:
        self.asked += ["trends"] if workspace_id == self.workspace else []

    async def suggest(self, workspace_id: int, site_id: int, count: int) -> list[Topic]:
        self.asked += [count] if workspace_id == self.workspace else []
        return []


async def test_a_site_that_runs_by_itself_is_kept_above_its_floor(house: House, alice: Tenant) -> None:
    clock, shelf = SetClock(house.clock.now()), Shelf(alice)
    chore = Stocking(house.store, clock, shelf)
    await topic(house, alice, "The only one")
    await chore.keep_stocked()
    assert shelf.asked == []
    later = clock.now() + timedelta(hours=3)
    fed = await feed(house, alice)
    await change(house, alice, Feed, fed, due_at=later)
    await change(house, alice, Site, alice.site, auto_mode=True, floor=4)
    await chore.keep_stocked()
    assert shelf.asked == ["trends"]
    assert (await read(house, alice, Feed, fed)).due_at == clock.now()
    await chore.keep_stocked()
    assert shelf.asked == ["trends"]
    clock.move(600)
    await chore.keep_stocked()
    assert shelf.asked == ["trends", "trends", 3]
    await house.desk.topics.add_many(alice.workspace, alice.site, ["One more", "Another one", "Last of four"])
    clock.move(600)
    await chore.keep_stocked()
    assert len(shelf.asked) == 3


async def test_the_model_is_not_asked_again_within_hours(house: House, alice: Tenant) -> None:
    await with_clusters(house, alice)
    clock = SetClock(house.clock.now())
    await change(house, alice, Site, alice.site, auto_mode=True, floor=25)
    chore = Stocking(house.store, clock, house.desk.topics)
    await chore.keep_stocked()
    made = len(await topics_of(house, alice))
    assert made > 0
    clock.move(1200)
    await chore.keep_stocked()
    assert len(await topics_of(house, alice)) == made
