"""The frame around every page by keyboard: palette, search, keys, theme, the drawer on a phone."""

from typing import Any

import pytest
from playwright.async_api import expect

from browser.browser_house import BOTH, Desk, accessible, fine, picture


async def test_the_palette_finds_what_is_typed_and_goes_there(house: Desk, page: Any) -> None:
    site = await house.house.desk.sites.create(house.workspace, "Garden Gazette")
    content = b"keyword,volume\nsow tomatoes indoors,900\nprune roses,400\n"
    await house.house.desk.planner.keywords.import_file(house.workspace, site.id, "k.csv", content)
    await page.goto("/")
    await page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Search, or a command")
    await field.type("sow tom")
    await page.get_by_role("option", name="sow tomatoes indoors").wait_for()
    await picture(page, "palette")
    await accessible(page)
    await field.fill("garden")
    await page.get_by_role("option", name="Garden Gazette").first.wait_for()
    await page.keyboard.press("Escape")
    await expect(page.locator("#palette")).to_be_hidden()
    await page.keyboard.press("?")
    await expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    await picture(page, "keys")
    await accessible(page)
    await page.keyboard.press("Escape")
    await expect(page.locator("#keys")).to_be_hidden()
    await page.keyboard.press("/")
    await expect(field).to_be_focused()
    await page.keyboard.type("credits")
    await expect(page.locator(".palette-item[aria-selected]")).to_contain_text("Credits")
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="Credits").first.wait_for()
    await fine(page)


@pytest.mark.prove
async def test_the_theme_chosen_stays_with_the_person(house: Desk, page: Any, open_at: Any) -> None:
    await page.goto("/")
    await page.get_by_role("button", name="Light or dark").click()
    async with page.expect_response("**/theme"):
        await page.get_by_role("menuitemradio", name="Dark").click()
    await expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    other = await open_at(theme="light")
    await other.goto("/")
    await expect(other.locator("html")).to_have_attribute("data-bs-theme", "dark")
    await fine(other)


async def test_the_first_tab_stop_skips_to_the_page_and_a_phone_has_a_menu(page: Any, phone: Any) -> None:
    await page.goto("/")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#main")).to_be_focused()
    await phone.goto("/")
    await phone.get_by_role("button", name="Menu").click()
    await expect(phone.get_by_role("button", name="Sign out")).to_be_visible()
    await picture(phone, "drawer")
    await fine(phone, themes=BOTH)
    await phone.keyboard.press("Escape")
    await expect(phone.get_by_role("button", name="Sign out")).to_be_hidden()
