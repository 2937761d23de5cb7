"""Auto mode in a browser: switched on, set, trusted with what passes, stopped in time, let go on again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import expect

from api.api_house import Tenant
from autopilot.one_night import SERIOUS, Night
from browser.browser_house import Desk, calm, fine, picture, quiet
from nightdesk.desk.accounts import NewAccount
from nightdesk.desk.people import Operator
from nightdesk.kit.clock import SetClock
from nightdesk.store.tables.publishing import AccountSite

HERE = "/sites/heap-soil/auto"


async def a_site(house: Desk) -> Night:
    """A site on home composting, linked to a folder, and the autopilot that looks after it at every round."""
    desk, workspace = house.house.desk, house.workspace
    facts = {"subject": "Home composting", "platforms": ["youtube"], "hours": [7, 15]}
    site = await desk.sites.create(workspace, "Heap & Soil", **facts)
    by = Operator(workspace)
    account = await desk.accounts.connect(by, NewAccount("folder", "The website's folder", {"folder": "out"}))
    await desk.accounts.link(by, account.id, site.id)
    pilot = replace(house.house.autopilot, pause=timedelta(0))
    tenant = Tenant(workspace, site.id, "", None)
    return Night(house.house, tenant, account.id, SetClock(house.house.clock.now()), pilot)


async def test_a_site_is_switched_on_and_told_how_much_and_when(house: Desk, page: Any, phone: Any) -> None:
    night = await a_site(house)
    await page.goto("/sites/heap-soil")
    await page.get_by_role("link", name="Auto mode").click()
    await page.get_by_text("Heap & Soil does nothing by itself").wait_for()
    await fine(page)
    await page.get_by_role("button", name="Switch it on").click()
    await page.get_by_text("Auto mode of Heap & Soil is on").first.wait_for()

    pace = page.locator("#pace")
    await pace.get_by_role("checkbox", name="14:00, does well").press("Space")
    await pace.get_by_role("checkbox", name="15:00").press("Space")
    await pace.get_by_label("Posts a day").fill("3")
    await pace.get_by_label("Videos a day").fill("1")
    await pace.get_by_label("Credits a day").fill("90000000")
    await page.evaluate("document.querySelector('#pace').noValidate = true")
    await pace.get_by_role("button", name="Keep").click()
    await page.locator(".is-wrong", has_text="from 0 to 10000000").wait_for()
    await pace.get_by_label("Credits a day").fill("900")
    await pace.get_by_role("button", name="Keep").click()
    await page.get_by_text("Pace, hours and budgets are kept").wait_for()
    site = await night.site()
    assert (site.hours, site.posts_a_day, site.videos_a_day) == ([7, 14], 3, 1)
    assert (site.day_budget, site.piece_budget, site.auto_mode) == (900, 0, True)
    toast = page.locator(".toast-note", has_text="Pace, hours and budgets")
    await toast.get_by_role("button", name="Undo").click()
    await expect(page.locator("#pace").get_by_label("Posts a day")).to_have_value("2")

    await page.locator("#accounts").get_by_label("The website's folder").uncheck()
    await page.locator("#accounts").get_by_role("button", name="Keep").click()
    await page.get_by_text("are booked for 0 accounts").wait_for()
    (link,) = await night.rows(AccountSite, AccountSite.site_id)
    assert not link.by_itself
    await page.get_by_role("button", name="Switch off").click()
    await page.get_by_role("dialog").get_by_role("button", name="Switch it off").click()
    await page.get_by_text("Heap & Soil does nothing by itself").wait_for()
    quiet(page, but=("status of 422",))
    await picture(page, "auto-mode-off")
    await phone.goto(HERE)
    await fine(phone)
    await picture(phone, "auto-mode-off")


@pytest.mark.prove
async def test_an_owner_signs_a_rule_and_stops_what_it_would_let_through(
    house: Desk, page: Any, phone: Any
) -> None:
    night = await a_site(house)
    await house.house.desk.niches.auto.toggle(house.workspace, night.tenant.site, True, 4)
    await night.topics("Worms in winter", "Leaf mould")
    await page.goto(HERE)
    await page.get_by_role("radio", name="Auto publish").check()
    await page.get_by_text("where an owner has signed a rule for it, and all else").first.wait_for()
    await page.get_by_role("button", name="Sign a rule for articles").click()
    sheet = page.get_by_role("dialog", name="Trust Heap & Soil with articles")
    await sheet.get_by_label("Time in which it can be stopped").select_option("4 hours")
    await sheet.get_by_text("unless somebody stops them within 4 hours at the gate").wait_for()
    await fine(page)
    await picture(page, "auto-mode-sign")
    await sheet.get_by_role("button", name="Sign it").click()
    assert await night.house.desk.auto_modes.rules.in_force(house.workspace, night.tenant.site) == {}
    await sheet.get_by_label("I, Ada Night, answer for what goes out").check()
    await sheet.get_by_role("button", name="Sign it").click()
    rules = page.locator("#rules")
    await rules.get_by_text("Signed by Ada Night").wait_for()
    rule = (await night.house.desk.auto_modes.rules.in_force(house.workspace, night.tenant.site))["article"]
    assert (rule.hold, rule.who) == (240, "Ada Night")

    for title in ("Warm heaps", "Cold frames"):
        await night.article(title=title)
    await night.pilot.round()
    held = page.locator("#held")
    await held.get_by_role("link", name="Warm heaps").wait_for()
    await page.locator("#forecast").get_by_text("are set aside for what is in hand").wait_for()
    await fine(page)
    await page.reload()
    await picture(page, "auto-mode-held")
    await phone.goto(HERE)
    await fine(phone)
    await picture(phone, "auto-mode-held")
    await held.get_by_role("button", name="Stop Warm heaps").click()
    await page.get_by_text("It does not go out by itself").wait_for()
    await expect(held.get_by_role("button", name="Stop Warm heaps")).to_be_hidden()

    await page.goto("/")
    await page.get_by_role("heading", name="Goes out by itself, unless stopped").wait_for()
    await page.get_by_text("Wanted to begin").wait_for()
    await picture(page, "tonight-held")
    await page.get_by_role("button", name="Stop Cold frames").click()
    await page.get_by_role("heading", name="Goes out by itself").wait_for(state="detached")
    assert {one.state for one in await night.let_through()} == {"stopped"}
    await page.get_by_role("link", name="1 site, in parts").click()
    await page.get_by_text("new articles").wait_for()
    await fine(page)
    await picture(page, "tonight-cost")
    await phone.goto("/tonight/cost")
    await calm(phone)
    await picture(phone, "tonight-cost")

    await page.goto(HERE)
    await rules.get_by_role("button", name="Withdraw").click()
    await page.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    await rules.get_by_text("1 earlier rule").click()
    await rules.get_by_text("withdrawn by Ada Night").wait_for()
    await rules.get_by_role("button", name="Ask for two people").click()
    await rules.get_by_text("is approved by two different people").wait_for()
    await expect(rules.get_by_role("button", name="Sign a rule")).to_have_count(0)
    quiet(page)


@pytest.mark.prove
async def test_a_site_that_waits_says_why_and_a_person_lets_it_go_on(
    house: Desk, page: Any, phone: Any
) -> None:
    night = await a_site(house)
    await house.house.desk.niches.auto.toggle(house.workspace, night.tenant.site, True, 1)
    await page.goto(HERE)
    for _ in range(3):
        await night.article(checks={"grounding": {"findings": [SERIOUS]}}, may_publish_itself=False)
    await night.pilot.round()
    standing = page.locator("#standing")
    await standing.get_by_text("The last 3 articles failed their checks").wait_for()
    await picture(page, "auto-mode-waits")
    for one in (page, phone):
        await one.goto("/")
        await (
            one.locator(".need", has_text="auto mode waits")
            .get_by_text("A figure is contradicted")
            .wait_for()
        )
        await fine(one)
        await picture(one, "tonight-waits")
        await one.goto("/calendar")
        await one.get_by_text("waits: The last 3 articles failed").wait_for()
        await calm(one)
    await page.goto("/")
    await page.get_by_role("button", name="Resume auto mode of Heap & Soil").click()
    await page.get_by_text("Auto mode of Heap & Soil goes on").wait_for()
    await page.locator(".need", has_text="auto mode waits").wait_for(state="detached")
    assert await night.stands() == ("", "")
    await night.site(day_budget=1)
    await night.pilot.round()
    await page.goto(HERE)
    await standing.get_by_text("Of 1 credits a day 0 are spent").wait_for()
    await standing.get_by_role("button", name="Resume").click()
    await page.get_by_text("It goes on, and is looked after within a minute").wait_for()
    await calm(page)
