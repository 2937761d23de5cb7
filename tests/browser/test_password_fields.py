"""Fields of passwords in a browser: shown for a moment, measured, and never left in the open."""

from typing import Any

from playwright.async_api import expect

from browser.browser_house import OWNER, Desk, fine, picture, quiet
from nightdesk.desk.people import Operator


async def test_a_new_password_can_be_shown_and_is_measured_while_it_is_typed(
    house: Desk, open_at: Any
) -> None:
    link = await house.house.desk.invitations.invite(Operator(house.workspace), "mia@desk.test", "editor")
    page = await open_at(signed_in=False)
    await page.goto(f"/invitation?token={link}")
    field = page.get_by_label("Password", exact=True)
    show = page.get_by_role("button", name="Show what is typed")
    told = page.locator(".password-tools [aria-live]")
    for typed, says in (
        ("short", "5 of at least 12 characters"),
        ("aaaaaaaaaaaaaaaa", "Easy to guess"),
        ("password1234", "Easy to guess"),
        ("lantern meadow quiet harbour", "Very hard to guess"),
    ):
        await field.fill(typed)
        await expect(told).to_have_text(says)
    await expect(page.get_by_role("meter", name="How hard to guess")).to_be_visible()
    await expect(field).to_have_attribute("type", "password")
    await show.click()
    await expect(field).to_have_attribute("type", "text")
    await fine(page)
    await picture(page, "password-shown")
    await show.click()
    await expect(field).to_have_attribute("type", "password")
    quiet(page)


async def test_what_was_done_to_a_password_is_told_at_the_next_sign_in(house: Desk, open_at: Any) -> None:
    desk = house.house.desk
    caller = await desk.sessions.caller_of(house.token)
    await desk.sessions.change_password(caller, OWNER["password"], "a lighthouse over the night sea")
    page = await open_at(signed_in=False)
    await page.goto("/sites")
    await page.get_by_label("E-mail").fill(OWNER["email"])
    await page.get_by_label("Password").fill("a lighthouse over the night sea")
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_text("Your password was changed").wait_for()
    await fine(page)
    await picture(page, "sign-in-changed")
    await page.get_by_role("link", name="Go on").click()
    await page.get_by_role("heading", name="Sites").first.wait_for()
    await page.goto("/me")
    await page.get_by_text("If you do not know of it").wait_for()
    await page.context.clear_cookies()
    await page.goto("/sign-in")
    await page.get_by_label("E-mail").fill(OWNER["email"])
    await page.get_by_label("Password").fill("a lighthouse over the night sea")
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("heading", name="Tonight").wait_for()
    quiet(page)
