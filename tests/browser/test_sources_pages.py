"""Feeds and topics in a browser: from a page's address to a topic that an article is planned about."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import expect

from browser.browser_house import NARROW, Desk, accessible, fine, fits, open_page, opened, picture, quiet
from browser.review_gate import another
from kit.scripted_web import Web

STORIES = {
    "soil": ("Soil news", ["Worms dig deeper in a dry spring", "Compost heats a whole greenhouse"]),
    "city": ("City gardens", ["A city forbids leaf blowers from May", "Compost heats a whole greenhouse"]),
    "roof": ("Roofs in green", ["Moss cools a roof by four degrees"]),
}
DROP = """
(content) => {
  const carried = new DataTransfer();
  carried.items.add(new File([content], "reader.opml", { type: "text/x-opml" }));
  const target = document.querySelector("#opml h2");
  for (const kind of ["dragenter", "dragover", "drop"])
    target.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
}
"""


def rss(name: str) -> bytes:
    title, stories = STORIES[name]
    items = "".join(
        f"<item><title>{one}</title><link>https://{name}.example/{n}</link>"
        f"<description>{one}. Told at some length, with what it means for a garden.</description></item>"
        for n, one in enumerate(stories)
    )
    return f'<rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'.encode()


def opml(*addresses: str) -> str:
    lines = "".join(f'<outline type="rss" text="{one}" xmlUrl="{one}"/>' for one in addresses)
    return f'<opml version="2.0"><head><title>Mine</title></head><body>{lines}</body></opml>'


@pytest_asyncio.fixture(loop_scope="session")
async def web() -> AsyncIterator[Web]:
    """A server of feeds on this machine."""
    served = Web()
    served.says("/robots.txt", b"", status="404 Not Found")
    for name in STORIES:
        served.says(f"/{name}", rss(name), "Content-Type: application/rss+xml")
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{one}">' for one in STORIES)
    served.says("/blog", f"<html><head>{links}</head></html>".encode(), "Content-Type: text/html")
    await served.start()
    yield served
    await served.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def fed(begun: tuple[Any, str], web: Web, tmp_path: Path) -> AsyncIterator[Desk]:
    """A served house that may read the test's server of feeds."""
    server, token = begun
    name = f"browser_feeds_{os.getpid()}"
    allowed = f"127.0.0.1:{web.port}"
    async with opened(server.create(name), tmp_path, begun=token, allow=allowed) as desk:
        yield desk
    server.drop(name)


@pytest.mark.prove
async def test_from_an_address_to_a_topic_that_is_used(fed: Desk, browser: Any, web: Web) -> None:
    page = await open_page(browser, fed)
    at = f"http://127.0.0.1:{web.port}"
    await page.goto("/sites/new")
    await page.get_by_label("Name", exact=True).fill("Garden Gazette")
    await page.get_by_role("button", name="Make the site").click()
    await page.get_by_role("heading", name="Garden Gazette").wait_for()

    await page.get_by_role("link", name="Sources").first.click()
    await page.get_by_role("heading", name="Nothing to speak about yet").wait_for()
    await fine(page)
    topics = await page.context.new_page()
    await topics.goto(page.url)
    await topics.locator("body[data-live-by=stream]").wait_for()

    await page.get_by_role("link", name="Give this site feeds").click()
    await page.get_by_role("heading", name="No feed yet").wait_for()
    await fine(page)
    await page.get_by_label("Address of the feed").fill(f"{at}/blog")
    await page.get_by_role("button", name="Add it").click()
    await page.get_by_role("heading", name="The page names 3 feeds").wait_for()
    await fine(page)
    await page.get_by_role("button", name=f"Add {at}/soil").click()
    await page.locator(".feed-line").wait_for()
    await page.evaluate(DROP, opml(f"{at}/soil", f"{at}/city", "http://news.example:22/feed"))
    await page.get_by_role("heading", name="1 new feed").wait_for()
    await page.get_by_text("news.example:22").wait_for()
    await page.get_by_role("button", name="Add 1 feed").click()
    await page.locator(".feed-line").nth(1).wait_for()
    web.says("/nothing", b"<html>Nothing here</html>", "Content-Type: text/html")
    await page.get_by_label("Address of the feed").fill(f"{at}/nothing")
    await page.get_by_role("button", name="Add it").click()
    await page.locator("#says-url", has_text="Nothing was added.").wait_for()

    await page.get_by_role("button", name="Fetch all now").click()
    await page.get_by_text("2 feeds fetched, 3 new topics.").wait_for()
    await page.locator(".feed-line", has_text="City gardens").get_by_text("2 entries, 2 new").wait_for()
    await fine_beside(page)
    await picture(page, "feeds")

    await topics.locator(".topic-line").nth(2).wait_for()
    greenhouse = topics.locator(".topic-line", has_text="Compost heats a whole greenhouse")
    await greenhouse.get_by_text("· told by 2 ·").wait_for()
    await greenhouse.locator("summary").click()
    await greenhouse.locator(".topic-reasons li").first.wait_for()
    await fine_beside(topics)
    await picture(topics, "topics")
    await greenhouse.get_by_role("button", name="Use for an article").click()
    await topics.wait_for_url("**/planner/board*")
    await topics.get_by_role("article", name="Compost heats a whole greenhouse").wait_for()
    await topics.goto("/sites/garden-gazette/topics?status=used")
    await topics.get_by_text("used for an article").wait_for()

    await page.goto("/sites/garden-gazette/topics")
    await expect(page.locator(".topic-line")).to_have_count(2)
    await page.get_by_role("button", name="Dismiss Worms").click()
    await page.get_by_text("The story does not come back.").wait_for()
    await page.get_by_role("button", name="Undo").click()
    await page.locator(".topic-line").nth(1).wait_for()
    quiet(page, but=("status of 422",))
    phone = await open_page(browser, fed, size=NARROW)
    for place in ("topics", "feeds"):
        await phone.goto(f"/sites/garden-gazette/{place}")
        await phone.locator(".row-line").first.wait_for()
        await fine(phone)
        await picture(phone, place)
    for one in (page, phone):
        await one.context.close()


async def fine_beside(page: Any) -> None:
    """What `fine` asks of a page that was refused something, or is not watched."""
    await fits(page)
    await accessible(page)


@pytest.mark.parametrize("place", ["topics", "feeds"])
async def test_a_viewer_reads_and_is_offered_nothing_to_press(fed: Desk, browser: Any, place: str) -> None:
    site = await fed.house.desk.sites.create(fed.workspace, "Quiet Garden")
    await fed.house.desk.topics.add_many(fed.workspace, site.id, ["Moss on a roof"])
    page = await open_page(browser, await another(fed, role="viewer"))
    await page.goto(f"/sites/{site.slug}/{place}")
    await page.get_by_role("link", name="Documents").wait_for()
    for name in ("Fetch all now", "Add topics", "Use for an article", "Add it"):
        await expect(page.get_by_role("button", name=name), name).to_have_count(0)
    await fine(page)
    await page.context.close()
