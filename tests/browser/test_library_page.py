"""Where videos show up: the line of a site that makes them, the library, the gate, settings and Tonight."""

from typing import Any

from playwright.async_api import expect

from api.api_house import Tenant
from api.rows import add
from browser.browser_house import Desk, fine, picture
from browser.review_gate import tenant
from nightdesk.store.tables.videos import Video


async def site_of(house: Desk, name: str = "Heap & Soil") -> Tenant:
    """A site of the house, as the rows of tests are written to it."""
    facts = {"subject": "Home composting", "timezone": "Europe/Berlin"}
    return tenant(house, await house.house.desk.sites.create(house.workspace, name, **facts))


async def test_the_line_of_videos_is_shown_and_run_beside_that_of_articles(
    house: Desk, page: Any, phone: Any
) -> None:
    whose = await site_of(house)
    for one in (page, phone):
        await one.goto("/sites/heap-soil")
        await one.get_by_role("link", name="Videos", exact=True).click()
        await expect(one.get_by_role("link", name="Make a video")).to_be_visible()
        await picture(one, "line-video-empty")
    await add(house.house, whose, Video, topic="What a heap does in winter")
    for one in (page, phone):
        await one.reload()
        await expect(one.locator(".stage", has_text="Topics → Scripts").locator("strong")).to_have_text("1")
        await fine(one)
        await picture(one, "line-video")
    await page.get_by_role("button", name="Run now").click()
    await expect(page.get_by_role("heading", name="Run the video line of Heap & Soil now?")).to_be_visible()
    await page.get_by_role("button", name="Start the run").click()
    await expect(page.locator("#hold_title")).to_contain_text("Stage 2")
    await page.get_by_role("button", name="Cancel now").click()
    await page.get_by_role("button", name="Cancel at once").click()
    await expect(page.get_by_text("Nobody holds this line")).to_be_visible()
    await expect(page.locator("#history")).to_contain_text("cancelled")
    await page.get_by_label("Which lines").select_option("Warnings and errors")
    await expect(page.locator(".log-line").first).to_be_visible()
    await page.get_by_role("button", name="Schedule and batches").click()
    await expect(page.get_by_label("Topics → Scripts")).to_have_value("1")
    (run,) = await house.house.desk.runs.history(house.workspace, whose.site, "video")
    assert run.status == "cancelled"
