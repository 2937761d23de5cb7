"""A piece in a browser: read with its sources and checks, decided on, and what an edit does to a decision."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from browser.browser_house import Desk, calm, fine, picture
from browser.review_gate import another, caller, pieces, state_of
from nightdesk.desk.review.inputs import ContentChanges


async def test_an_article_is_read_beside_its_sources_and_approved_by_mouse(
    house: Desk, page: Any, phone: Any
) -> None:
    first, _ = await pieces(house, ["leaf mould", "bokashi"])
    await page.goto(f"/review/{first}")
    await expect(page.get_by_text("compiled offline", exact=True).first).to_be_visible()
    note = page.locator(".source-note").first
    await expect(note.get_by_text("Starting a compost pile")).to_be_visible()
    await page.locator(".citation a").nth(1).click()
    await expect(page.locator(".source-note.is-lit")).to_have_count(1)
    finding = page.locator(".finding", has_text="Correct it.")
    await finding.get_by_role("button", name="Show in the text").click()
    await expect(page.locator("[data-shown]")).to_contain_text(re.compile(r"\w"))
    await expect(page.get_by_text("What it cost")).to_be_visible()
    await fine(page)
    await picture(page, "review-piece")

    await phone.goto(f"/review/{first}")
    await phone.locator(".citation a").first.wait_for()
    await expect(phone.locator(".source-note").first).to_be_hidden()
    await phone.locator(".citation a").first.click()
    await expect(phone.locator(".source-note").first).to_be_visible()
    await fine(phone)
    await picture(phone, "review-piece")

    await page.get_by_role("button", name="Approve").click()
    await page.get_by_text("“All about leaf mould” was approved.").wait_for()
    await page.get_by_role("heading", name="All about bokashi", level=1).wait_for()
    assert await state_of(house, first) == "approved"
    await page.get_by_role("button", name="Undo").click()
    await page.get_by_role("heading", name="All about leaf mould", level=1).wait_for()
    assert await state_of(house, first) == "review"
    await page.get_by_text("took the last decision back").wait_for()
    await calm(page)


@pytest.mark.prove
async def test_an_edit_voids_the_approval_and_says_so(house: Desk, page: Any) -> None:
    (piece,) = await pieces(house, ["leaf mould"])
    await page.goto(f"/review/{piece}")
    await page.get_by_role("button", name="Approve").click()
    await page.get_by_text("The review desk is clear").wait_for()
    await page.goto(f"/review/{piece}?state=approved")
    await page.get_by_role("link", name="Edit", exact=True).click()
    await page.get_by_text("Saving a change makes that void").wait_for()
    text = await page.get_by_label("Text, in Markdown").input_value()
    await page.get_by_label("Text, in Markdown").fill(text.replace("260 days", "240 days"))
    await page.locator("#preview", has_text="240 days").wait_for()
    await fine(page)
    await picture(page, "review-edit")
    await page.keyboard.press("Control+s")
    await page.get_by_text("Saved as revision 2.").wait_for()
    voided = page.get_by_role("note").filter(has_text="no longer holds")
    await expect(voided).to_contain_text("Ada Night approved revision 1")
    await expect(voided).to_contain_text("Ada Night changed the article")
    assert await state_of(house, piece) == "review"
    await expect(page.locator(".finding", has_text="Correct it.")).to_have_count(0)
    await fine(page)
    await picture(page, "review-voided")
    await page.get_by_role("button", name="Undo").click()
    await page.get_by_text("Brought back, as revision 3.").wait_for()


async def test_what_somebody_else_does_to_an_open_article_is_told_and_not_drawn_over_it(
    house: Desk, page: Any
) -> None:
    (piece,) = await pieces(house, ["leaf mould"])
    bo = await another(house)
    await page.goto(f"/review/{piece}")
    await page.get_by_role("heading", name="Checks").wait_for()
    changes = ContentChanges(title="All about leaf mould, and more", revision=1)
    await house.house.desk.review.contents.change(house.workspace, piece, changes, await caller(bo))
    await page.get_by_text("Bo Day changed this article").wait_for()
    old = page.get_by_role("heading", name="All about leaf mould", level=1, exact=True)
    await expect(old).to_be_visible()
    await page.get_by_role("button", name="Approve").click()
    await page.get_by_text("Nothing was decided; read it again.").wait_for()
    assert await state_of(house, piece) == "review"
    await page.get_by_role("link", name="Show it").click()
    await page.get_by_role("heading", name="All about leaf mould, and more", level=1).wait_for()
