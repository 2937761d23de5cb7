"""Credits in a browser: what is left, what a month took, the ledger and its export, and a grant."""

import csv
import io
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.async_api import expect

from api.api_house import Tenant
from api.rows import add, add_chain
from browser.browser_house import Desk, calm, fine, picture, quiet
from nightdesk.store import ledger
from nightdesk.store.tables.runs import Batch, ItemCost, ProviderCall, Run


async def spent(house: Desk, site: int, amount: int, status: str = "completed") -> UUID:
    """A run of the site that was charged so much."""
    run_id, workspace = uuid4(), house.workspace
    facts: dict[str, Any] = {"line": "article", "trigger_type": "manual", "status": status}
    if status == "paused":
        facts |= {"pause_reason": "insufficient_credits", "paused_at": datetime.now(UTC), "entered": True}
    async with house.house.store.workspace(workspace) as session:
        row = Run(workspace_id=workspace, site_id=site, id=run_id, started_at=datetime.now(UTC), **facts)
        session.add(row)
        await session.flush()
        await ledger.hold(session, workspace, str(run_id), amount + 10, run_id, None)
        await ledger.settle(session, workspace, str(run_id), amount + 10, amount, run_id, None)
    return run_id


async def used(house: Desk) -> UUID:
    """A workspace that made something; the last of its runs."""
    desk, workspace = house.house.desk, house.workspace
    heap = await desk.sites.create(workspace, "Heap & Soil")
    sky = await desk.sites.create(workspace, "Night Sky")
    tenant = Tenant(workspace, heap.id, "", None)
    chain = await add_chain(house.house, tenant)
    await add_chain(house.house, Tenant(workspace, sky.id, "", None), name="comets")
    await spent(house, sky.id, 31)
    run = await spent(house, heap.id, 52)
    for provider, model, usd, ok in (
        ("openai", "gpt-5-mini", "0.84", True),
        ("openai", "gpt-5-mini", "0", False),
        ("runware", "bfl:2@1", "0.12", True),
    ):
        call = {"kind": "text", "provider": provider, "model": model, "ok": ok, "seconds": 12.5, "usd": usd}
        await add(house.house, tenant, ProviderCall, **call)
    async with house.house.store.workspace(workspace) as session:
        where = {"site_id": heap.id, "line": "article", "queue": "text"}
        batch = Batch(workspace_id=workspace, run_id=run, step="content", stage=4, **where)
        session.add(batch)
        await session.flush()
        cost = {"workspace_id": workspace, "batch_id": batch.id}
        session.add(ItemCost(item_kind="tasks", item_id=chain.task, credits=4, usd="0.03", **cost))
        session.add(ItemCost(item_kind="clusters", item_id=chain.cluster, credits=2, usd="0.01", **cost))
    return run


async def test_a_month_is_told_by_day_site_provider_and_piece(house: Desk, page: Any, phone: Any) -> None:
    await page.goto("/credits")
    await page.get_by_text("Nothing was spent in this month").wait_for()
    await fine(page)
    await used(house)
    for one in (page, phone):
        await one.goto("/credits")
        await one.get_by_role("heading", name="By site").wait_for()
        await expect(one.locator("#balance")).to_contain_text("9,917")
        await expect(one.get_by_role("row", name="Heap & Soil").first).to_contain_text("52")
        await expect(one.get_by_role("row", name="openai")).to_contain_text("$0.84")
        await expect(one.get_by_role("row", name="All about heaters")).to_contain_text("6.0")
        await fine(one)
        await picture(one, "credits")
    await page.get_by_role("link", name="The month before").click()
    await page.get_by_text("Nothing was spent in this month").wait_for()


@pytest.mark.prove
async def test_the_ledger_is_narrowed_and_exported(house: Desk, page: Any, phone: Any) -> None:
    run = await used(house)
    for one in (page, phone):
        await one.goto("/credits/ledger")
        await expect(one.get_by_role("row")).to_have_count(8)
        await fine(one)
        await picture(one, "credits-ledger")
    await page.get_by_label("Site").select_option("night-sky")
    await page.get_by_label("Kind").select_option("charge")
    rows = page.get_by_role("row")
    await expect(rows).to_have_count(2)
    await expect(rows.last).to_contain_text("31")
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="As CSV").click()
    path = await (await coming.value).path()
    text = path.read_text("utf-8")
    (line,) = list(csv.DictReader(io.StringIO(text)))
    assert (line["kind"], line["credits"], line["site"]) == ("charge", "31", "Night Sky")
    await page.goto(f"/credits/ledger?run={run}")
    await expect(page.get_by_role("row")).to_have_count(4)
    await page.goto("/credits/ledger?kind=nonsense&from=never&run=x&after=none")
    await expect(page.get_by_role("row")).to_have_count(8)
    await calm(page)


async def test_a_grant_is_made_once_and_wakes_the_run_that_waited(house: Desk, page: Any) -> None:
    desk, workspace = house.house.desk, house.workspace
    site = await desk.sites.create(workspace, "Heap & Soil")
    run = await spent(house, site.id, 5, status="paused")
    await page.goto("/credits")
    await page.get_by_role("button", name="Grant credits").click()
    await page.get_by_label("How many").fill("many")
    await page.get_by_role("button", name="Grant", exact=True).click()
    await page.get_by_text("A whole number of credits").wait_for()
    await page.get_by_label("How many").fill("2,500")
    await page.get_by_label("Note").fill("=1+1")
    await page.get_by_role("button", name="Grant", exact=True).click()
    await page.get_by_text("2,500 credits are granted").wait_for()
    assert (await desk.credits.balances(workspace)).wallet == 12_495
    assert (await desk.runs.get(workspace, run)).status == "completed"
    answer = await page.request.get("/credits/ledger.csv?kind=grant")
    assert "'=1+1" in await answer.text()
    quiet(page, but=("status of 422",))
