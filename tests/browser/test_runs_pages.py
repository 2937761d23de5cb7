"""The list of runs and a run's whole story in a browser."""

from typing import Any

import pytest
from playwright.async_api import expect
from sqlalchemy import update

from browser.browser_house import BOTH, Desk, fine, picture, quiet
from browser.line_sites import fed, until
from nightdesk.desk.rows import Keyword, Run, Site


async def ran(desk: Desk, site: Site) -> Run:
    """A run of the site, worked through to its end."""
    run = await desk.house.desk.runs.run_now(desk.workspace, site.id, "article")
    async with desk.working():

        async def over() -> bool:
            now = await desk.house.desk.runs.get(desk.workspace, run.id)
            return now.status == "completed"

        await until(over)
    return await desk.house.desk.runs.get(desk.workspace, run.id)


async def test_where_nothing_ran_the_list_says_how_a_run_begins(house: Desk, phone: Any) -> None:
    await phone.goto("/runs")
    await phone.get_by_text("No run yet").wait_for()
    await fine(phone, themes=BOTH)


@pytest.mark.prove
async def test_a_run_tells_its_whole_story(house: Desk, page: Any, phone: Any) -> None:
    site = await fed(house)
    run = await ran(house, site)
    parked = {
        "parked_at": run.started_at,
        "error": "The model refused the phrase.",
        "last_run": run.id,
        "tries": 2,
    }
    async with house.house.store.workspace(house.workspace) as session:
        await session.execute(update(Keyword).where(Keyword.phrase.startswith("start")).values(parked))
    for one in (page, phone):
        await one.goto("/runs")
        await one.locator(".runs-table").get_by_text("completed").click()
        await one.get_by_role("heading", name="What it wrote").wait_for()
        await one.locator("#story").get_by_text("words").first.wait_for()
        await one.locator(".log-line", has_text="The run is complete.").wait_for()
        await one.locator("#batches tbody tr").first.wait_for()
        await fine(one)
        await picture(one, "run")
        await one.locator("#parked_title").scroll_into_view_if_needed()
        await picture(one, "run-parked")
    await page.get_by_role("button", name="Try again: starting a compost pile").click()
    await page.get_by_text("1 item waits again.").wait_for()
    await page.get_by_role("button", name="Try all again").click()
    await page.get_by_text("2 items wait again.").wait_for()
    await page.locator("#parked").wait_for(state="detached")
    quiet(page)


@pytest.mark.prove
async def test_the_list_is_narrowed_and_paged(house: Desk, page: Any, phone: Any) -> None:
    runs = house.house.desk.runs
    heap, moss = await fed(house, name="Heap"), await fed(house, name="Moss")
    for site in (heap, *[moss] * 26):
        run = await runs.run_now(house.workspace, site.id, "article")
        await runs.cancel(house.workspace, run.id)
    await runs.run_now(house.workspace, heap.id, "article")
    for one in (page, phone):
        await one.goto("/runs")
        await one.locator("#runs tbody tr").nth(24).wait_for()
        await one.get_by_role("link", name="Next").click()
        await one.get_by_role("link", name="Newest").wait_for()
        await expect(one.locator("#runs tbody tr")).to_have_count(3)
        await one.get_by_label("Site", exact=True).select_option("heap")
        await one.wait_for_url("**/runs?site=heap**")
        await expect(one.locator("#runs tbody tr")).to_have_count(2)
        await one.get_by_label("Status").select_option("running")
        await expect(one.locator("#runs tbody tr")).to_have_count(1)
        await expect(one.locator("#runs")).not_to_contain_text("cancelled")
        await picture(one, "runs")
        await one.get_by_label("Status").select_option("failed")
        await one.get_by_text("No run is like that").wait_for()
        await fine(one)
