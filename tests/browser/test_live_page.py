"""A page that stays true by itself: by the stream, after the server was away, and where no stream comes."""

from typing import Any

import pytest
from playwright.async_api import expect

from browser.browser_house import Desk, fine, picture, quiet

KEYWORDS = b"keyword,volume\n" + b"".join(
    f"{verb} {plant} in {month},{100 + n}\n".encode()
    for n, (verb, plant, month) in enumerate(
        (verb, plant, month)
        for verb in ("sow", "prune", "harvest")
        for plant in ("tomatoes", "roses", "basil", "apples")
        for month in ("march", "june")
    )
)


async def a_site(desk: Desk) -> Any:
    site = await desk.house.desk.sites.create(desk.workspace, "Garden Gazette")
    await desk.house.desk.planner.keywords.import_file(desk.workspace, site.id, "keywords.csv", KEYWORDS)
    return site


async def test_a_run_appears_moves_and_goes_without_a_touch(house: Desk, page: Any, phone: Any) -> None:
    site = await a_site(house)
    for one in (page, phone):
        await one.goto("/")
        await one.get_by_text("Nothing is running").wait_for()
    await house.house.desk.runs.run_now(house.workspace, site.id, "article")
    for one in (page, phone):
        await one.locator(".run-card", has_text="Garden Gazette").wait_for()
        await picture(one, "tonight-running")
    await fine(page)
    run = (await house.house.desk.runs.active(house.workspace))[0]
    await house.house.desk.runs.cancel(house.workspace, run.id, now=True)
    async with house.working():
        await page.get_by_text("Nothing is running").wait_for()
    quiet(page)
    quiet(phone)


async def test_a_page_catches_up_after_the_server_was_away(house: Desk, page: Any) -> None:
    site = await a_site(house)
    await page.goto("/")
    await page.locator("[data-live-by=stream]").wait_for()
    async with house.away():
        await page.locator("[data-live-by=asking]").wait_for()
        await expect(page.get_by_text("Live updates are held up")).to_be_visible()
        await house.house.desk.runs.run_now(house.workspace, site.id, "article")
    await page.locator(".run-card", has_text="Garden Gazette").wait_for()
    await page.locator("[data-live-by=stream]").wait_for()
    await expect(page.get_by_text("Live updates are held up")).to_be_hidden()
    quiet(page, but=("ERR_CONNECTION", "ERR_INCOMPLETE", "ERR_EMPTY"))


@pytest.mark.prove
async def test_a_page_asks_by_itself_where_the_stream_is_blocked(house: Desk, page: Any) -> None:
    site = await a_site(house)
    await page.route("**/live?*", lambda route: route.abort())
    await page.goto("/")
    await page.get_by_text("Nothing is running").wait_for()
    await house.house.desk.runs.run_now(house.workspace, site.id, "article")
    await page.locator(".run-card", has_text="Garden Gazette").wait_for()
    quiet(page, but=("ERR_FAILED",))
