"""A piece for two accounts in the calendar: one card, dragged whole, and an account of it dragged out."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from browser.browser_house import Desk, calm, fine, picture
from browser.review_gate import caller, tenant
from desk.video_rows import film
from nightdesk.desk.accounts import NewAccount
from nightdesk.desk.publishing import Wish

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.prove
async def test_a_card_of_two_accounts_is_dragged_whole_and_one_of_them_out_of_it(
    house: Desk, page: Any, phone: Any
) -> None:
    desk, by = house.house.desk, await caller(house)
    site = await desk.sites.create(house.workspace, "Heap & Soil", timezone="Europe/Berlin")
    new = [NewAccount("folder", name, {"folder": name.lower()}) for name in ("Shelf", "Stack")]
    accounts = [(await desk.accounts.connect(by, one)).id for one in new]
    at = (datetime.now(BERLIN) + timedelta(days=3)).replace(hour=9, minute=0, second=0, microsecond=0)
    video = await film(
        house.house, tenant(house, site), status="approved", reviewed_at=at - timedelta(days=4)
    )
    await desk.publishing.publish(by, Wish(video_id=video.id, accounts=accounts, at=at))
    address = f"/calendar?view=day&day={at:%Y-%m-%d}&zone=Europe/Berlin"
    await page.goto(address)
    card = page.locator(".slots")
    await expect(card.locator(".slot")).to_have_count(2)
    await fine(page)
    await picture(page, "calendar-card")
    await phone.goto(address)
    await expect(phone.locator(".slots .slot")).to_have_count(2)
    await calm(phone)
    await card.drag_to(page.locator("[data-drop-hour='11']"), source_position={"x": 20, "y": 12})
    await expect(page.locator("[data-drop-hour='11'] .slots")).to_contain_text("11:00")
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator("[data-drop-hour='9'] .slots")).to_contain_text("Stack")
    stack = page.locator(".slot", has_text="Stack")
    await stack.drag_to(page.locator("[data-drop-hour='12']"))
    await expect(page.locator("[data-drop-hour='12'] .slot")).to_contain_text("Stack")
    await expect(page.locator("[data-drop-hour='9'] .slot")).to_contain_text("Shelf")
    await expect(card).to_have_count(0)
    await stack.focus()
    for hour in (11, 10):
        await page.keyboard.press("[")
        await expect(page.locator(f"[data-drop-hour='{hour}'] .slot")).to_be_focused()
    await page.keyboard.press("[")
    await expect(card.locator(".slot")).to_have_count(2)
    await card.get_by_role("link", name="Shelf").click()
    await page.get_by_role("button", name="Cancel").click()
    await page.locator("#confirm-yes").click()
    await expect(page.locator(".publication-head")).to_contain_text("cancelled")
