"""Pictures of an article in a browser: one replaced, put back, asked for anew, and made by a run."""

from typing import Any

import pytest
from playwright.async_api import expect

from browser.browser_house import Desk, fine, picture
from browser.review_gate import pieces, raster


@pytest.mark.prove
async def test_a_picture_is_replaced_by_an_upload_and_put_back(house: Desk, page: Any) -> None:
    (piece,) = await pieces(house, ["leaf mould"])
    await page.goto(f"/review/{piece}")
    shown = page.locator(".article figure img")
    before = await shown.get_attribute("src")
    assert before
    await page.get_by_role("button", name="Change the picture “A heap behind a shed”").click()
    await page.get_by_role("heading", name="Change a picture").wait_for()
    await page.get_by_label("Use another picture").set_input_files(
        {"name": "note.png", "mimeType": "image/png", "buffer": b"<script>alert(1)</script>"}
    )
    await page.get_by_role("button", name="Put it in its place").click()
    await page.get_by_text("Nothing was changed; choose a PNG, JPEG or WebP picture.").wait_for()
    await page.get_by_label("Use another picture").set_input_files(
        {"name": "heap.png", "mimeType": "image/png", "buffer": raster("#aa3344")}
    )
    await page.get_by_role("button", name="Put it in its place").click()
    await page.get_by_text("The picture is replaced, as revision 2.").wait_for()
    await expect(shown).not_to_have_attribute("src", before)
    assert await shown.evaluate("one => one.decode().then(() => one.naturalWidth)") == 640
    await page.get_by_text("replaced a picture").wait_for()

    await page.get_by_role("button", name="Change the picture “A heap behind a shed”").click()
    await page.get_by_role("heading", name="Earlier pictures").wait_for()
    await picture(page, "review-picture")
    await page.get_by_role("button", name="Put it back").click()
    await page.get_by_text("The earlier picture is back, as revision 3.").wait_for()
    await expect(shown).to_have_attribute("src", before)


@pytest.mark.prove
async def test_a_picture_is_made_again_by_a_run_that_does_nothing_else(house: Desk, page: Any) -> None:
    (piece,) = await pieces(house, ["leaf mould"])
    await page.goto(f"/review/{piece}")
    await page.get_by_role("button", name="Change the picture “A heap behind a shed”").click()
    await page.get_by_label("Have it made again").fill("A heap of leaves under a lime tree, in the morning")
    await fine(page)
    await page.get_by_role("button", name="Make it again").click()
    await page.get_by_text("The picture will be made again by the next run.").wait_for()
    await page.get_by_text("1 picture still to be made").wait_for()
    await expect(page.locator(".article figure")).to_have_count(0)
    await fine(page)
    async with house.working():
        await page.get_by_role("button", name="Make it now").click()
        await page.get_by_text("A run makes it now").wait_for()
        await page.get_by_text("A picture of this article was made meanwhile.").wait_for()
    await page.get_by_role("link", name="Show it").click()
    assert await page.locator(".article figure img").evaluate(
        "one => one.decode().then(() => one.naturalWidth)"
    )
    (run,) = (await house.house.desk.runs.history(house.workspace, 1, "article"))[:1]
    assert run.results["6"]["images_generated"] == 1


@pytest.mark.prove
async def test_one_more_picture_is_asked_for_and_one_taken_out(house: Desk, page: Any, phone: Any) -> None:
    (piece,) = await pieces(house, ["leaf mould"])
    await page.goto(f"/review/{piece}")
    await page.get_by_role("button", name="Ask for one more").click()
    await page.get_by_label("Where it stands").select_option("How often to turn leaf mould")
    await page.get_by_label("What it shows").fill("A fork in a heap")
    await page.get_by_role("button", name="Ask for it").click()
    await page.get_by_text("Describe it in 3 to 200 characters").wait_for()
    await page.get_by_label("For those who do not see it").fill("A fork in a heap")
    await page.get_by_role("button", name="Ask for it").click()
    await page.get_by_text("One more picture is asked for").wait_for()
    await page.locator(".picture-card").nth(1).get_by_text("waits to be made").wait_for()
    await page.get_by_role("button", name="Change the picture “A fork in a heap”").click()
    await page.get_by_role("button", name="Take it out").click()
    await page.locator("#confirm").get_by_role("button", name="Take it out").click()
    await page.get_by_text("The picture is gone from the article").wait_for()
    await expect(page.locator(".picture-card")).to_have_count(1)
    await phone.goto(f"/review/{piece}")
    await phone.get_by_role("button", name="Change the picture").click()
    await phone.get_by_role("heading", name="Change a picture").wait_for()
    await fine(phone)
