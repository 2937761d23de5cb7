"""From the very first start to an approved article: by mouse, by keyboard alone, and over a slow line."""

from typing import Any

import pytest
from playwright.async_api import expect
from sqlalchemy import func, select

from browser.browser_house import OWNER, Desk, calm, open_page, quiet
from browser.line_sites import FEW, fed
from nightdesk.store.tables.writer import Content

PHRASES = "\n".join(line.partition(",")[0] for line in FEW.splitlines()[1:])
MOST_TABS = 90
"""Stops before what is looked for; a page that needs more is no page for the keyboard."""

NAMES = """() => {
  const one = document.activeElement;
  if (one === document.body) return [];
  const said = [one.getAttribute("aria-label"), one.labels?.[0]?.innerText, one.innerText, one.title];
  return said.filter(Boolean).map((text) => text.trim());
}"""


async def reach(page: Any, name: str) -> None:
    """Goes on by the tabulator until what is called so has the focus."""
    met = []
    for _ in range(MOST_TABS):
        names = await page.evaluate(NAMES)
        if name in names:
            return
        met += names[:1]
        await page.keyboard.press("Tab")
    raise AssertionError(f"{name!r} cannot be reached on {page.url}; met {list(dict.fromkeys(met))}")


async def press(page: Any, name: str) -> None:
    await reach(page, name)
    await page.keyboard.press("Enter")


async def write(page: Any, name: str, text: str) -> None:
    await reach(page, name)
    await page.keyboard.insert_text(text)


async def test_by_mouse_the_first_start_leads_to_an_approved_article(new_house: Desk, browser: Any) -> None:
    page = await open_page(browser, new_house, signed_in=False)
    await page.goto(f"/start?token={await new_house.house.desk.entrance.pending_token()}")
    await page.get_by_label("Your name").fill(OWNER["name"])
    await page.get_by_label("E-mail").fill(OWNER["email"])
    await page.get_by_label("Password").fill(OWNER["password"])
    await page.get_by_label("Name of your newsroom").fill("The Night Desk")
    await page.get_by_role("button", name="Open the desk").click()
    await page.get_by_role("link", name="Go on").click()
    await page.get_by_label("Name", exact=True).fill("Heap & Soil")
    await page.get_by_role("button", name="Make this site").click()
    await page.get_by_role("heading", name="Heap & Soil").wait_for()
    await page.get_by_role("link", name="Planner").first.click()
    await page.get_by_role("button", name="Add a few by hand").click()
    await page.get_by_label("Keywords", exact=True).fill(PHRASES)
    await page.get_by_role("button", name="Add", exact=True).click()
    await page.get_by_text("keywords are added.").wait_for()
    await page.get_by_role("link", name="Heap & Soil").first.click()
    async with new_house.working():
        await page.get_by_role("button", name="Run now").click()
        await page.get_by_role("button", name="Start the run").click()
        await page.locator(".log-line", has_text="The run is complete.").wait_for(timeout=60_000)
    await page.get_by_role("link", name="Review").first.click()
    await page.locator(".queue-title").first.click()
    await page.get_by_role("button", name="Approve").click()
    await page.get_by_text("was approved.").wait_for()
    assert await _approved(new_house) == 1
    await calm(page)
    await page.context.close()


@pytest.mark.prove
async def test_by_keyboard_alone_too(new_house: Desk, browser: Any) -> None:
    page = await open_page(browser, new_house, signed_in=False)
    await page.goto(f"/start?token={await new_house.house.desk.entrance.pending_token()}")
    await write(page, "Your name", OWNER["name"])
    await write(page, "E-mail", OWNER["email"])
    await write(page, "Password", OWNER["password"])
    await write(page, "Name of your newsroom", "The Night Desk")
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="Who writes").wait_for()
    await press(page, "Go on")
    await page.get_by_role("heading", name="Your first site").wait_for()
    await write(page, "Name", "Heap & Soil")
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="Heap & Soil").wait_for()
    await page.keyboard.type("gp")
    await page.get_by_role("heading", name="No keywords yet").wait_for()
    await press(page, "Add a few by hand")
    await write(page, "Keywords", PHRASES)
    await press(page, "Add")
    await page.get_by_text("keywords are added.").wait_for()
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("combobox", name="Search, or a command")).to_be_focused()
    await page.keyboard.insert_text("Heap & Soil")
    await expect(page.locator(".palette-item[aria-selected]")).to_contain_text("Heap & Soil")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/sites/heap-soil")
    await page.get_by_role("heading", name="Heap & Soil").wait_for()
    async with new_house.working():
        await press(page, "Run now")
        await page.get_by_role("button", name="Start the run").wait_for()
        await press(page, "Start the run")
        await page.locator(".log-line", has_text="The run is complete.").wait_for(timeout=60_000)
    await page.keyboard.type("gr")
    await page.locator(".queue-title").first.wait_for()
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Approve").wait_for()
    await page.keyboard.press("a")
    await page.get_by_text("was approved.").wait_for()
    assert await _approved(new_house) == 1
    quiet(page)
    await page.context.close()


@pytest.mark.prove
async def test_over_a_slow_line_the_pages_work_all_the_same(house: Desk, phone: Any) -> None:
    """400 kbit/s and 400 ms, as Chromium's own preset for slow 3G has them."""
    await fed(house)
    wire = await phone.context.new_cdp_session(phone)
    await wire.send("Network.enable")
    slow = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    await wire.send("Network.emulateNetworkConditions", slow)
    await phone.goto("/sites/heap-soil")
    await phone.locator("body[data-live-by='stream']").wait_for()
    await phone.get_by_role("button", name="Run now").click()
    await phone.get_by_role("button", name="Start the run").click()
    await phone.get_by_text("The run has begun.").wait_for()
    async with house.working():
        await phone.locator(".log-line", has_text="The run is complete.").wait_for(timeout=60_000)
    await phone.goto("/review")
    await phone.locator(".queue-title").first.wait_for()
    quiet(phone)


async def _approved(desk: Desk) -> int:
    async with desk.house.store.workspace(desk.workspace) as session:
        query = select(func.count()).where(Content.status == "approved")
        return int(await session.scalar(query) or 0)
