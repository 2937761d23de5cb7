"""Two editors on one article: the second is told who changed what, and nothing of either is lost."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from browser.browser_house import Desk, accessible, fine, fits, open_page, picture, quiet
from browser.review_gate import another, pieces
from nightdesk.desk.review.inputs import ContentChanges

REFUSED = ("status of 409", "status of 422")
"""What a browser says of a form that is answered so; the page says why."""


@pytest.mark.prove
async def test_the_second_of_two_editors_sees_both_texts_and_puts_them_together(
    house: Desk, page: Any, browser: Any
) -> None:
    (piece,) = await pieces(house, ["leaf mould"])
    bo = await open_page(browser, await another(house))
    for one in (page, bo):
        await one.goto(f"/review/{piece}/edit")
    ada_text, bo_text = (page.get_by_label("Text, in Markdown"), bo.get_by_label("Text, in Markdown"))
    was = await ada_text.input_value()
    await bo_text.fill(was.replace("a corner behind the shed", "a corner under the lime tree"))
    await bo.get_by_role("button", name="Save").click()
    await bo.get_by_text("Saved as revision 2.").wait_for()

    await page.get_by_text("Bo Day saved revision 2").wait_for()
    mine = was.replace("leaves enough for a whole year", "leaves enough for two years")
    mine = mine.replace("mix dry leaves in", "mix torn cardboard in")
    await ada_text.fill(mine)
    await page.get_by_role("button", name="Save").click()
    await page.get_by_role("heading", name="Changed by two of you").wait_for()
    both = page.get_by_role("group", name="You both changed this")
    await expect(both.locator("ins")).to_have_text(["under", "lime tree", "two years"])
    await expect(both.locator("del")).to_have_text(["behind", "shed", "a whole year"])
    await fits(page)
    await accessible(page)
    await picture(page, "review-two-editors")
    kept = await house.house.desk.review.contents.get(house.workspace, piece)
    assert "lime tree" in kept.markdown
    assert kept.revision == 2

    await both.get_by_label("Take over Bo Day’s").check()
    await page.get_by_role("button", name="Put together and go on editing").click()
    await page.get_by_text("Both texts are put together below.").wait_for()
    await expect(ada_text).to_have_value(re.compile("lime tree.*torn cardboard", re.DOTALL))
    await expect(ada_text).not_to_have_value(re.compile("two years"))
    await page.get_by_role("button", name="Save").click()
    await page.get_by_text("Saved as revision 3.").wait_for()
    found = await house.house.desk.review.revisions.listed(house.workspace, piece)
    assert [(one.number, one.who) for one in found] == [
        (3, "Ada Night"),
        (2, "Bo Day"),
        (1, "compiled offline"),
    ]
    quiet(page, but=REFUSED)
    await fine(bo)
    await bo.context.close()


@pytest.mark.prove
async def test_a_text_that_cannot_be_kept_stays_in_the_editor_with_the_reason(house: Desk, page: Any) -> None:
    (piece,) = await pieces(house, ["leaf mould"])
    await page.goto(f"/review/{piece}/edit")
    await page.get_by_label("Title", exact=True).fill("Short")
    await page.get_by_label("Description").fill("My own description of it.")
    await page.get_by_role("button", name="Save").click()
    await page.get_by_text("A title has 8 to 160 characters.").first.wait_for()
    await expect(page.get_by_label("Description")).to_have_value("My own description of it.")
    assert (await house.house.desk.review.contents.get(house.workspace, piece)).revision == 1
    await fits(page)
    await accessible(page)
    await page.get_by_label("Title", exact=True).fill("Long enough for a title")
    await page.get_by_label("Text, in Markdown").fill("too short")
    await page.locator("#preview", has_text="200 to 120,000 characters").wait_for()
    quiet(page, but=REFUSED)


async def test_an_editor_on_a_phone_fits(house: Desk, phone: Any) -> None:
    (piece,) = await pieces(house, ["leaf mould"])
    changes = ContentChanges(title="All about leaf mould, again")
    await house.house.desk.review.contents.change(house.workspace, piece, changes)
    await phone.goto(f"/review/{piece}/edit")
    await phone.get_by_label("Text, in Markdown").wait_for()
    await fine(phone)
    await picture(phone, "review-edit")
    await phone.goto(f"/review/{piece}/revisions")
    await phone.get_by_text("From revision 1 to 2").wait_for()
    await fine(phone)
    await picture(phone, "review-revisions")
