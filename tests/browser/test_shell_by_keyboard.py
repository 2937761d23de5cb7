"""The frame around every page by keyboard: palette, search, keys, theme, the drawer on a phone."""

from typing import Any

from browser.browser_house import Desk, accessible, fine, picture


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
    assert not await page.locator("#palette").is_visible()
    await page.keyboard.press("?")
    assert await page.get_by_role("heading", name="Keys").is_visible()
    await picture(page, "keys")
    await accessible(page)
    await page.keyboard.press("Escape")
    await page.keyboard.press("/")
    await field.type("tonight")
    await page.keyboard.press("Enter")
    await page.wait_for_load_state()
    await page.get_by_role("heading", name="Tonight").wait_for()
    await fine(page)


async def test_the_theme_chosen_stays_with_the_person(house: Desk, page: Any, open_at: Any) -> None:
    await page.goto("/")
    await page.get_by_role("button", name="Light or dark").click()
    async with page.expect_response("**/theme"):
        await page.get_by_role("menuitemradio", name="Dark").click()
    assert await page.locator("html").get_attribute("data-bs-theme") == "dark"
    other = await open_at(theme="light")
    await other.goto("/")
    assert await other.locator("html").get_attribute("data-bs-theme") == "dark"
    await fine(other)


async def test_the_first_tab_stop_skips_to_the_page_and_a_phone_has_a_menu(page: Any, phone: Any) -> None:
    await page.goto("/")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "Skip to the page"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "main"
    await phone.goto("/")
    await phone.get_by_role("button", name="Menu").click()
    assert await phone.get_by_role("button", name="Sign out").is_visible()
    await picture(phone, "drawer")
    await fine(phone)
    await phone.keyboard.press("Escape")
    assert not await phone.get_by_role("button", name="Sign out").is_visible()
