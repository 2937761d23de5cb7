"""Sites in a browser: made, searched, archived and brought back, and what is seen of each."""

import re
from typing import Any

from playwright.async_api import expect

from api.api_house import Tenant
from api.rows import add_chain
from browser.browser_house import Desk, fine, picture


async def test_a_first_site_is_made_with_a_name_alone(house: Desk, page: Any) -> None:
    await page.goto("/sites")
    await page.get_by_text("No site yet").wait_for()
    await fine(page)
    await picture(page, "sites-empty")
    await page.get_by_role("link", name="Make the first site").click()
    await page.get_by_role("heading", name="New site").wait_for()
    await expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    await fine(page)
    await picture(page, "site-new")
    await page.get_by_label("Name").fill("Heap & Soil")
    await page.get_by_role("button", name="Make the site").click()
    await page.wait_for_url("**/sites/heap-soil")
    (site,) = await house.house.desk.sites.listed(house.workspace)
    assert (site.name, site.timezone, site.language) == ("Heap & Soil", "Europe/Berlin", "en")


async def test_a_name_that_is_taken_is_told_beside_its_field_and_nothing_typed_is_lost(
    house: Desk, phone: Any
) -> None:
    await house.house.desk.sites.create(house.workspace, "Heap")
    await phone.goto("/sites/new")
    await phone.get_by_label("Name").fill("Heap")
    await phone.get_by_label("Subject").fill("Soil")
    await phone.get_by_role("button", name="Make the site").click()
    await phone.locator(".is-wrong", has_text="There is a site").wait_for()
    await expect(phone.get_by_label("Subject")).to_have_value("Soil")


async def test_sites_show_what_waits_and_are_archived_and_brought_back(
    house: Desk, page: Any, phone: Any
) -> None:
    desk, workspace = house.house.desk, house.workspace
    site = await desk.sites.create(workspace, "Heap & Soil", subject="Home composting and garden soil")
    other = await desk.sites.create(workspace, "Night Sky", subject="Stars for beginners")
    await desk.automation.change(workspace, site.id, "article", {"is_enabled": True})
    await add_chain(house.house, Tenant(workspace, site.id, "", None))
    for one in (page, phone):
        await one.goto("/sites")
        row = one.get_by_role("row", name="Heap & Soil")
        await expect(row).to_contain_text(re.compile("tomorrow|0[23]:00"))
        await expect(row.get_by_role("link", name="1", exact=True)).to_be_visible()
        await fine(one)
        await picture(one, "sites")
    await page.get_by_role("searchbox", name="Search sites").fill("stars")
    await page.get_by_role("row", name="Heap & Soil").wait_for(state="detached")
    await expect(page.get_by_role("row", name="Night Sky")).to_be_visible()
    await page.get_by_role("button", name="What can be done with Night Sky").click()
    await picture(page, "sites-menu")
    await page.get_by_role("menuitem", name="Archive").click()
    await page.get_by_text("Night Sky is archived").wait_for()
    await expect(page.get_by_role("row", name="Night Sky")).to_be_hidden()
    await picture(page, "sites-archived-toast")
    await page.get_by_role("button", name="Undo").click()
    await page.get_by_role("row", name="Night Sky").wait_for()
    await desk.sites.archive(workspace, other.id)
    await page.goto("/sites?archived=1")
    await fine(page)
    await page.get_by_role("button", name="Bring back").click()
    await page.get_by_text("Nothing is archived").wait_for()
    assert len(await desk.sites.listed(workspace)) == 2
