"""Sections of a piece in a browser: asked for anew with a note, by mouse and by keyboard, made by a run."""

from typing import Any

import pytest
from playwright.async_api import expect

from browser.browser_house import Desk, fine, fits, open_page, picture, quiet
from browser.review_gate import another, pieces

TURNING, LACKING = "How often to turn leaf mould", "What it must not lack"
NOTE = "Say how warm a pile of 1 cubic metre gets"


async def test_a_section_is_asked_for_by_mouse_and_written_by_a_run_at_once(house: Desk, page: Any) -> None:
    (piece,) = await pieces(house, ["leaf mould"])
    await page.goto(f"/review/{piece}")
    untouched = await page.locator(".article ul").inner_text()
    await page.get_by_role("button", name=f"Write “{TURNING}” again").click()
    await page.get_by_text("It takes 1 credit for its").wait_for()
    await fine(page)
    await page.get_by_label("What is to be different").fill("no")
    await page.get_by_role("button", name="Ask for it").click()
    await page.get_by_text("Say in 3 to 1,000 characters").wait_for()
    await page.get_by_label("What is to be different").fill(NOTE)
    await picture(page, "review-section-ask")
    await page.get_by_role("button", name="Ask and run now").click()
    await page.get_by_text("A run writes it now").wait_for()
    async with house.working():
        await page.get_by_text("changed this article").wait_for()
    await page.get_by_role("link", name="Show it").click()
    await page.get_by_text("heats to 60 degrees within a week").first.wait_for()
    await page.get_by_text("had a section written again").wait_for()
    await expect(page.locator(".article ul")).to_have_text(untouched, use_inner_text=True)
    await expect(page.locator(".section-mark")).to_have_count(0)
    await fits(page)
    quiet(page, but=("422",))
    (run,) = await house.house.desk.runs.history(house.workspace, 1, "article")
    assert (run.results["4"]["sections_made"], run.total_credits_used) == (1, 1)


@pytest.mark.prove
async def test_by_keyboard_a_section_waits_is_taken_back_and_fails_with_what_to_do(
    house: Desk, page: Any, phone: Any
) -> None:
    (piece,) = await pieces(house, ["leaf mould"])
    await page.goto(f"/review/{piece}")
    await page.get_by_role("button", name=f"Write “{LACKING}” again").press("Enter")
    await page.get_by_label("What is to be different").focus()
    await page.keyboard.type("Compare it with bokashi buckets")
    await page.get_by_role("button", name="Ask for it").press("Enter")
    await page.get_by_text(f"“{LACKING}” is to be written again. The next run writes it.").wait_for()
    await page.locator(".section-mark", has_text="To be written again").wait_for()
    await fine(page)
    await picture(page, "review-section-waits")
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await page.keyboard.press("u")
    await page.locator(".section-mark").wait_for(state="detached")

    await page.get_by_role("button", name=f"Write “{LACKING}” again").press("Enter")
    await page.get_by_label("What is to be different").fill("Compare it with bokashi buckets")
    await page.get_by_role("button", name="Ask for it").press("Enter")
    async with house.working():
        await page.get_by_role("button", name="Write it now").press("Enter")
        await page.get_by_text("A section could not be written again").wait_for()
    await page.get_by_role("link", name="Show it").press("Enter")
    failed = page.locator(".section-mark.is-failed")
    await failed.get_by_text("says anything new on “bokashi”").wait_for()
    await fine(page)
    await picture(page, "review-section-failed")
    await phone.goto(f"/review/{piece}")
    await phone.locator(".section-mark.is-failed").scroll_into_view_if_needed()
    await fine(phone)
    await picture(phone, "review-section-failed")
    await failed.get_by_role("button", name="Try again").press("Enter")
    await page.locator(".section-mark", has_text="To be written again").wait_for()
    await page.get_by_role("button", name=f"Take back: “{LACKING}”").press("Enter")
    await page.locator(".section-mark").wait_for(state="detached")


@pytest.mark.prove
async def test_a_viewer_sees_what_is_asked_for_and_no_button(house: Desk, page: Any, browser: Any) -> None:
    (piece,) = await pieces(house, ["leaf mould"])
    viewer = await another(house, "Vi Glass", "viewer")
    await page.goto(f"/review/{piece}")
    await page.get_by_role("button", name=f"Write “{TURNING}” again").click()
    await page.get_by_label("What is to be different").fill(NOTE)
    await page.get_by_role("button", name="Ask for it").click()
    await page.locator(".section-mark").wait_for()
    looking = await open_page(browser, viewer)
    await looking.goto(f"/review/{piece}")
    await looking.locator(".section-mark", has_text=NOTE).wait_for()
    await expect(looking.locator(".section-again, .section-mark button")).to_have_count(0)
    await fine(looking)
    await looking.context.close()
