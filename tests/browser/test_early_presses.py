"""What is pressed before the page's scripts have come is done once they are there."""

import asyncio
from typing import Any

from playwright.async_api import expect

from browser.browser_house import Desk, quiet
from browser.review_gate import pieces


async def slow_scripts(page: Any, until: asyncio.Event) -> None:
    async def late(route: Any) -> None:
        await until.wait()
        await route.continue_()

    await page.route("**/app*.js*", late)


async def test_keys_pressed_before_the_scripts_came_move_and_open(house: Desk, page: Any) -> None:
    await pieces(house, ["leaves", "worms"])
    come = asyncio.Event()
    await slow_scripts(page, come)
    await page.goto("/review", wait_until="commit")
    await page.locator(".queue-title").first.wait_for()
    for key in ("j", "j", "Enter"):
        await page.keyboard.press(key)
    await expect(page).to_have_url(f"{house.address}/review")
    come.set()
    await page.get_by_role("heading", name="All about worms", level=1).wait_for()
    quiet(page)


async def test_a_choice_and_a_key_before_the_scripts_came_are_noticed(house: Desk, page: Any) -> None:
    await pieces(house, ["leaves"])
    come = asyncio.Event()
    await slow_scripts(page, come)
    await page.goto("/review", wait_until="commit")
    await page.get_by_role("checkbox", name="Select “All about leaves”").check()
    await page.keyboard.press("?")
    come.set()
    await expect(page.locator("#keys").get_by_text("Send it back with a note")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_text("1 selected")).to_be_visible()
    quiet(page)


async def test_a_click_before_the_scripts_came_opens_the_palette(house: Desk, page: Any) -> None:
    come = asyncio.Event()
    await slow_scripts(page, come)
    await page.goto("/", wait_until="commit")
    await page.locator("[data-opens=palette]:visible").first.click()
    await expect(page.locator("#palette")).to_be_hidden()
    come.set()
    await page.locator("#palette").wait_for()
    quiet(page)
