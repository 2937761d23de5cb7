"""Coming in by an invitation, seeing what a viewer sees, and choosing a new password by a link."""

from typing import Any

from playwright.async_api import expect

from browser.browser_house import BOTH, NARROW, Desk, fine, picture, quiet
from nightdesk.desk.people import Operator

PASSWORD = "harbour willow seventeen"


async def test_a_colleague_comes_in_by_a_link_that_is_good_once(house: Desk, open_at: Any) -> None:
    owner = await house.house.desk.sessions.caller_of(house.token)
    link = await house.house.desk.invitations.invite(owner, "vera@desk.test", "viewer")
    page = await open_at(signed_in=False)
    await page.goto(f"/invitation?token={link}")
    await page.get_by_role("heading", name="Join The Night Desk").wait_for()
    await expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    await fine(page)
    await picture(page, "invitation")
    await page.get_by_label("Your name").fill("Vera")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Join").click()
    await page.get_by_role("heading", name="Tonight").wait_for()
    await expect(page.locator(".me").get_by_text("viewer")).to_be_visible()
    quiet(page)
    again = await open_at(signed_in=False, size=NARROW)
    await again.goto(f"/invitation?token={link}")
    await again.get_by_role("heading", name="This link opens nothing").wait_for()
    await picture(again, "invitation-void")
    quiet(again, but=("status of 404",))


async def test_who_is_locked_out_chooses_a_new_password_by_a_link(house: Desk, open_at: Any) -> None:
    link = await house.house.desk.invitations.reset(Operator(house.workspace), "ada@desk.test")
    page = await open_at(signed_in=False, size=NARROW)
    await page.goto(f"/invitation?token={link}")
    await page.get_by_role("heading", name="Choose a new password").wait_for()
    await fine(page, themes=BOTH)
    await picture(page, "reset")
    await page.get_by_label("New password").fill("short")
    await page.get_by_role("button", name="Set it and sign in").click()
    await page.locator(".is-wrong").wait_for()
    await page.get_by_label("New password").fill(PASSWORD)
    await page.get_by_role("button", name="Set it and sign in").click()
    await page.get_by_role("heading", name="Tonight").wait_for()
    assert await house.house.desk.sessions.caller_of(house.token) is None
