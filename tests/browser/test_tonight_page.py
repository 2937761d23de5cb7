"""Tonight in a browser: what runs, what waits for a person, what failed and what helps, what is next."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from playwright.async_api import expect

from api.api_house import Tenant
from api.rows import add, add_chain, park
from browser.browser_house import Desk, calm, fine, picture
from nightdesk.store import ledger
from nightdesk.store.tables.planner import Keyword, Task
from nightdesk.store.tables.runs import ProviderCall, Run


async def test_a_new_desk_leads_to_the_first_site(house: Desk, page: Any, phone: Any) -> None:
    for one in (page, phone):
        await one.goto("/")
        await one.get_by_role("heading", name="Tonight").wait_for()
        await one.get_by_text("nothing is on it yet").wait_for()
        await expect(one.get_by_role("link", name="Make the first site")).to_be_visible()
        await fine(one)
        await picture(one, "tonight-empty")


async def paused(house: Desk, site: int, reason: str, says: str) -> None:
    """A run of the site that stands still for that reason."""
    now = datetime.now(UTC)
    async with house.house.store.workspace(house.workspace) as session:
        session.add(
            Run(
                workspace_id=house.workspace,
                id=uuid4(),
                site_id=site,
                line="article",
                trigger_type="scheduled",
                status="paused",
                pause_reason=reason,
                error_message=says,
                started_at=now - timedelta(hours=2),
                paused_at=now - timedelta(hours=1),
                entered=True,
            )
        )


async def busy(house: Desk) -> dict[str, Any]:
    """Sites in every state that a morning may find them in."""
    desk, workspace = house.house.desk, house.workspace
    named = ("Heap & Soil", "Night Sky", "Slow Trains", "Bread")
    sites = {name: await desk.sites.create(workspace, name) for name in named}
    tenants = {name: Tenant(workspace, site.id, "", None) for name, site in sites.items()}
    for name in ("heaters", "worms"):
        await add_chain(house.house, tenants["Heap & Soil"], name=name)
    chain = await add_chain(house.house, tenants["Bread"], name="rye")
    await park(house.house, tenants["Bread"], Task, chain.task)
    await paused(house, sites["Night Sky"].id, "needs_person", "The key of openai:gpt-5-mini was refused.")
    await paused(house, sites["Slow Trains"].id, "insufficient_credits", "40 credits are needed.")
    await desk.automation.change(workspace, sites["Bread"].id, "article", {"is_enabled": True})
    call = {"kind": "text", "provider": "openai", "model": "m", "ok": True, "seconds": 1.0, "usd": "0.42"}
    await add(house.house, tenants["Bread"], ProviderCall, **call)
    async with house.house.store.workspace(workspace) as session:
        await ledger.hold(session, workspace, "one", 60, None, None)
        await ledger.settle(session, workspace, "one", 60, 52, None, None)
    return tenants


async def test_a_morning_shows_what_needs_a_person_and_what_helps(house: Desk, page: Any, phone: Any) -> None:
    await busy(house)
    for one in (page, phone):
        await one.goto("/")
        await one.get_by_role("heading", name="Needs you").wait_for()
        for shown in (
            one.get_by_text("The key of openai:gpt-5-mini was refused."),
            one.get_by_role("link", name="Add credits"),
            one.get_by_text("It was refused."),
            one.get_by_role("link", name="Heap & Soil 2 pieces"),
            one.get_by_text("$0.42").first,
            one.locator(".next li", has_text="Bread"),
        ):
            await expect(shown).to_be_visible()
        await expect(one.locator("#cost .figures")).to_contain_text("52")
        row = one.get_by_role("link", name="Heap & Soil 2 pieces")
        name, count = [await row.locator(part).bounding_box() for part in (".grow", ".row-count")]
        assert count["y"] < name["y"] + name["height"], "the count is on the line of its site"
        await fine(one)
        await picture(one, "tonight")
    await page.get_by_role("button", name="Try again").click()
    await page.get_by_text("wait to be tried again").wait_for()
    await expect(page.get_by_text("It was refused.")).to_be_hidden()
    night_sky = page.locator(".need", has_text="Night Sky")
    await night_sky.get_by_role("button", name="Resume").click()
    await night_sky.wait_for(state="detached")
    await calm(page)


async def test_a_run_comes_and_goes_on_the_page_by_itself(house: Desk, page: Any) -> None:
    desk, workspace = house.house.desk, house.workspace
    site = await desk.sites.create(workspace, "Heap & Soil")
    tenant = Tenant(workspace, site.id, "", None)
    for phrase in ("one", "two", "three", "four", "five", "six"):
        await add(house.house, tenant, Keyword, phrase=phrase, normal=phrase)
    await page.goto("/")
    await page.get_by_text("Nothing is running").wait_for()
    run = await desk.runs.run_now(workspace, site.id, "article")
    card = page.locator(".run-card", has_text="Heap & Soil")
    await card.wait_for()
    await expect(card).to_contain_text("0 of 6")
    await picture(page, "tonight-running")
    await desk.runs.cancel(workspace, run.id, now=True)
    await page.get_by_text("Nothing is running").wait_for()
    await calm(page)
