"""The review queue in a browser: what waits, found and decided on by mouse, in bulk and by keyboard alone."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from browser.browser_house import Desk, calm, fine, open_page, picture, quiet
from browser.review_gate import another, pieces, site_with_source, state_of


async def test_an_empty_queue_says_what_comes_here(house: Desk, page: Any, phone: Any) -> None:
    for one in (page, phone):
        await one.goto("/review")
        await one.get_by_text("The review desk is clear").wait_for()
        await fine(one)


@pytest.mark.prove
async def test_what_waits_is_found_by_site_checks_and_title(house: Desk, page: Any, phone: Any) -> None:
    site, document = await site_with_source(house)
    other, its_own = await site_with_source(house, "Worm Weekly")
    await pieces(house, ["leaf mould", "bokashi bran"], site, document)
    await pieces(house, ["red worms"], other, its_own)
    for one in (page, phone):
        await one.goto("/review")
        row = one.locator(".queue-row").first
        await row.get_by_text("All about leaf mould").wait_for()
        await expect(row.get_by_text("compiled offline")).to_be_visible()
        await expect(row.get_by_text("guide")).to_be_visible()
        assert await row.locator("img").evaluate("one => one.decode().then(() => one.naturalWidth)")
        await expect(row.locator(".mark", has_text="Facts")).to_be_visible()
        await fine(one)
        await picture(one, "review-queue")
    await page.get_by_label("Site", exact=True).select_option("worm-weekly")
    await expect(page.locator(".queue-title")).to_have_text(["All about red worms"])
    await expect(page).to_have_url(re.compile("site=worm-weekly"))
    await page.get_by_label("Site", exact=True).select_option("")
    await page.get_by_text("All about leaf mould").wait_for()
    await page.get_by_role("searchbox", name="Find by title").fill("bokashi")
    await expect(page.locator(".queue-title")).to_have_text(["All about bokashi bran"])
    await page.get_by_role("searchbox", name="Find by title").fill("")
    await page.get_by_label("What the checks found").select_option("clean")
    await page.get_by_text("Nothing here matches").wait_for()
    await page.get_by_label("What the checks found").select_option("")
    await page.get_by_label("Order").select_option("site")
    await page.locator(".queue-site", has_text="Worm Weekly").wait_for()
    await calm(page)


async def test_many_are_decided_on_with_one_note_and_taken_back(house: Desk, page: Any) -> None:
    first, second, third = await pieces(house, ["leaves", "worms", "straw"])
    await page.goto("/review")
    for name in ("leaves", "worms"):
        await page.get_by_role("checkbox", name=f"Select “All about {name}”").check()
    await page.get_by_text("2 selected").wait_for()
    await page.get_by_role("button", name="Send back").click()
    await page.get_by_label("A note for whoever takes it up next").fill("Name the test that is meant.")
    await fine(page)
    await picture(page, "review-note")
    await page.locator("#note").get_by_role("button", name="Send back").click()
    await page.get_by_text("2 pieces were sent back.").wait_for()
    await page.get_by_text("All about leaves").wait_for(state="detached")
    assert [await state_of(house, one) for one in (first, second, third)] == [
        "sent_back",
        "sent_back",
        "review",
    ]
    await expect(page.get_by_text("2 selected")).to_be_hidden()
    await page.get_by_role("button", name="Undo").click()
    await page.get_by_text("2 pieces are as they were before.").wait_for()
    await page.get_by_text("All about leaves").wait_for()
    assert await state_of(house, first) == "review"
    await calm(page)


async def test_a_mornings_pieces_are_worked_through_by_keyboard_alone(house: Desk, page: Any) -> None:
    first, second, third, fourth = await pieces(house, ["leaves", "worms", "straw", "bark"])
    await page.goto("/")
    await page.keyboard.type("gr")
    await page.get_by_text("All about leaves").wait_for()
    await page.keyboard.press("?")
    await expect(page.locator("#keys").get_by_text("Send it back with a note")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#keys")).to_be_hidden()
    for key in ("j", "j", "x", "j", "x"):
        await page.keyboard.press(key)
    await page.get_by_text("2 selected").wait_for()
    await page.keyboard.press("a")
    await page.get_by_text("2 pieces were approved.").wait_for()
    await page.get_by_text("All about worms").wait_for(state="detached")
    assert [await state_of(house, one) for one in (second, third)] == ["approved", "approved"]

    await page.keyboard.press("k")
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="All about leaves", level=1).wait_for()
    await page.keyboard.press("j")
    await page.get_by_role("heading", name="All about bark", level=1).wait_for()
    await page.keyboard.press("k")
    await page.get_by_role("heading", name="All about leaves", level=1).wait_for()
    await page.keyboard.press("a")
    await page.get_by_text("“All about leaves” was approved.").wait_for()
    await page.get_by_role("heading", name="All about bark", level=1).wait_for()
    await page.keyboard.press("u")
    await page.get_by_role("heading", name="All about leaves", level=1).wait_for()
    assert await state_of(house, first) == "review"
    await page.keyboard.press("a")
    await page.get_by_role("heading", name="All about bark", level=1).wait_for()
    await page.keyboard.press("b")
    await expect(page.locator("dialog[open] textarea")).to_be_focused()
    await page.keyboard.type("Say which bark.")
    await page.keyboard.press("Control+Enter")
    await page.get_by_text("The review desk is clear").wait_for()
    assert [await state_of(house, one) for one in (first, fourth)] == ["approved", "sent_back"]
    await calm(page)


async def test_a_viewer_reads_and_is_offered_nothing_to_press(house: Desk, browser: Any) -> None:
    (piece,) = await pieces(house, ["leaves"])
    page = await open_page(browser, await another(house, "Vera Night", "viewer"))
    await page.goto("/review")
    await page.get_by_text("All about leaves").wait_for()
    await expect(page.get_by_role("checkbox")).to_have_count(0)
    await page.goto(f"/review/{piece}")
    await page.get_by_text("How often to turn leaves").wait_for()
    for name in ("Approve", "Send back", "Reject", "Edit", "Change"):
        await expect(page.get_by_role("button", name=name), name).to_have_count(0)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    await page.keyboard.press("a")
    # What is pressed is done in its order: once the list of keys is there, so is whatever "a" does.
    await page.keyboard.press("?")
    await expect(page.locator("#keys")).to_be_visible()
    assert "POST" not in sent
    await page.keyboard.press("Escape")
    await expect(page.locator("#keys")).to_be_hidden()
    assert await state_of(house, piece) == "review"
    quiet(page)
    await fine(page)
    await page.context.close()
