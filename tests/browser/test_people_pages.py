"""People in a browser: invited and let in, given roles, removed; one's own account; API keys; the book."""

from typing import Any

import httpx2
import pytest
from playwright.async_api import expect

from browser.browser_house import OWNER, Desk, fine, picture, quiet

WORDS = "a lighthouse over the night sea"


async def joined(house: Desk, name: str, email: str, role: str) -> str:
    """Somebody who accepted an invitation; the token of their session."""
    desk = house.house.desk
    owner = await desk.sessions.caller_of(house.token)
    assert owner is not None
    link = await desk.invitations.invite(owner, email, role)  # type: ignore[arg-type]
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    return await desk.invitations.accept(link, name, WORDS, "en", "Europe/Paris", "198.51.100.7", agent)


@pytest.mark.prove
async def test_an_owner_invites_gives_roles_and_removes(
    house: Desk, page: Any, phone: Any, open_at: Any
) -> None:
    await joined(house, "Ben Day", "ben@desk.test", "editor")
    await page.goto("/people")
    await page.get_by_role("button", name="Invite").click()
    await page.get_by_label("E-mail").fill("vera@desk.test")
    await page.get_by_role("radio", name="Viewer").check()
    await picture(page, "people-invite")
    await page.get_by_role("button", name="Make the link").click()
    link = await page.get_by_label("The link").input_value()
    assert link.startswith(f"{house.address}/invitation?token=")
    await page.get_by_role("button", name="Copy").click()
    await page.get_by_role("button", name="Done").click()
    await page.get_by_text("as viewer, invited").wait_for()
    guest = await open_at(signed_in=False)
    await guest.goto(link)
    await guest.get_by_text("vera@desk.test").first.wait_for()

    await page.get_by_label("Role of Ben Day").select_option("viewer")
    await page.get_by_text("Ben Day is viewer now.").wait_for()
    await page.get_by_role("button", name="Undo").click()
    await page.locator("select:has(option[value=editor]:checked)").wait_for()
    await page.get_by_role("button", name="Withdraw").click()
    await page.get_by_text("opens nothing any more").wait_for()
    for one in (page, phone):
        await one.goto("/people")
        await fine(one)
        await picture(one, "people")
    await page.get_by_role("button", name="Remove Ben Day").click()
    await page.get_by_role("button", name="Remove", exact=True).click()
    await page.get_by_role("row", name="Ben Day").wait_for(state="detached")
    assert [one.name for one in await house.house.desk.people.members(house.workspace)] == [OWNER["name"]]
    await page.get_by_role("link", name="What was done").click()
    await page.get_by_text("ben@desk.test").first.wait_for()
    await fine(page)
    await picture(page, "people-book")


async def test_a_viewer_sees_people_without_buttons(house: Desk, open_at: Any) -> None:
    token = await joined(house, "Vera Look", "vera@desk.test", "viewer")
    page = await open_at(signed_in=False)
    await page.context.add_cookies([{"name": "nightdesk_session", "value": token, "url": house.address}])
    await page.goto("/people")
    await page.get_by_role("row", name="Vera Look").wait_for()
    await expect(page.get_by_role("button", name="Invite")).to_have_count(0)
    await expect(page.get_by_role("button", name="Remove")).to_have_count(0)
    for path in ("/people/keys", "/people/book", "/people/invite"):
        answer = await page.goto(path)
        assert answer.status == 403, path
    quiet(page, but=("status of 403",))


async def test_a_key_is_shown_once_works_and_is_revoked(house: Desk, page: Any) -> None:
    await page.goto("/people/keys")
    await page.get_by_text("No key is in use").wait_for()
    await page.get_by_label("What uses it").fill("the archive script")
    await page.get_by_role("button", name="Make a key").click()
    key = await page.get_by_label("The key").input_value()
    await fine(page)
    await picture(page, "people-keys")
    async with httpx2.AsyncClient(base_url=house.address) as client:
        ask = {"headers": {"Authorization": f"Bearer {key}"}}
        assert (await client.get("/api/v1/sites", **ask)).status_code == 200
        await page.reload()
        await page.get_by_role("row", name="the archive script").wait_for()
        assert key not in await page.content()
        await page.get_by_role("button", name="Revoke the archive script").click()
        await page.get_by_role("button", name="Revoke", exact=True).click()
        await page.get_by_text("1 revoked").wait_for()
        assert (await client.get("/api/v1/sites", **ask)).status_code == 401


@pytest.mark.prove
async def test_my_account_is_changed_and_other_sessions_are_ended(house: Desk, page: Any, phone: Any) -> None:
    desk = house.house.desk
    other = await desk.sessions.sign_in(
        OWNER["email"], OWNER["password"], "198.51.100.9", "Firefox/140 Windows"
    )
    for one in (page, phone):
        await one.goto("/me")
        await one.get_by_text("Firefox on Windows").first.wait_for()
        await fine(one)
        await picture(one, "me")
    await page.get_by_label("Name").fill("Ada Late")
    await page.get_by_label("Theme").select_option("dark")
    await page.get_by_role("button", name="Keep").click()
    await page.get_by_text("Your account is changed.").wait_for()
    await expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    await page.get_by_label("Your password").fill("something else entirely")
    await page.get_by_role("button", name="End it").click()
    await page.locator(".is-wrong", has_text="Your password").wait_for()
    await page.get_by_label("Your password").fill(OWNER["password"])
    await page.get_by_role("button", name="End it").click()
    await page.get_by_text("That session has ended").wait_for()
    assert await desk.sessions.caller_of(other) is None
    await page.get_by_label("Present password").fill("something else entirely")
    await page.get_by_label("New password").fill(WORDS)
    await page.get_by_role("button", name="Change the password").click()
    await page.locator(".is-wrong", has_text="Present password").wait_for()
    await page.get_by_label("Present password").fill(OWNER["password"])
    await page.get_by_role("button", name="Change the password").click()
    await page.get_by_text("Your password is changed").wait_for()
    assert await desk.sessions.caller_of(house.token) is None
    quiet(page, but=("status of 422",))
