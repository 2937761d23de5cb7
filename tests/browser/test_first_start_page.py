"""The first start in a browser: the one-time link, signing out, signing in again, Tonight."""

from typing import Any

import pytest
from playwright.async_api import expect

from browser.browser_house import BOTH, NARROW, OWNER, Desk, fine, open_page, picture, quiet


@pytest.mark.prove
async def test_the_first_owner_comes_in_by_the_link_and_signs_in_again(new_house: Desk, browser: Any) -> None:
    page = await open_page(browser, new_house, signed_in=False)
    await page.goto(f"/start?token={await new_house.house.desk.entrance.pending_token()}")
    await expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    await fine(page)
    await picture(page, "start")
    await page.get_by_label("Your name").fill(OWNER["name"])
    await page.get_by_label("E-mail").fill(OWNER["email"])
    await page.get_by_label("Password").fill("short")
    await page.get_by_label("Name of your newsroom").fill("The Night Desk")
    await page.get_by_role("button", name="Open the desk").click()
    await page.locator(".is-wrong", has_text="Password").wait_for()
    await picture(page, "start-wrong")
    await page.get_by_label("Password").fill(OWNER["password"])
    await page.get_by_role("button", name="Open the desk").click()
    await page.get_by_role("heading", name="Who writes").wait_for()
    await page.get_by_role("link", name="Skip all this").click()
    await page.get_by_role("heading", name="Tonight").wait_for()

    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_role("heading", name="Sign in").wait_for()
    await page.goto("/?from=there")
    await page.get_by_label("E-mail").fill(OWNER["email"])
    await page.get_by_label("Password").fill("something else entirely")
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("alert").wait_for()
    await picture(page, "sign-in-wrong")
    await page.get_by_label("Password").fill(OWNER["password"])
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("heading", name="Tonight").wait_for()
    await expect(page).to_have_url(f"{new_house.address}/?from=there")
    quiet(page, but=("status of 422", "status of 403"))
    await page.context.close()


async def test_a_used_link_leads_to_the_sign_in_page(house: Desk, open_at: Any) -> None:
    page = await open_at(signed_in=False, size=NARROW)
    await page.goto("/start?token=whatever")
    await page.get_by_role("link", name="Sign in").click()
    await page.get_by_label("E-mail").wait_for()
    await fine(page, themes=BOTH)
    await picture(page, "sign-in")
