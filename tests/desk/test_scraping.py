"""Feeds are fetched when they are due, each by one process; what goes wrong with one harms no other."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from feed_web import HTML, RSS, FeedDesk, bomb, feed, feed_desk, page
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.desk.errors import NotFound
from nightdesk.desk.scraping import claims
from nightdesk.desk.topics import Gathered
from nightdesk.sources.feeds.contract import FeedEntry
from nightdesk.store.tables.feeds import Entry, Feed, Topic
from nightdesk.store.tables.occasions import Event

AGO = text("now() - interval '1 second'")


@pytest_asyncio.fixture(loop_scope="session")
async def desk(house: House) -> AsyncIterator[FeedDesk]:
    async with feed_desk(house) as opened:
        yield opened


async def titles(desk: FeedDesk, tenant: Tenant, table: Any) -> set[str]:
    async with desk.store.workspace(tenant.workspace) as session:
        return set(await session.scalars(select(table.title).where(table.site_id == tenant.site)))


async def events(desk: FeedDesk, tenant: Tenant, kind: str) -> list[dict[str, Any]]:
    async with desk.store.workspace(tenant.workspace) as session:
        query = select(Event.data).where(Event.site_id == tenant.site, Event.type == kind)
        return list(await session.scalars(query.order_by(Event.id)))


async def scrape(desk: FeedDesk, tenant: Tenant, **how: Any) -> Any:
    return await desk.scraping().scrape(tenant.workspace, tenant.site, **how)


async def test_what_feeds_tell_becomes_topics_and_is_told_live(desk: FeedDesk, alice: Tenant) -> None:
    desk.web.gives("/a", feed("Worms dig deeper in drought", "Compost heats a greenhouse", title="Soil"))
    desk.web.gives("/b", feed("A city forbids leaf blowers", title="City"))
    await desk.have(alice.workspace, alice.site, "/a", "/b")
    scraped = await scrape(desk, alice)
    assert (scraped.feeds, scraped.fetched, scraped.new_topics, scraped.errors) == (2, 2, 3, [])
    found = await desk.feed(alice.workspace, alice.site, "/a")
    assert (found.title, found.entries, found.new_entries, found.failures) == ("Soil", 2, 2, 0)
    assert await titles(desk, alice, Entry) == await titles(desk, alice, Topic)
    told = await events(desk, alice, "feed_scraped")
    assert sorted((one["title"], one["new"], one["error"]) for one in told) == [
        ("City", 1, ""),
        ("Soil", 2, ""),
    ]
    assert await events(desk, alice, "scrape_finished") == [{"feeds": 2, "new_topics": 3, "errors": 0}]


async def test_nothing_that_is_not_due_is_fetched_again(desk: FeedDesk, alice: Tenant) -> None:
    desk.web.gives("/a", feed("One story of many words"))
    await desk.have(alice.workspace, alice.site, "/a")
    await scrape(desk, alice)
    again = await scrape(desk, alice)
    assert (again.feeds, again.fetched, desk.web.asked("/a")) == (1, 0, 1)
    found = await desk.feed(alice.workspace, alice.site, "/a")
    assert await desk.pause(alice.workspace, found.id) >= timedelta(minutes=5)


async def test_a_feed_that_did_not_change_is_not_sent_again(desk: FeedDesk, alice: Tenant) -> None:
    desk.web.gives("/a", feed("One story of many words"), tag='"v1"')
    await desk.have(alice.workspace, alice.site, "/a")
    await scrape(desk, alice)
    await desk.change(alice.workspace, alice.site, due_at=AGO)
    again = await scrape(desk, alice)
    assert (again.fetched, again.new_topics, again.errors) == (1, 0, [])
    assert 'if-none-match: "v1"' in desk.web.heads[-1].lower()
    found = await desk.feed(alice.workspace, alice.site, "/a")
    assert (found.entries, found.new_entries, found.etag) == (1, 0, '"v1"')


async def test_a_body_that_was_read_before_is_not_read_again(desk: FeedDesk, alice: Tenant) -> None:
    desk.web.gives("/a", feed("One story of many words"))
    await desk.have(alice.workspace, alice.site, "/a")
    await scrape(desk, alice)
    async with desk.store.workspace(alice.workspace) as session:
        await session.execute(text("delete from entries where site_id = :site"), {"site": alice.site})
    await desk.change(alice.workspace, alice.site, due_at=AGO)
    assert (await scrape(desk, alice)).fetched == 1
    assert await titles(desk, alice, Entry) == set()


async def test_force_reads_all_anew_whether_due_or_not(desk: FeedDesk, alice: Tenant) -> None:
    desk.web.gives("/a", feed("One story of many words"), tag='"v1"')
    await desk.have(alice.workspace, alice.site, "/a")
    await scrape(desk, alice)
    assert (await scrape(desk, alice, force=True)).fetched == 1
    assert "if-none-match" not in desk.web.heads[-1].lower()


async def test_entries_beyond_the_most_are_taken_the_next_time(desk: FeedDesk, alice: Tenant) -> None:
    told = ("Worms dig deeper in drought", "Compost heats a greenhouse", "A city forbids leaf blowers")
    desk.web.gives("/a", feed(*told), tag='"v1"')
    await desk.have(alice.workspace, alice.site, "/a")
    await scrape(desk, alice, max_items=1)
    assert await titles(desk, alice, Entry) == {told[0]}
    await desk.change(alice.workspace, alice.site, due_at=AGO)
    await scrape(desk, alice)
    assert await titles(desk, alice, Entry) == set(told)


async def test_a_feed_that_moved_for_good_is_fetched_where_it_is_now(desk: FeedDesk, alice: Tenant) -> None:
    desk.web.says("/old", b"", f"Location: {desk.web.url('/new')}", status="301 Moved")
    desk.web.gives("/new", feed("One story of many words"))
    await desk.have(alice.workspace, alice.site, "/old")
    await scrape(desk, alice)
    assert (await desk.feed(alice.workspace, alice.site, "/old")).failures == 0
    await desk.change(alice.workspace, alice.site, due_at=AGO)
    await scrape(desk, alice)
    assert (await desk.feed(alice.workspace, alice.site, "/new")).enabled
    await desk.change(alice.workspace, alice.site, due_at=AGO)
    await scrape(desk, alice)
    assert desk.web.asked("/old") == 2


async def test_a_feed_that_moved_to_where_another_is_is_switched_off(desk: FeedDesk, alice: Tenant) -> None:
    desk.web.says("/old", b"", f"Location: {desk.web.url('/new')}", status="308 Moved")
    desk.web.gives("/new", feed("One story of many words"))
    await desk.have(alice.workspace, alice.site, "/old", "/new")
    for _ in range(2):
        await desk.change(alice.workspace, alice.site, due_at=AGO)
        await scrape(desk, alice)
    old = await desk.feed(alice.workspace, alice.site, "/old")
    assert (old.enabled, old.code) == (False, "moved")
    assert (await desk.feed(alice.workspace, alice.site, "/new")).enabled


async def test_each_way_to_fail_is_told_in_plain_words_and_harms_no_other(
    desk: FeedDesk, alice: Tenant
) -> None:
    web = desk.web
    web.gives("/fine", feed("One story of many words"))
    web.says("/gone", b"", status="410 Gone")
    web.says("/lost", b"", status="404 Not Found")
    web.says("/busy", b"", "Retry-After: 86400", status="429 Too Many")
    web.says("/down", b"", status="503 Down")
    web.says("/page", page(), HTML)
    web.says("/bomb", bomb(), "Content-Encoding: gzip", RSS)
    web.says("/torn", feed("One")[:90] + b"<<<", RSS)
    web.says("/round", b"", "Location: /round", status="302 Found")
    web.says("/inside", b"", "Location: http://169.254.169.254/latest/", status="302 Found")
    web.silent("/silent")
    codes = {
        "/fine": "",
        "/gone": "http_410",
        "/lost": "http_404",
        "/busy": "http_429",
        "/down": "http_503",
        "/page": "not_a_feed",
        "/bomb": "too_large",
        "/torn": "bad_feed",
        "/round": "too_many_redirects",
        "/inside": "blocked_address",
        "/silent": "timeout",
    }
    await desk.have(alice.workspace, alice.site, *codes)
    scraped = await scrape(desk, alice)
    found = {path: await desk.feed(alice.workspace, alice.site, path) for path in codes}
    assert {path: one.code for path, one in found.items()} == codes
    assert (scraped.fetched, scraped.new_topics, len(scraped.errors)) == (11, 1, 10)
    assert all(len(one.error) > 60 for path, one in found.items() if path != "/fine")
    assert [path for path, one in found.items() if not one.enabled] == ["/gone"]
    assert await desk.pause(alice.workspace, found["/busy"].id) >= timedelta(days=1)
    assert desk.network.astray == []


async def test_a_feed_that_fails_is_left_alone_for_longer_each_time(desk: FeedDesk, alice: Tenant) -> None:
    desk.web.says("/down", b"", status="503 Down")
    await desk.have(alice.workspace, alice.site, "/down")
    pauses = []
    for _ in range(4):
        await desk.change(alice.workspace, alice.site, due_at=AGO)
        await scrape(desk, alice)
        found = await desk.feed(alice.workspace, alice.site, "/down")
        pauses.append(await desk.pause(alice.workspace, found.id))
    assert found.failures == 4
    assert pauses[-1] > pauses[0]
    desk.web.gives("/down", feed("One story of many words"))
    await desk.change(alice.workspace, alice.site, due_at=AGO)
    await scrape(desk, alice)
    found = await desk.feed(alice.workspace, alice.site, "/down")
    assert (found.failures, found.code, found.error) == (0, "", "")


async def test_a_feed_that_cannot_be_kept_is_parted_from_those_saved_with_it(
    desk: FeedDesk, alice: Tenant
) -> None:
    told = {
        "/a": "Swifts nest",
        "/b": "Trams for the ring road",
        "/broken": "Rye bread",
        "/c": "Bridge opens",
    }
    for path, title in told.items():
        desk.web.gives(path, feed(title))
    paths = list(told)
    await desk.have(alice.workspace, alice.site, *paths)

    async def gather(
        session: AsyncSession, brought: Sequence[tuple[Feed, Sequence[FeedEntry]]]
    ) -> Sequence[Gathered]:
        # Before the first is saved the others are there, so that they are saved together.
        await asyncio.sleep(0.5)
        if any(one.url.endswith("/broken") for one, _ in brought):
            raise ValueError("nobody foresaw this")
        return await desk.topics.gather(session, brought)

    scraping = desk.scraping()
    scraping = replace(scraping, means=replace(scraping.means, gather=gather))
    with pytest.raises(ValueError, match="nobody foresaw"):
        await scraping.scrape(alice.workspace, alice.site)
    assert await titles(desk, alice, Topic) == {title for path, title in told.items() if path != "/broken"}


async def test_what_robots_txt_asks_to_leave_alone_is_not_fetched(desk: FeedDesk, alice: Tenant) -> None:
    desk.web.says("/robots.txt", b"User-agent: *\nDisallow: /private", "Content-Type: text/plain")
    desk.web.gives("/private/feed", feed("One"))
    await desk.have(alice.workspace, alice.site, "/private/feed")
    await scrape(desk, alice)
    found = await desk.feed(alice.workspace, alice.site, "/private/feed")
    assert (found.code, desk.web.asked("/private/feed")) == ("robots", 0)


async def test_processes_that_scrape_at_once_fetch_each_feed_once(desk: FeedDesk, alice: Tenant) -> None:
    paths = [f"/{n}" for n in range(24)]
    for path in paths:
        desk.web.gives(path, feed(f"A story of the feed {path[1:]}"), wait=0.05)
    await desk.have(alice.workspace, alice.site, *paths)
    counts = await asyncio.gather(
        desk.scraping().scrape_due(), scrape(desk, alice), desk.scraping().scrape_due(), scrape(desk, alice)
    )
    assert [desk.web.asked(path) for path in paths] == [1] * len(paths)
    fetched = sum(one if isinstance(one, int) else one.fetched for one in counts)
    assert fetched == len(paths)


async def test_what_a_killed_process_had_in_hand_comes_back(desk: FeedDesk, alice: Tenant) -> None:
    desk.web.gives("/a", feed("One story of many words"))
    await desk.have(alice.workspace, alice.site, "/a")
    number = (await desk.feed(alice.workspace, alice.site, "/a")).id
    async with desk.store.workspace(alice.workspace) as session:
        (claim,) = await claims.take(session, alice.workspace, [number])
        assert await claims.take(session, alice.workspace, [number]) == []
    assert (await scrape(desk, alice)).fetched == 0
    await desk.change(alice.workspace, alice.site, claimed_until=AGO)
    assert (await scrape(desk, alice)).fetched == 1
    async with desk.store.workspace(alice.workspace) as session:
        assert await claims.held(session, alice.workspace, [claim]) == {}
        assert await claims.renew(session, claim) is None


async def test_who_waits_no_longer_leaves_the_rest_due(desk: FeedDesk, alice: Tenant) -> None:
    desk.web.gives("/before", feed("What the reader's child is started for"))
    await desk.have(alice.workspace, alice.site, "/before")
    await scrape(desk, alice)
    desk.web.gives("/quick", feed("One story of many words"))
    desk.web.silent("/silent")
    await desk.have(alice.workspace, alice.site, "/quick", "/silent")
    scraped = await scrape(desk, alice, patience=1.7)
    assert (scraped.feeds, scraped.fetched, scraped.new_topics) == (2, 1, 1)
    async with desk.store.workspace(alice.workspace) as session:
        due = Feed.site_id == alice.site, Feed.due_at <= func.now(), Feed.claimed_until.is_(None)
        assert list(await session.scalars(select(Feed.url).where(*due))) == [desk.web.url("/silent")]


async def test_all_workspaces_are_scraped_each_as_itself(desk: FeedDesk, alice: Tenant, bob: Tenant) -> None:
    desk.web.gives("/a", feed("A story for Alice alone"))
    desk.web.gives("/b", feed("A tale for Bob and nobody else"))
    await desk.have(alice.workspace, alice.site, "/a")
    await desk.have(bob.workspace, bob.site, "/b")
    await desk.scraping().scrape_due()
    assert await titles(desk, alice, Topic) == {"A story for Alice alone"}
    assert await titles(desk, bob, Topic) == {"A tale for Bob and nobody else"}


async def test_feeds_that_are_off_or_of_an_archived_site_are_left_alone(
    desk: FeedDesk, house: House, alice: Tenant
) -> None:
    await desk.have(alice.workspace, alice.site, "/a")
    number = (await desk.feed(alice.workspace, alice.site, "/a")).id
    await desk.feeds.switch(alice.workspace, number, on=False)
    await desk.scraping().scrape_due()
    await desk.feeds.switch(alice.workspace, number, on=True)
    await house.desk.sites.archive(alice.workspace, alice.site)
    await desk.scraping().scrape_due()
    assert desk.web.heads == []
    with pytest.raises(NotFound):
        await scrape(desk, alice)


async def test_a_feed_taken_out_while_it_is_fetched_leaves_nothing(desk: FeedDesk, alice: Tenant) -> None:
    desk.web.gives("/a", feed("One story of many words"), wait=0.3)
    await desk.have(alice.workspace, alice.site, "/a")
    working = asyncio.create_task(scrape(desk, alice))
    while not desk.web.asked("/a"):
        await asyncio.sleep(0.01)
    await desk.have(alice.workspace, alice.site)
    assert (await working).fetched == 0
    assert await titles(desk, alice, Topic) == set()
