"""Where notices go and how long things are kept, in a browser."""

from typing import Any

from browser.browser_house import Desk, accessible, fine, fits, picture, quiet
from notices.notice_receiver import Receiver

SECRET = "canary-4711"


async def test_an_address_is_added_tried_changed_and_removed(house: Desk, page: Any) -> None:
    receiver = await Receiver().start()
    house.house.desk.notices.sending.courier.allow.append(("127.0.0.1", receiver.port))
    await page.goto("/settings/notices")
    await page.get_by_text("Nobody is told yet").wait_for()
    await fine(page)
    await page.get_by_label("Address", exact=True).fill("file:///etc/passwd")
    await page.get_by_role("button", name="Add it").click()
    await page.get_by_text("No service is known by this address").wait_for()
    await page.get_by_label("Address", exact=True).fill(receiver.address)
    await page.get_by_role("button", name="Add it").click()
    await page.get_by_role("heading", name="JSON …4711").wait_for()
    assert SECRET not in await page.content()

    await page.get_by_role("button", name="Send a test").click()
    await page.get_by_text("It was taken").wait_for()
    assert [one["title"] for one in receiver.got] == ["A test from the night desk"]
    await page.get_by_role("cell", name="JSON …4711").wait_for()
    receiver.status = 500
    await page.get_by_role("button", name="Send a test").click()
    await page.get_by_text("It was not taken").wait_for()
    await page.get_by_text("Given up").wait_for()
    assert SECRET not in await page.content()
    await accessible(page)
    await fits(page)
    await picture(page, "settings-notices")

    await page.get_by_role("button", name="Change").click()
    form = page.locator("form.model-form")
    for label in await form.get_by_role("checkbox").all():
        await label.uncheck()
    await form.get_by_role("button", name="Keep").click()
    await form.get_by_text("Choose at least one thing").wait_for()
    await form.get_by_label("A summary once a day").check()
    await form.get_by_label("Summary at").select_option("7")
    await form.get_by_role("button", name="Keep").click()
    await page.get_by_text("A summary at 07:00, Europe/Berlin").wait_for()

    await page.get_by_role("button", name="Change").click()
    await page.locator("form.model-form").get_by_role("button", name="Remove").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    await page.get_by_text("Nobody is told yet").wait_for()
    assert await house.house.desk.notices.targets(house.workspace) == []
    quiet(page, but=("status of 422",))
    await receiver.stop()


async def test_the_pages_fit_a_phone(house: Desk, phone: Any) -> None:
    await phone.goto("/settings/notices")
    await phone.get_by_text("Nobody is told yet").wait_for()
    await fine(phone)
    await picture(phone, "settings-notices-phone")
