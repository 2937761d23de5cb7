"""Clusters in a browser: renamed, merged, split and emptied, by mouse and by keyboard, and put back."""

from typing import Any

import pytest
from playwright.async_api import expect

from browser.browser_house import Desk, calm, fine, picture, quiet
from browser.planner_house import site_in
from nightdesk.store.tables.planner import Cluster, Idea, Keyword

PUMPS = ("heat pump", "heat pump cost", "heat pump noise")


def names(page: Any) -> Any:
    return expect(page.locator("#clusters .keyword-phrase"))


@pytest.mark.prove
async def test_clusters_are_merged_and_come_apart_again(house: Desk, page: Any, phone: Any) -> None:
    site = await site_in(house)
    await page.goto(f"{site.at}/clusters")
    await page.get_by_role("heading", name="No clusters yet").wait_for()
    await fine(page)
    pumps = await site.cluster("Heat pumps", *PUMPS, status="mapped")
    await site.cluster("Air heat pumps", "air heat pump")
    await site.cluster("Boilers", "boiler", "gas boiler")
    await site.idea(pumps, "What a heat pump costs to run")
    await page.reload()
    await names(page).to_have_text(["Heat pumps", "Boilers", "Air heat pumps"])
    await phone.goto(f"{site.at}/clusters")
    await fine(phone)
    await page.get_by_label("Choose Air heat pumps").check()
    await page.get_by_text("1 chosen").wait_for()
    await expect(page.get_by_role("button", name="Merge")).to_be_hidden()
    await page.get_by_label("Choose Heat pumps", exact=True).check()
    await page.get_by_role("button", name="Merge").click()
    await expect(page.get_by_label("Name of the one")).to_have_value("Heat pumps")
    await expect(page.locator("[data-ticked] li")).to_have_text(["Heat pumps", "Air heat pumps"])
    await fine(page)
    await page.get_by_label("Name of the one").fill("All heat pumps")
    await page.keyboard.press("Enter")
    await page.get_by_text("2 clusters are one now, “All heat pumps”.").wait_for()
    await names(page).to_have_text(["All heat pumps", "Boilers"])
    assert await site.count(Keyword, Keyword.cluster_id == pumps) == 4
    await page.get_by_role("button", name="Undo").click()
    await page.get_by_text("It is as it was before.").wait_for()
    await page.get_by_role("link", name="Air heat pumps").wait_for()
    await names(page).to_have_text(["Heat pumps", "Boilers", "Air heat pumps"])
    await calm(page)
    await picture(page, "planner-clusters")
    await picture(phone, "planner-clusters")


@pytest.mark.prove
async def test_a_cluster_is_renamed_split_and_deleted_by_keyboard(house: Desk, page: Any, phone: Any) -> None:
    site = await site_in(house)
    of = await site.cluster("Heat pumps", *PUMPS, status="mapped", description="All that pumps heat.")
    await site.idea(of, "What a heat pump costs to run")
    await page.goto(f"{site.at}/clusters")
    await page.get_by_role("button", name="Rename Heat pumps").focus()
    await page.keyboard.press("Enter")
    await page.get_by_label("Name", exact=True).fill("Heat pumps at home")
    await page.keyboard.press("Enter")
    await page.get_by_text("The cluster is called “Heat pumps at home” now.").wait_for()

    await page.get_by_role("link", name="Heat pumps at home").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="Heat pumps at home").wait_for()
    await fine(page)
    await phone.goto(f"{site.at}/clusters/{of}")
    await fine(phone)
    await page.get_by_label("Choose heat pump cost").focus()
    await page.keyboard.press("Space")
    await page.get_by_text("1 chosen").wait_for()
    await page.get_by_role("button", name="Move or split off").focus()
    await page.keyboard.press("Enter")
    await page.get_by_label("Cluster", exact=True).fill("What heat pumps cost")
    await page.keyboard.press("Enter")
    await page.get_by_text("1 keyword is now in the new cluster “What heat pumps cost”.").wait_for()
    await expect(page.locator(".keyword-phrase")).to_have_text(["heat pump noise", "heat pump"])
    made = {one.name: one.volume for one in await site.rows(Cluster)}
    assert made == {"Heat pumps at home": 200, "What heat pumps cost": 100}

    await page.get_by_role("button", name="Delete", exact=True).focus()
    await page.keyboard.press("Enter")
    await page.get_by_text("Delete “Heat pumps at home” with its 1 idea?").wait_for()
    await page.get_by_role("button", name="Delete the cluster").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/planner/clusters")
    await names(page).to_have_text(["What heat pumps cost"])
    assert await site.count(Idea) == 0
    assert await site.count(Keyword, Keyword.state == "new") == 2
    await calm(page)


async def test_what_cannot_be_is_said_and_nothing_is_changed(house: Desk, page: Any) -> None:
    site = await site_in(house)
    of = await site.cluster("Heat pumps", "heat pump")
    await site.task(of, "How a heat pump works", status="completed")
    await site.sql(
        "insert into contents (workspace_id, site_id, task_id, title, slug, markdown, html) "
        "select workspace_id, site_id, id, title, 'p', 'x', '<p>x</p>' from tasks"
    )
    await page.goto(f"{site.at}/clusters")
    await page.get_by_label("Choose Heat pumps").check()
    await page.get_by_role("button", name="Delete").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await page.get_by_text("An article was written from this").wait_for()
    assert await site.count(Cluster) == 1
    await site.cluster("Boilers", "boiler")
    await page.goto(f"{site.at}/clusters/{of}")
    await page.get_by_text("Name and description").click()
    await page.get_by_label("Name", exact=True).fill("boilers")
    await page.get_by_role("button", name="Keep it so").click()
    await page.get_by_text("The site has a cluster “boilers” already.").wait_for()
    quiet(page, but=("status of 409",))
    await picture(page, "planner-cluster")
