"""The second half of the first start in a browser: models tried, the first site made, each step skippable."""

from typing import Any

from playwright.async_api import expect

from browser.browser_house import Desk, fine, picture
from browser.review_gate import pieces


async def test_models_are_tried_and_the_example_site_is_ready_to_run(house: Desk, page: Any) -> None:
    await page.goto("/welcome")
    await page.get_by_role("region", name="Writing").get_by_role("button", name="Try it").click()
    await page.get_by_text("It works").wait_for()
    await fine(page)
    await picture(page, "welcome-models")
    await page.get_by_role("link", name="Go on").click()
    await page.get_by_role("heading", name="Your first site").wait_for()
    await fine(page)
    await picture(page, "welcome-site")
    await page.get_by_role("button", name="Take the example").click()
    await page.wait_for_url("**/sites/heap-and-soil")
    desk, workspace = house.house.desk, house.workspace
    site = await desk.sites.get(workspace, "heap-and-soil")
    waiting, *_ = await desk.insights.pipeline(workspace, site.id, "article")
    assert waiting["pending"] > 200
    assert (await desk.insights.estimate(workspace, site.id, "article"))["sufficient"]


async def test_a_site_of_ones_own_is_made_on_a_phone_and_a_step_is_skipped(house: Desk, phone: Any) -> None:
    await phone.goto("/welcome")
    await fine(phone)
    await picture(phone, "welcome-models")
    await phone.get_by_role("link", name="Skip all this").click()
    await phone.get_by_role("link", name="Make the first site").click()
    await fine(phone)
    await picture(phone, "welcome-site")
    await phone.get_by_label("Name").fill("Slow Trains")
    await phone.get_by_role("button", name="Make this site").click()
    await phone.wait_for_url("**/sites/slow-trains")
    assert (await house.house.desk.sites.get(house.workspace, "slow-trains")).timezone == "Europe/Berlin"


async def test_whoever_comes_to_a_desk_with_pieces_is_led_to_them_and_not_to_a_first_site(
    house: Desk, page: Any
) -> None:
    await pieces(house, ["worms", "leaves"])
    await page.goto("/welcome")
    await expect(page.get_by_text("is on the desk already, and 2 pieces wait for you")).to_be_visible()
    await fine(page)
    await picture(page, "welcome-after-the-demo")
    await page.get_by_role("link", name="See what waits for you").click()
    await page.get_by_role("link", name="All about worms").wait_for()
    await page.goto("/welcome/site")
    await page.get_by_role("heading", name="Tonight", exact=True).wait_for()
