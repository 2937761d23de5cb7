"""The workspace's own page in a browser: renamed without leaving it, and its bar read by everybody."""

from typing import Any

from playwright.async_api import expect

from browser.browser_house import Desk, fine, fits, picture


async def test_the_workspace_is_renamed_and_its_storage_is_shown(house: Desk, page: Any, phone: Any) -> None:
    await page.goto("/settings/workspace")
    await page.get_by_label("Name of your newsroom").fill("The Quiet Desk")
    await page.get_by_role("button", name="Keep").click()
    await page.get_by_text("This newsroom is called The Quiet Desk.").wait_for()
    await expect(page.get_by_role("progressbar", name="are used")).to_be_visible()
    await fine(page)
    await picture(page, "workspace")
    assert await house.house.desk.workspaces.name(house.workspace) == "The Quiet Desk"
    await phone.goto("/settings/workspace")
    await phone.get_by_text("Storage").wait_for()
    await fits(phone)
    await picture(phone, "workspace-phone")
