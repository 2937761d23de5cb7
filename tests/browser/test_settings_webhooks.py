"""Programs that hear of events, hooks that they call, and what tools may do, in a browser."""

from typing import Any

from browser.browser_house import Desk, accessible, fine, fits, picture, quiet
from nightdesk.desk.people import Operator
from nightdesk.kit.http.guard import Guard
from webhooks.listening_program import Listener

CUT = "found => found.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.innerText)"


async def test_a_program_is_told_and_a_hook_made_and_each_secret_is_seen_once(house: Desk, page: Any) -> None:
    listener = await Listener().start()
    desk = house.house.desk
    object.__setattr__(desk.webhooks.sending.caller, "guard", Guard(allow=[("127.0.0.1", listener.port)]))
    await desk.sites.create(house.workspace, "Heap & Soil")
    await page.goto("/settings/webhooks")
    await page.get_by_text("No program is told yet").wait_for()
    await page.get_by_text("There is none yet. Make one below").wait_for()
    await fine(page)
    tell = page.locator("form").filter(has_text="Tell a program")
    await tell.get_by_label("Address").fill("ftp://a.test/")
    await tell.get_by_role("button", name="Add it").click()
    await page.get_by_text("Only http and https").wait_for()
    quiet(page, but=("status of 422",))
    await tell.get_by_label("Address").fill(listener.url)
    await tell.get_by_label("A run is complete").check()
    await tell.get_by_role("button", name="Add it").click()
    secret = await page.get_by_label("The secret", exact=True).input_value()
    assert secret.startswith("whs_")
    await picture(page, "settings-webhooks-made")

    await page.get_by_role("button", name="Send a test").click()
    await page.get_by_text("It was taken (204).").first.wait_for()
    listener.status = 500
    await page.get_by_role("button", name="Send a test").click()
    await page.get_by_text("It answered 500.").first.wait_for()
    await page.get_by_role("button", name="Pause").click()
    await page.get_by_text("Ada Night paused it.").wait_for()
    await page.get_by_role("button", name="Go on").click()
    await page.get_by_role("button", name="Pause").wait_for()

    make = page.locator("form").filter(has_text="Make a hook")
    await make.get_by_label("What calls it").fill("The newsroom's list")
    await make.get_by_label("A call").select_option("topic")
    await make.get_by_role("button", name="Make it").click()
    await page.get_by_text("Adds a topic of Heap & Soil").wait_for()
    await page.get_by_label("The secret", exact=True).wait_for()
    await page.reload()
    await page.get_by_text("The newsroom's list").first.wait_for()
    content = await page.content()
    assert secret not in content
    assert "whs_" not in content
    await accessible(page)
    await fits(page)
    await picture(page, "settings-webhooks")

    await page.get_by_role("button", name="Change").click()
    await page.locator("form.model-form").get_by_role("button", name="Remove").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    await page.get_by_text("No program is told yet").wait_for()
    await page.get_by_role("button", name="Remove The newsroom's list").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    await page.get_by_text("The hook is removed").wait_for()
    assert await desk.webhooks.hooks.listed(house.workspace) == []
    quiet(page, but=("status of 422",))
    await listener.stop()


async def test_an_owner_lets_tools_approve_for_a_site_and_takes_it_back(house: Desk, page: Any) -> None:
    site = await house.house.desk.sites.create(house.workspace, "Heap & Soil")
    await page.goto("/settings/tools")
    await page.get_by_role("button", name="Let tools").click()
    await page.get_by_role("dialog").get_by_role("button", name="Let tools").click()
    await page.get_by_text("Ada Night let tools do it").wait_for()
    assert site.id in await house.house.desk.tool_rights.listed(house.workspace)
    await fine(page)
    await picture(page, "settings-tools")
    await page.get_by_role("button", name="People alone").click()
    await page.get_by_role("button", name="Let tools").wait_for()
    await page.goto("/people/book")
    await page.get_by_text("Ada Night no longer lets tools approve and publish").wait_for()
    quiet(page)


async def test_both_pages_fit_a_phone(house: Desk, phone: Any) -> None:
    site = await house.house.desk.sites.create(house.workspace, "Heap & Soil")
    await house.house.desk.webhooks.hooks.add(
        Operator(house.workspace), "Our CMS", site.id, "topic", "article"
    )
    await house.house.desk.tool_rights.allow(Operator(house.workspace), site.id, allowed=True)
    for path, name in (
        ("/settings/webhooks", "settings-webhooks-phone"),
        ("/settings/tools", "settings-tools-phone"),
    ):
        await phone.goto(path)
        await phone.get_by_role("heading", name="Settings").wait_for()
        told = phone.locator(".stack-sub")
        assert await told.count(), path
        assert not await told.evaluate_all(CUT), "it is read whole"
        await fine(phone)
        await picture(phone, name)
