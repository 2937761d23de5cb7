"""The feeds of a site: found, added, exchanged as lists, taken out and put back."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from feed_web import HTML, RSS, FeedDesk, bomb, feed, feed_desk, page

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.desk.errors import Invalid, NotFound, Unreadable
from nightdesk.desk.feeds import Feeds, health_of
from nightdesk.desk.feeds.rows import MOST
from nightdesk.desk.items import Filter
from nightdesk.desk.paging import Paging


@pytest_asyncio.fixture(loop_scope="session")
async def desk(house: House) -> AsyncIterator[FeedDesk]:
    async with feed_desk(house) as opened:
        yield opened


async def urls(desk: FeedDesk, tenant: Tenant) -> list[str]:
    return [found.url for found in await desk.feeds.listed(tenant.workspace, tenant.site)]


async def refusal(desk: FeedDesk, tenant: Tenant, address: str) -> str:
    with pytest.raises(Invalid) as caught:
        await desk.feeds.add(tenant.workspace, tenant.site, address)
    assert caught.value.field == "url"
    assert await urls(desk, tenant) == []
    return str(caught.value)


async def test_a_feed_is_added_by_its_address_once(desk: FeedDesk, alice: Tenant) -> None:
    desk.web.gives("/feed", feed("Worms work by night", title="Soil news"))
    added = await desk.feeds.add(alice.workspace, alice.site, f" {desk.web.url('/feed')}#top ")
    assert [(one.url, one.title, health_of(one)) for one in added.added] == [
        (desk.web.url("/feed"), "Soil news", "waiting")
    ]
    again = await desk.feeds.add(alice.workspace, alice.site, desk.web.url("/feed"))
    assert (again.added, [one.id for one in again.there]) == ([], [added.added[0].id])


async def test_a_page_that_names_one_feed_has_it_added(desk: FeedDesk, alice: Tenant) -> None:
    desk.web.says("/page", page(desk.web.url("/only")), HTML)
    desk.web.gives("/only", feed("One"))
    found = await desk.feeds.add(alice.workspace, alice.site, desk.web.url("/page"))
    assert [one.url for one in found.added] == [desk.web.url("/only")]


async def test_a_page_that_names_several_feeds_offers_them(desk: FeedDesk, alice: Tenant) -> None:
    named = ["https://news.example/all", "https://news.example/comments"]
    desk.web.says("/page", page(*named), HTML)
    found = await desk.feeds.add(alice.workspace, alice.site, desk.web.url("/page"))
    assert (found.added, [link.url for link in found.offered]) == ([], named)
    assert await urls(desk, alice) == []


async def test_a_feed_that_moved_for_good_is_added_where_it_is_now(desk: FeedDesk, alice: Tenant) -> None:
    desk.web.says("/old", b"", f"Location: {desk.web.url('/new')}", status="301 Moved")
    desk.web.gives("/new", feed("One"))
    found = await desk.feeds.add(alice.workspace, alice.site, desk.web.url("/old"))
    assert [one.url for one in found.added] == [desk.web.url("/new")]


async def test_what_cannot_be_added_says_why_and_that_nothing_was(desk: FeedDesk, alice: Tenant) -> None:
    web = desk.web
    web.says("/plain", page(), HTML)
    web.says("/empty", b"", RSS)
    web.says("/gone", b"", status="404 Not Found")
    web.says("/round", b"", "Location: /round", status="302 Found")
    web.says("/inside", b"", "Location: http://169.254.169.254/latest", status="302 Found")
    web.says("/bomb", bomb(), "Content-Encoding: gzip", RSS)
    for path in ("/feed", "/rss.xml", "/atom.xml", "/feed.json", "/index.xml"):
        web.says(path, b"", status="404 Not Found")
    words = {
        web.url("/plain"): "not_a_feed",
        web.url("/empty"): "not_a_feed",
        web.url("/gone"): "http_404",
        web.url("/round"): "too_many_redirects",
        web.url("/inside"): "blocked_address",
        web.url("/bomb"): "too_large",
        "file:///etc/passwd": "blocked_address",
        "http://2130706433/": "blocked_address",
        "http://[::ffff:7f00:1]/": "blocked_address",
        "http://news.example:22/": "blocked_address",
        "https://" + 3000 * "x": "bad_address",
    }
    for address, word in words.items():
        said = await refusal(desk, alice, address)
        assert f"({word})" in said, (address, said)
        assert said.endswith("Nothing was added.")


async def test_a_whole_list_replaces_what_was_there_and_can_be_put_back(
    desk: FeedDesk, house: House, alice: Tenant
) -> None:
    first, second, third = (f"https://news.example/{n}" for n in range(3))
    await desk.feeds.set_all(alice.workspace, alice.site, [first, second])
    kept = (await desk.feeds.listed(alice.workspace, alice.site))[1].id
    done = await desk.feeds.set_all(alice.workspace, alice.site, [second, third, third])
    assert (done.feeds, done.added, done.removed) == (2, 1, 1)
    assert await urls(desk, alice) == [second, third]
    assert (await desk.feeds.listed(alice.workspace, alice.site))[0].id == kept
    assert done.undo is not None
    await house.desk.planner.undoing.undo(alice.workspace, alice.site, done.undo)
    assert await urls(desk, alice) == [first, second]


async def test_a_list_with_one_bad_address_changes_nothing(desk: FeedDesk, alice: Tenant) -> None:
    await desk.feeds.set_all(alice.workspace, alice.site, ["https://news.example/"])
    with pytest.raises(Invalid) as caught:
        await desk.feeds.set_all(alice.workspace, alice.site, ["https://a.example/", "ftp://b.example/"])
    assert caught.value.field == "feeds.1"
    assert await urls(desk, alice) == ["https://news.example/"]


async def test_a_site_has_at_most_a_thousand_feeds(desk: FeedDesk, alice: Tenant) -> None:
    many = [f"https://news.example/{n}" for n in range(MOST)]
    await desk.feeds.set_all(alice.workspace, alice.site, many)
    with pytest.raises(Invalid, match="at most"):
        await desk.feeds.set_all(alice.workspace, alice.site, [*many, "https://news.example/more"])
    desk.web.gives("/feed", feed("One"))
    with pytest.raises(Invalid, match="1,000 feeds"):
        await desk.feeds.add(alice.workspace, alice.site, desk.web.url("/feed"))


async def test_a_list_of_another_reader_is_looked_at_and_then_taken(desk: FeedDesk, alice: Tenant) -> None:
    await desk.feeds.set_all(alice.workspace, alice.site, ["https://news.example/0"])
    outlines = "".join(
        f'<outline type="rss" text="Feed" xmlUrl="{url}"/>'
        for url in ("https://news.example/0", "https://news.example/1", "http://10.0.0.1:8080/feed")
    )
    content = f'<opml version="2.0"><head/><body><outline text="All">{outlines}</outline></body></opml>'
    for keep in (False, True):
        taken = await desk.feeds.opml_in(alice.workspace, alice.site, content.encode(), keep=keep)
        assert [link.url for link in taken.new] == ["https://news.example/1"]
        assert [link.url for link in taken.already] == ["https://news.example/0"]
        assert [broken.url for broken in taken.broken] == ["http://10.0.0.1:8080/feed"]
        assert len(await urls(desk, alice)) == 1 + keep
    out = await desk.feeds.opml_out(alice.workspace, alice.site)
    assert (await desk.feeds.opml_in(alice.workspace, alice.site, out)).new == []
    with pytest.raises(Unreadable):
        await desk.feeds.opml_in(alice.workspace, alice.site, b"no list")


async def test_a_site_is_seeded_by_its_subject_and_language(
    desk: FeedDesk, house: House, alice: Tenant
) -> None:
    await house.desk.sites.change(alice.workspace, alice.site, subject="Gardening and soil")
    seeded = await desk.feeds.seed(alice.workspace, alice.site)
    assert seeded
    assert all(found.is_default for found in seeded)
    assert await desk.feeds.seed(alice.workspace, alice.site) == []
    await house.desk.sites.change(alice.workspace, alice.site, subject="zzqx")
    with pytest.raises(Invalid) as caught:
        await desk.feeds.seed(alice.workspace, alice.site)
    assert caught.value.field == "subject"


async def test_lists_are_narrowed_by_health_and_by_name(desk: FeedDesk, alice: Tenant) -> None:
    await desk.feeds.set_all(alice.workspace, alice.site, [f"https://news.example/{n}" for n in range(3)])
    off = (await desk.feeds.listed(alice.workspace, alice.site))[1]
    await desk.feeds.switch(alice.workspace, off.id, on=False)
    asked = Paging(Feeds.orders["newest"])
    page = await desk.feeds.page(alice.workspace, alice.site, Filter("off"), asked)
    assert [found.id for found in page.items] == [off.id]
    assert page.counts == {"off": 1, "waiting": 2}
    named = await desk.feeds.page(alice.workspace, alice.site, Filter(search="EXAMPLE/2"), asked)
    assert [found.url for found in named.items] == ["https://news.example/2"]


async def test_a_feed_of_another_workspace_is_not_there(desk: FeedDesk, alice: Tenant, bob: Tenant) -> None:
    await desk.feeds.set_all(bob.workspace, bob.site, ["https://news.example/"])
    number = (await desk.feeds.listed(bob.workspace, bob.site))[0].id
    for attempt in (
        desk.feeds.get(alice.workspace, number),
        desk.feeds.switch(alice.workspace, number, on=False),
        desk.feeds.delete(alice.workspace, number),
        desk.feeds.add(alice.workspace, bob.site, desk.web.url("/feed")),
        desk.feeds.set_all(alice.workspace, bob.site, []),
        desk.feeds.listed(alice.workspace, bob.site),
        desk.feeds.opml_out(alice.workspace, bob.site),
        desk.feeds.seed(alice.workspace, bob.site),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert desk.web.heads == []
