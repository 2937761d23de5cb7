"""Where notices go and how long things are kept, in a browser."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from api.api_house import Tenant
from api.rows import add_chain
from browser.browser_house import Desk, accessible, fine, fits, picture, quiet
from nightdesk.desk.retention import Pruning
from notices.notice_receiver import Receiver
from retention.old_nights import old_run

SECRET = "canary-4711"


@pytest.mark.prove
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
    await form.get_by_role("button", name="Keep").wait_for()
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


@pytest.mark.prove
async def test_how_long_things_are_kept_is_seen_before_it_is_chosen(house: Desk, page: Any) -> None:
    desk, workspace = house.house.desk, house.workspace
    site = await desk.sites.create(workspace, "Heap & Soil")
    tenant = Tenant(workspace, site.id, "", cast(Any, None))
    one = await add_chain(house.house, tenant)
    items = {"keywords": [one.keyword], "tasks": [one.task], "images": [one.image]}
    long_ago = datetime.now(UTC) - timedelta(days=40)
    run = await old_run(house.house, tenant, long_ago, items, batches=12)
    await page.goto("/settings/retention")
    logs = page.get_by_role("region", name="Logs")
    await logs.get_by_text("Nothing is older than 90 days.").wait_for()
    await fine(page)
    await picture(page, "settings-retention")
    await logs.get_by_label("Keep logs").select_option("30")
    await logs.get_by_text("12 log lines older than 30 days go within minutes.").wait_for()
    await logs.get_by_role("button", name="Keep").click()
    await page.get_by_role("dialog").get_by_role("button", name="Keep so long").click()
    await page.get_by_text("Logs: kept for 30 days.").wait_for()
    details = page.get_by_role("region", name="Details of finished runs")
    await details.get_by_label("Keep details").select_option("30")
    await details.get_by_text("older than 30 days are summed up").wait_for()
    await details.get_by_role("button", name="Keep").click()
    await page.get_by_role("dialog").get_by_role("button", name="Keep so long").click()
    await page.get_by_text("Details of finished runs: kept for 30 days.").wait_for()

    await Pruning(house.house.store, house.house.files, house.house.clock).prune()
    await page.goto(f"/runs/{run}")
    await page.get_by_text("Its lines are gone").wait_for()
    await page.get_by_text("Summed up").first.wait_for()
    await fine(page)
    await picture(page, "run-pruned")


async def test_the_pages_fit_a_phone(house: Desk, phone: Any) -> None:
    await phone.goto("/settings/notices")
    await phone.get_by_text("Nobody is told yet").wait_for()
    await fine(phone)
    await picture(phone, "settings-notices-phone")
    await phone.goto("/settings/retention")
    await phone.get_by_role("region", name="Archived sites").wait_for()
    await fine(phone)
    await picture(phone, "settings-retention-phone")
