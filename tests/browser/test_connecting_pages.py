"""An account is connected in a browser: to the platform, which asks, and back, and again when cut off."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import expect
from sqlalchemy import update

from browser.browser_house import NARROW, Desk, accessible, calm, fits, open_page, opened, picture, quiet
from browser.review_gate import site_with_source
from nightdesk.rehearsal.logins import CLIENT, SECRET
from nightdesk.rehearsal.serving import Served, serving
from nightdesk.rehearsal.youtube import FakeYouTube
from nightdesk.store.tables.publishing import Account

THERE = ("another host", "400")
"""The platform is another host; the page on which nothing came of it answers 400."""


@pytest_asyncio.fixture(loop_scope="session")
async def youtube() -> AsyncIterator[Served]:
    async with serving(FakeYouTube()) as served:
        yield served


@pytest_asyncio.fixture(loop_scope="session")
async def desk(begun: tuple[Any, str], youtube: Served, tmp_path: Path) -> AsyncIterator[Desk]:
    """A served house that reaches the platform of the test."""
    server, token = begun
    name = f"browser_connecting_{os.getpid()}"
    allowed = f"127.0.0.1:{youtube.port}"
    async with opened(server.create(name), tmp_path, begun=token, allow=allowed) as desk:
        yield desk
    server.drop(name)


async def put(desk: Desk, **facts: Any) -> None:
    """The account as its looks would leave it."""
    async with desk.house.store.workspace(desk.workspace) as session:
        mine = Account.workspace_id == desk.workspace
        await session.execute(update(Account).where(mine).values(**facts))


async def looks_well(page: Any) -> None:
    await fits(page)
    await accessible(page)
    quiet(page, but=THERE)


@pytest.mark.prove
async def test_an_account_goes_to_its_platform_and_back_and_again_when_it_is_cut_off(
    desk: Desk, browser: Any, youtube: Served
) -> None:
    page, phone = await open_page(browser, desk), await open_page(browser, desk, size=NARROW)
    site, _ = await site_with_source(desk)
    await page.goto("/accounts/new?platform=youtube")
    back = page.get_by_label("The address to come back to")
    await expect(back).to_have_value(f"{desk.address}/accounts/connected")
    await page.get_by_label("What you call it").fill("Heap channel")
    await page.get_by_label("Client ID").fill(CLIENT)
    await page.get_by_label("Client secret").fill(SECRET)
    await page.get_by_text("Seldom needed").click()
    await page.get_by_label("Address of the interface").fill(youtube.address)
    await looks_well(page)
    await picture(page, "connect-consent")
    await page.get_by_role("button", name="On to YouTube").click()
    await expect(page.get_by_text("A desk asks for the channel of alice.")).to_be_visible()
    await page.get_by_role("link", name="Do not allow").click()
    await expect(page.get_by_role("heading", name="Not connected")).to_be_visible()
    await expect(page.get_by_text("Nothing was kept.")).to_be_visible()
    await looks_well(page)
    await picture(page, "connect-denied")
    await page.get_by_role("link", name="To the account").click()
    await expect(page.locator("#account")).to_contain_text("lacks something")
    await picture(page, "account-not-yet")
    await page.get_by_role("button", name="Connect at YouTube").click()
    await page.get_by_role("link", name="Allow", exact=True).click()
    await expect(page.get_by_role("status").filter(has_text="It is connected as alice")).to_be_visible()
    assert "code=" not in page.url
    await page.get_by_label("Link a site").select_option(site.name)
    await page.get_by_role("button", name="Link", exact=True).click()
    await expect(page.locator(".account-link")).to_contain_text(site.name)
    await put(desk, expires_at=datetime.now(UTC) + timedelta(days=2, hours=1), left_today=94)
    await page.reload()
    await expect(page.locator(".publication-facts")).to_contain_text("ends in 2 days")
    await expect(page.locator(".publication-facts")).to_contain_text("94 pieces")
    await picture(page, "account-ends-soon")
    youtube.platform.logins.revoke("alice")  # type: ignore[attr-defined]
    await put(desk, status="expired", says="Google does not renew the log-in: “Token has been revoked.”")
    for one in (page, phone):
        await one.goto("/")
        await expect(one.get_by_role("link", name="To the account Heap channel")).to_be_visible()
        await picture(one, "tonight-account")
        await one.goto("/accounts")
        await expect(one.get_by_role("button", name="Connect again")).to_be_visible()
        await picture(one, "accounts-expired")
    await calm(phone)
    await looks_well(page)
    await page.get_by_role("button", name="Connect again").click()
    await page.get_by_role("link", name="Allow", exact=True).click()
    await expect(page.get_by_role("status").filter(has_text="It is connected as alice")).to_be_visible()
    await expect(page.locator(".account-link")).to_contain_text(site.name)
    await looks_well(page)
    for one in (page, phone):
        await one.goto(f"/accounts/{page.url.rpartition('/')[2].partition('?')[0]}")
        await picture(one, "account-connected")
    await calm(phone)
    await page.get_by_role("button", name=f"Unlink {site.name}").click()
    await expect(page.get_by_text("Nothing goes here yet")).to_be_visible()
    for one in (page, phone):
        await one.context.close()
