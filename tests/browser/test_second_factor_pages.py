"""The second factor in a browser: set up, asked for, replaced by a recovery code, wanted, turned off."""

import base64
import hmac
import struct
import time
from typing import Any

import pytest
from playwright.async_api import expect

from browser.browser_house import BOTH, OWNER, Desk, accessible, fine, fits, picture, quiet

WORDS = "a lighthouse over the night sea"
REFUSED = ("status of 422", "status of 403")


def code_of(secret: str, steps: int = 0) -> str:
    """What an app would show, now or so many half minutes later."""
    counter = int(time.time()) // 30 + steps
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", counter), "sha1")
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


async def set_up(page: Any, password: str) -> tuple[str, list[str]]:
    """From the page that says that it is off: the secret, and the recovery codes."""
    await page.get_by_label("Your password").fill(password)
    await page.get_by_role("button", name="Set it up").click()
    secret = await page.get_by_label("The key", exact=True).input_value()
    await page.get_by_label("The six digits").fill(code_of(secret))
    await page.get_by_role("button", name="Turn it on").click()
    codes = await page.get_by_label("Your recovery codes").input_value()
    return secret, codes.split()


async def sign_in(page: Any, email: str, password: str) -> None:
    await page.context.clear_cookies()
    await page.goto("/sites")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in").click()


async def fine_but_refused(page: Any) -> None:
    """As `fine`, after something was refused."""
    await fits(page)
    await accessible(page, themes=BOTH)
    quiet(page, but=REFUSED)


@pytest.mark.prove
async def test_it_is_set_up_asked_for_replaced_by_a_recovery_code_and_turned_off(
    page: Any, phone: Any
) -> None:
    for one in (page, phone):
        await one.goto("/me/second-factor")
        await one.get_by_role("heading", name="It is off").wait_for()
        await picture(one, "factor-off")
    await fine(phone)
    await page.goto("/me")
    await page.get_by_role("link", name="Set it up").click()
    await page.get_by_label("Your password").fill("something else entirely")
    await page.get_by_role("button", name="Set it up").click()
    await page.locator(".is-wrong", has_text="Your password").wait_for()
    await page.get_by_label("Your password").fill(OWNER["password"])
    await page.get_by_role("button", name="Set it up").click()
    secret = await page.get_by_label("The key", exact=True).input_value()
    await expect(page.locator(".qr svg")).to_have_count(1)
    await picture(page, "factor-set-up")
    await page.set_viewport_size({"width": 390, "height": 844})
    await fine_but_refused(page)
    await picture(page, "factor-set-up")
    await page.get_by_label("The six digits").fill("000000")
    await page.get_by_role("button", name="Turn it on").click()
    await page.locator(".is-wrong", has_text="The six digits").wait_for()
    await page.get_by_label("The six digits").fill(code_of(secret))
    await page.keyboard.press("Enter")
    codes = (await page.get_by_label("Your recovery codes").input_value()).split()
    assert len(codes) == 10
    await fine_but_refused(page)
    await picture(page, "factor-codes")
    await page.get_by_role("link", name="I have kept them").click()
    await page.get_by_role("heading", name="It is on").wait_for()
    assert codes[0] not in await page.content()

    await sign_in(page, OWNER["email"], OWNER["password"])
    await page.get_by_label("Code of the app").fill(code_of(secret, 1))
    await fine_but_refused(page)
    await picture(page, "sign-in-code")
    await page.keyboard.press("Enter")
    await page.get_by_text("Your second factor was turned on").wait_for()
    await page.get_by_role("link", name="Go on").click()
    await page.get_by_role("heading", name="Sites").first.wait_for()

    await sign_in(phone, OWNER["email"], OWNER["password"])
    await phone.get_by_text("The phone is not at hand").click()
    await phone.get_by_label("Recovery code").fill("not a code")
    await phone.get_by_role("button", name="Sign in with it").click()
    await phone.locator(".is-wrong", has_text="Recovery code").wait_for()
    await picture(phone, "sign-in-code-wrong")
    await phone.get_by_label("Recovery code").fill(codes[4].lower())
    await phone.get_by_role("button", name="Sign in with it").click()
    await phone.get_by_text("A recovery code was used").wait_for()
    await phone.get_by_role("link", name="Go on").click()
    await phone.get_by_text("9 of 10 recovery codes are left").wait_for()
    await fine_but_refused(phone)
    await picture(phone, "factor-on")
    await phone.get_by_label("Your password").fill(OWNER["password"])
    await phone.get_by_label("Code of the app").fill(codes[5])
    await phone.get_by_role("button", name="Turn it off").click()
    await phone.get_by_role("button", name="Turn it off", exact=True).last.click()
    await phone.get_by_role("heading", name="It is off").wait_for()
    await sign_in(phone, OWNER["email"], OWNER["password"])
    await phone.get_by_text("Your second factor was turned off").wait_for()
    for one in (page, phone):
        quiet(one, but=REFUSED)


@pytest.mark.prove
async def test_who_needs_it_sets_it_up_before_anything_else_and_an_owner_takes_it_off(
    house: Desk, page: Any, open_at: Any
) -> None:
    desk = house.house.desk
    await page.goto("/people")
    first = page.get_by_role("link", name="Set up your own first")
    await first.wait_for()
    await expect(page.get_by_role("button", name="Have owners and editors need it")).to_have_count(0)
    await first.click()
    await set_up(page, OWNER["password"])
    owner = await desk.sessions.caller_of((await page.context.cookies())[0]["value"])
    link = await desk.invitations.invite(owner, "ben@desk.test", "editor")
    ben = await open_at(signed_in=False, size=(390, 844))
    token = await desk.invitations.accept(link, "Ben Day", WORDS, "en", "Europe/Paris", "127.0.0.1", "test")
    await ben.context.add_cookies([{"name": "nightdesk_session", "value": token, "url": house.address}])
    await page.goto("/people")
    await page.get_by_role("button", name="Have owners and editors need it").click()
    await page.get_by_text("who has none sets one up first").wait_for()
    await ben.goto("/sites")
    await ben.get_by_role("heading", name="A second factor first").wait_for()
    await fine(ben, themes=BOTH)
    await picture(ben, "factor-first")
    await set_up(ben, WORDS)
    await ben.get_by_role("link", name="I have kept them").click()
    await ben.get_by_role("heading", name="Tonight").wait_for()
    await page.reload()
    await fine(page)
    await picture(page, "people-second-factor")
    await page.get_by_role("button", name="Take off the second factor of Ben Day").click()
    await page.get_by_role("button", name="Take it off", exact=True).click()
    await page.get_by_text("The second factor of Ben Day is off").wait_for()
    await sign_in(ben, "ben@desk.test", WORDS)
    await ben.get_by_text("Your second factor was taken off").wait_for()
    await ben.get_by_role("link", name="Go on").click()
    await ben.get_by_role("heading", name="A second factor first").wait_for()
    quiet(page)
    quiet(ben)
