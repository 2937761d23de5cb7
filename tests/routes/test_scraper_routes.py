"""The routes that clients scrape by, and those of feeds, under both bases, from a server on loopback."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest_asyncio

from api.api_house import Tenant, client_of
from desk.feed_web import FeedDesk, feed, feed_desk, page
from nightdesk.bootstrap import House
from nightdesk.desk.sources import Sources
from nightdesk.faces.api.app import make_app

SCRAPER = "/api/v1/scraper"
FEEDS = "/api/v1/feeds"


@pytest_asyncio.fixture(loop_scope="session")
async def desk(house: House) -> AsyncIterator[FeedDesk]:
    async with feed_desk(house) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def client(house: House, desk: FeedDesk, alice: Tenant) -> AsyncIterator[httpx2.AsyncClient]:
    """Alice's, of an API that may reach the test's own server."""
    sources = Sources(house.store, desk.fetcher)
    opened = replace(house.desk, feeds=desk.feeds, scraping=desk.scraping(), sources=sources)
    async with client_of(make_app(opened, "0.0.0"), alice.token) as made:
        yield made


async def slug(house: House, tenant: Tenant) -> str:
    return (await house.desk.sites.get(tenant.workspace, tenant.site)).slug


async def test_a_list_of_feeds_is_set_scraped_and_read(
    client: Any, desk: FeedDesk, house: House, alice: Tenant
) -> None:
    name = await slug(house, alice)
    desk.web.gives("/a", feed("Worms dig deeper in drought", "Compost heats a greenhouse"))
    desk.web.says("/b", b"", status="404 Not Found")
    given = [desk.web.url("/a"), desk.web.url("/b")]
    answer = await client.put(f"{SCRAPER}/feeds/{name}", json={"feeds": given})
    assert answer.json() == {"status": "updated", "niche": name, "feeds_count": 2}
    assert (await client.get(f"/api/scraper/feeds/{name}/")).json() == {
        "niche": name,
        "feeds": given,
        "is_default": False,
    }
    scraped = (await client.post(f"/api/scraper/scrape/{name}")).json()
    assert (scraped["niche"], scraped["feeds"], scraped["fetched"], scraped["new_topics"]) == (name, 2, 2, 2)
    assert [error["feed"] for error in scraped["errors"]] == [given[1]]
    assert "(http_404)" in scraped["errors"][0]["error"]
    again = (await client.post(f"{SCRAPER}/run/")).json()
    assert (again["niche"], again["feeds"], again["fetched"]) == (None, 2, 0)
    forced = await client.post(f"{SCRAPER}/scrape", json={"niche_slug": name, "force": True, "max_items": 5})
    assert (forced.json()["fetched"], forced.json()["new_topics"]) == (2, 0)


async def test_a_site_without_a_subject_that_is_known_is_not_seeded(
    client: Any, house: House, alice: Tenant
) -> None:
    name = await slug(house, alice)
    await house.desk.sites.change(alice.workspace, alice.site, subject="zzqx")
    assert (await client.post(f"{SCRAPER}/seed-feeds/{name}")).status_code == 422
    await house.desk.sites.change(alice.workspace, alice.site, subject="Gardening")
    assert (await client.post(f"/api/scraper/seed-feeds/{name}")).json() == {
        "status": "seeded",
        "niche": name,
    }
    assert (await client.get(f"{SCRAPER}/feeds/{name}")).json()["is_default"] is True


async def test_pages_and_texts_are_ingested_and_listed(
    client: Any, desk: FeedDesk, house: House, alice: Tenant
) -> None:
    text = (
        "<html lang='en'><body><article><h1>Heat by night</h1><p>" + 9 * "Bricks are slow to cool. " + "</p>"
    )
    desk.web.says("/page", text.encode(), "Content-Type: text/html")
    fetched = await client.post("/api/scraper/ingest", json={"url": desk.web.url("/page")})
    assert (fetched.status_code, fetched.json()["url"]) == (200, desk.web.url("/page"))
    body = {"url": "https://news.example/read", "content": text.replace("Bricks", "Stones")}
    given = await client.post(f"{SCRAPER}/ingest", json=body)
    assert (given.json()["url"], given.json()["duplicate"]) == (body["url"], False)
    first = (await client.get(f"{SCRAPER}/items", params={"limit": 1})).json()
    assert [item["url"] for item in first["items"]] == [body["url"]]
    rest = {"limit": 1, "cursor": first["next_cursor"], "niche_slug": await slug(house, alice)}
    second = (await client.get("/api/scraper/items/", params=rest)).json()
    assert ([item["url"] for item in second["items"]], second["next_cursor"]) == (
        [desk.web.url("/page")],
        None,
    )
    for wrong in ({"url": "http://10.0.0.1/"}, {"url": "file:///etc/passwd", "content": "x"}):
        assert (await client.post(f"{SCRAPER}/ingest", json=wrong)).status_code == 422


async def test_feeds_are_added_listed_switched_and_taken_out(
    client: Any, desk: FeedDesk, alice: Tenant
) -> None:
    desk.web.gives("/a", feed("One", title="Soil news"))
    desk.web.says("/page", page("https://a.example/1", "https://a.example/2"), "Content-Type: text/html")
    here = {"site_id": alice.site}
    added = await client.post(FEEDS, params=here, json={"url": desk.web.url("/a")})
    assert added.status_code == 201
    made = added.json()["added"][0]
    assert (made["title"], made["health"], made["enabled"]) == ("Soil news", "waiting", True)
    assert (await client.post(FEEDS, params=here, json={"url": desk.web.url("/a")})).status_code == 200
    offered = await client.post(FEEDS, params=here, json={"url": desk.web.url("/page")})
    assert (offered.status_code, len(offered.json()["offered"])) == (200, 2)
    listed = (await client.get(FEEDS, params=here)).json()
    assert ([one["id"] for one in listed["items"]], listed["counts"]) == ([made["id"]], {"waiting": 1})
    off = await client.patch(f"{FEEDS}/{made['id']}", json={"enabled": False})
    assert off.json()["health"] == "off"
    assert (await client.get(FEEDS, params=here | {"health": "waiting"})).json()["items"] == []
    assert (await client.delete(f"{FEEDS}/{made['id']}")).status_code == 204
    assert (await client.get(f"{FEEDS}/{made['id']}")).status_code == 404


async def test_lists_of_feeds_go_out_and_come_in(client: Any, alice: Tenant, house: House) -> None:
    here = {"site_id": alice.site}
    await house.desk.feeds.set_all(alice.workspace, alice.site, ["https://news.example/1"])
    out = await client.get(f"{FEEDS}/opml", params=here)
    assert (out.status_code, out.headers["content-type"].split(";")[0]) == (200, "text/x-opml")
    files = {"file": ("feeds.opml", out.content.replace(b"news.example/1", b"news.example/2"))}
    for preview, kept in (("true", 1), ("false", 2)):
        taken = await client.post(f"{FEEDS}/opml", params=here | {"preview": preview}, files=files)
        assert [link["url"] for link in taken.json()["new"]] == ["https://news.example/2"]
        assert len(await house.desk.feeds.listed(alice.workspace, alice.site)) == kept
    broken = await client.post(f"{FEEDS}/opml", params=here, files={"file": ("a", b"no list")})
    assert broken.status_code == 422


async def test_bad_input_and_others_sites_are_refused(
    client: Any, house: House, alice: Tenant, bob: Tenant
) -> None:
    name, other = await slug(house, alice), await slug(house, bob)
    await house.desk.feeds.set_all(bob.workspace, bob.site, ["https://news.example/1"])
    number = (await house.desk.feeds.listed(bob.workspace, bob.site))[0].id
    asked = {
        f"{SCRAPER}/feeds/{bob.site}": ("GET", None, 404),
        f"{SCRAPER}/scrape/{bob.site}": ("POST", None, 404),
        f"{SCRAPER}/seed-feeds/{bob.site}": ("POST", None, 404),
        f"{FEEDS}/{number}": ("GET", None, 404),
        f"{FEEDS}?site_id={bob.site}": ("GET", None, 404),
        f"{FEEDS}/opml?site_id={bob.site}": ("GET", None, 404),
        f"{SCRAPER}/scrape/{name}?max_items=0": ("POST", None, 400),
        f"{SCRAPER}/scrape": ("POST", {"niche_slug": name, "force": "yes"}, 422),
        f"{SCRAPER}/feeds/{name}": ("PUT", {"feeds": ["ftp://a.example/"]}, 422),
        f"{SCRAPER}/ingest": ("POST", {}, 422),
    }
    assert name != other
    for path, (method, body, status) in asked.items():
        answer = await client.request(method, path, json=body)
        assert answer.status_code == status, (path, answer.text)
