"""A line watched live: to its end, over a server that is killed, and where no stream comes through."""

from typing import Any

import pytest
from playwright.async_api import expect

from browser.browser_house import Desk, fine, picture, quiet
from browser.line_sites import fed, slowly_working, until, web_process


async def lines_shown(page: Any) -> list[int]:
    """The numbers of the events whose lines the page shows, in its order."""
    shown = await page.eval_on_selector_all(
        ".log-line", "lines => lines.map(line => Number(line.dataset.id))"
    )
    return [int(number) for number in shown]


async def lines_written(desk: Desk, run: Any) -> list[int]:
    return [event.id for event in await desk.house.desk.runs.log(desk.workspace, run.id, 500)]


async def shows_every_line(page: Any, desk: Desk, run: Any) -> None:
    """Each line that was written is on the page once and in its order; the last may still be on its way."""

    async def all_there() -> bool:
        return len(await lines_shown(page)) >= len(await lines_written(desk, run))

    await until(all_there)
    assert await lines_shown(page) == await lines_written(desk, run)


async def test_a_run_started_by_mouse_is_watched_to_its_end(house: Desk, page: Any) -> None:
    await fed(house)
    await page.goto("/sites/heap-soil")
    await page.get_by_role("button", name="Run now").click()
    await page.get_by_role("button", name="Start the run").click()
    await page.get_by_text("The run has begun.").wait_for()
    await page.get_by_text("holds this line since").wait_for()
    await page.get_by_text("No worker is alive").wait_for()
    async with house.working():
        await page.locator(".stage-active").first.wait_for()
        await picture(page, "line-running")
        await page.get_by_text("Nobody holds this line").wait_for(timeout=60_000)
    await page.locator(".log-line", has_text="The run is complete.").wait_for()
    (run,) = await house.house.desk.runs.history(house.workspace, 1, "article")
    await shows_every_line(page, house, run)
    ready = run.results["7"]["ready_for_review"]
    assert ready > 0
    await page.locator(".stage", has_text="Manual Review Gate").get_by_text(str(ready)).wait_for()
    await page.locator("#history").get_by_text("completed").wait_for()
    await fine(page)
    await picture(page, "line-done")


@pytest.mark.prove
async def test_a_server_killed_under_the_open_page_loses_it_no_line(house: Desk, page: Any) -> None:
    site = await fed(house, between_stage_delay=1)
    async with web_process(house) as web, house.working():
        await page.goto(f"{web.address}/sites/heap-soil")
        await page.locator("body[data-live-by='stream']").wait_for()
        run = await house.house.desk.runs.run_now(house.workspace, site.id, "article")
        await page.locator(".log-line", has_text="Stage 1").first.wait_for()
        await web.kill()
        before = await lines_written(house, run)

        async def went_on() -> bool:
            return len(await lines_written(house, run)) > len(before) + 3

        await until(went_on)
        await web.start()
        await page.locator("body[data-live-by='stream']").wait_for()
        await page.locator(".log-line", has_text="The run is complete.").wait_for(timeout=60_000)
        await page.get_by_text("Nobody holds this line").wait_for()
        await shows_every_line(page, house, run)


@pytest.mark.prove
async def test_a_page_without_a_stream_asks_and_moves_all_the_same(house: Desk, phone: Any) -> None:
    site = await fed(house)
    await phone.route("**/live?*", lambda route: route.abort())
    await phone.goto("/sites/heap-soil")
    await phone.locator("body[data-live-by='asking']").wait_for()
    run = await house.house.desk.runs.run_now(house.workspace, site.id, "article")
    await phone.get_by_text("holds this line since").wait_for()
    async with house.working():
        await phone.locator(".log-line", has_text="The run is complete.").wait_for(timeout=60_000)
    await phone.get_by_text("Nobody holds this line").wait_for()
    await shows_every_line(phone, house, run)
    quiet(phone, but=("ERR_FAILED",))


@pytest.mark.prove
async def test_what_is_in_hand_counts_its_seconds_and_can_be_dropped(
    house: Desk, page: Any, phone: Any
) -> None:
    await fed(house)
    for one in (page, phone):
        await one.goto("/sites/heap-soil")
    await page.get_by_role("button", name="Run now").click()
    await page.get_by_role("button", name="Start the run").click()
    async with slowly_working(house, seconds=90):
        for one in (page, phone):
            await one.locator(".hand-seconds").first.wait_for()
            counted = one.locator(".hand-seconds").first
            await expect(counted).not_to_have_text(await counted.inner_text())
            await fine(one)
            await picture(one, "line-in-hand")
        await page.get_by_role("button", name="Cancel now").click()
        await page.get_by_text("What is in hand is dropped").wait_for()
        await page.get_by_role("button", name="Cancel at once").click()
        await page.get_by_text("The run was cancelled.").wait_for()
        await phone.get_by_text("Nobody holds this line").wait_for()
    (run,) = await house.house.desk.runs.history(house.workspace, 1, "article")
    assert (run.status, run.total_credits_used) == ("cancelled", 0)
