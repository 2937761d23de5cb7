"""The revisions of an article in a browser: compared word by word, and an earlier one brought back."""

from typing import Any

import pytest
from playwright.async_api import expect

from browser.browser_house import Desk, calm, fine, picture
from browser.review_gate import caller, pieces
from nightdesk.desk.review.inputs import ContentChanges


@pytest.mark.prove
async def test_revisions_are_compared_word_by_word_and_one_is_brought_back(house: Desk, page: Any) -> None:
    (piece,) = await pieces(house, ["leaf mould"])
    contents = house.house.desk.review.contents
    was = (await contents.get(house.workspace, piece)).markdown
    ada = await caller(house)
    second = was.replace("260 days", "240 days")
    await contents.change(house.workspace, piece, ContentChanges(markdown=second), ada)
    third = f"{second}\nA heap wants company: start a second one beside it.\n"
    third = third.replace("Give it a lid", "Give it a roof")
    await contents.change(
        house.workspace, piece, ContentChanges(markdown=third, title="Leaf mould at home"), ada
    )

    await page.goto(f"/review/{piece}")
    await page.get_by_role("link", name="what changed").first.click()
    await page.get_by_role("heading", name="From revision 2 to 3").wait_for()
    await expect(page.locator("del")).to_have_text(["All about leaf", "lid"])
    added = ["Leaf", " at home", "roof", "A heap wants company: start a second one beside it."]
    await expect(page.locator("ins")).to_have_text(added)
    await expect(page.get_by_text("paragraphs that are the same").first).to_be_visible()
    await fine(page)
    await picture(page, "review-revisions")
    await page.get_by_role("link", name="compare with now").last.click()
    await page.get_by_role("heading", name="From revision 1 to 3").wait_for()
    await expect(page.locator("del").get_by_text("260", exact=True)).to_be_visible()
    await page.get_by_role("button", name="bring it back").first.click()
    await page.get_by_role("button", name="Bring it back").last.click()
    await page.get_by_text("Brought back, as revision 4.").wait_for()
    now = await contents.get(house.workspace, piece)
    assert (now.markdown, now.title, now.revision) == (second, "All about leaf mould", 4)
    await page.get_by_text("brought back an earlier text").wait_for()
    await calm(page)
