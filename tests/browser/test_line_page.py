"""The Line page in a browser: what it teaches when empty, its dialogs, and a run steered by mouse."""

from typing import Any

import pytest
from playwright.async_api import expect
from sqlalchemy import update

from browser.browser_house import Desk, accessible, fine, fits, picture, quiet
from browser.line_sites import fed
from nightdesk.desk.rows import Keyword

KEYWORDS = """Keyword,Volume
how to start a compost pile,900
start a compost pile at home,700
best compost bin,800
compost bin for a small garden,300
what can you compost,1200
can you compost citrus peel,500
bokashi vs compost,250
compost smells bad,400
worm bin temperature,200
soil test at home,600
"""


async def test_a_line_without_anything_says_what_to_give_it(house: Desk, page: Any, phone: Any) -> None:
    await house.house.desk.sites.create(house.workspace, "Empty Acres")
    for one in (page, phone):
        await one.goto("/sites/empty-acres")
        await one.get_by_text("This line has nothing to work on yet").wait_for()
        await expect(one.get_by_role("link", name="Import keywords")).to_be_visible()
        await expect(one.get_by_role("link", name="Add documents")).to_be_visible()
        await expect(one.get_by_text("Nobody holds this line")).to_be_visible()
        await fine(one)
        await picture(one, "line-empty")


@pytest.mark.prove
async def test_a_fed_line_shows_what_waits(house: Desk, page: Any, phone: Any) -> None:
    await fed(house, KEYWORDS)
    for one in (page, phone):
        await one.goto("/sites/heap-soil")
        await one.locator(".stage", has_text="Keywords → Clusters").get_by_text("10").wait_for()
        await fine(one)
        await picture(one, "line-fed")
        await one.get_by_role("button", name="Run now").click()
        await one.get_by_role("heading", name="Run Heap & Soil now?").wait_for()
        await fine(one)
        await picture(one, "line-run-now")
        await one.get_by_role("button", name="Not now").click()
        await one.get_by_role("button", name="Schedule and batches").click()
        await one.get_by_role("heading", name="Schedule and batches").wait_for()
        await fine(one)
        await picture(one, "line-settings")


@pytest.mark.prove
async def test_a_run_is_paused_resumed_and_cancelled_by_mouse(house: Desk, page: Any, phone: Any) -> None:
    await fed(house, between_stage_delay=3)
    for one in (page, phone):
        await one.goto("/sites/heap-soil")
    await page.get_by_role("button", name="Run now").click()
    await page.get_by_role("button", name="Start the run").click()
    await page.get_by_text("holds this line since").wait_for()
    async with house.working():
        await page.get_by_role("button", name="Pause").click()
        await phone.get_by_text("A person paused it.").wait_for()
        await picture(page, "line-paused")
        await fine(phone)
        await page.get_by_role("button", name="Resume").click()
        await page.get_by_text("The run goes on from where it stopped.").wait_for()
        await phone.get_by_role("button", name="Pause").wait_for()
        await page.get_by_role("button", name="Cancel", exact=True).click()
        await page.get_by_text("What is in hand is finished first.").wait_for()
        await page.get_by_role("button", name="Keep it as it is").click()
        await page.get_by_role("button", name="Cancel", exact=True).click()
        await page.get_by_role("button", name="Cancel the run").click()
        await phone.get_by_text("Nobody holds this line").wait_for()
    await page.locator("#history").get_by_text("cancelled").wait_for()
    (run,) = await house.house.desk.runs.history(house.workspace, 1, "article")
    assert run.status == "cancelled"


async def test_settings_are_checked_as_they_are_typed_and_kept(house: Desk, page: Any) -> None:
    site = await fed(house)
    automation = house.house.desk.automation
    await page.goto("/sites/heap-soil")
    await page.get_by_role("button", name="Schedule and batches").click()
    await page.get_by_label("How often").select_option("monthly")
    await page.get_by_label("On day of the month").fill("40")
    await page.get_by_text("the day of the month, 1 to 31").wait_for()
    await page.get_by_text("Shown once time and day are right.").wait_for()
    await page.get_by_label("Tasks → Content").fill("0")
    await page.locator(".is-wrong", has_text="Tasks → Content").wait_for()
    await picture(page, "line-settings-wrong")
    await page.get_by_role("button", name="Save").click()
    await page.locator("#field-monthday:focus").wait_for()
    assert (await automation.config(house.workspace, site.id, "article"))["frequency"] == "daily"

    await page.get_by_label("On day of the month").fill("31")
    await page.locator("#upcoming li").nth(4).wait_for()
    await page.get_by_label("How often").select_option("weekly")
    await page.get_by_label("On", exact=True).select_option("Wednesday")
    await page.get_by_label("At", exact=True).fill("05:45")
    await page.locator("#upcoming li", has_text="Wednesday").nth(4).wait_for()
    await expect(page.locator("#upcoming li").first).to_contain_text("05:45")
    await page.get_by_label("Run by itself").check()
    await page.get_by_label("Tasks → Content").fill("2")
    await page.get_by_label("Between stages").fill("7")
    await page.get_by_role("button", name="Save").click()
    await page.get_by_text("Saved. The next run begins on Wednesday").wait_for()
    await page.locator("#line").get_by_text("The next run begins").wait_for()
    kept = await automation.config(house.workspace, site.id, "article")
    wanted = {
        "is_enabled": True,
        "frequency": "weekly",
        "anchor_day": 3,
        "scheduled_time": "05:45",
        "stage_4_batch_size": 2,
        "between_stage_delay": 7,
    }
    assert {name: kept[name] for name in wanted} == wanted
    await fits(page)
    quiet(page, but=("status of 422",))


async def test_the_log_is_filtered_and_copied_and_what_is_parked_is_tried_again(
    house: Desk, page: Any
) -> None:
    site = await fed(house)
    runs = house.house.desk.runs
    run = await runs.run_now(house.workspace, site.id, "article")
    await runs.pause(house.workspace, run.id)
    await runs.cancel(house.workspace, run.id)
    parked = {"parked_at": run.started_at, "error": "The model refused the phrase.", "tries": 2}
    async with house.house.store.workspace(house.workspace) as session:
        of_two = Keyword.phrase.in_(("starting a compost pile", "how to start compost pile"))
        await session.execute(update(Keyword).where(of_two).values(parked))
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.goto("/sites/heap-soil")
    await page.locator(".log-line", has_text="The run is cancelled").wait_for()
    await page.get_by_label("Which lines").select_option("Warnings and errors")
    await page.locator(".log-line", has_text="A manual run begins").wait_for(state="detached")
    await page.get_by_role("button", name="Copy").click()
    await page.get_by_role("button", name="Copied").wait_for()
    copied = await page.evaluate("() => navigator.clipboard.readText()")
    assert copied.endswith("warning  The run is paused.")
    await page.get_by_role("button", name="2 parked").click()
    await page.get_by_role("heading", name="Parked at stage 1").wait_for()
    await picture(page, "line-parked")
    await accessible(page)
    await page.get_by_role("button", name="Try again: starting a compost pile").click()
    await page.get_by_text("1 item waits again.").wait_for()
    await page.get_by_role("button", name="Try again: how to start compost pile").click()
    await page.get_by_text("Nothing is parked here any more.").wait_for()
    await page.locator("#sheet").get_by_role("button", name="Close").click()
    await page.get_by_role("button", name="parked").wait_for(state="detached")
    quiet(page)
