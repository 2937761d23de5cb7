"""The ledger narrowed by kind, run, site and dates, page by page and as a whole; pieces with their costs."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from api.api_house import Tenant
from api.rows import add_chain
from nightdesk.bootstrap import House
from nightdesk.desk.credits import NEWEST, Wanted
from nightdesk.desk.paging import Paging, read_cursor
from nightdesk.store import ledger
from nightdesk.store.tables.runs import Batch, ItemCost, Run


async def spend(house: House, tenant: Tenant, site: int, amount: int) -> object:
    """A run of the site that was charged so much of a hold of ten more."""
    run_id = uuid4()
    async with house.store.workspace(tenant.workspace) as session:
        facts = {"line": "article", "trigger_type": "manual", "status": "completed"}
        session.add(
            Run(workspace_id=tenant.workspace, site_id=site, id=run_id, started_at=datetime.now(UTC), **facts)
        )
        await session.flush()
        await ledger.hold(session, tenant.workspace, str(run_id), amount + 10, run_id, None)
        await ledger.settle(session, tenant.workspace, str(run_id), amount + 10, amount, run_id, None)
    return run_id


async def kinds(house: House, tenant: Tenant, wanted: Wanted) -> list[str]:
    return [row.kind async for row, _ in house.desk.credits.every(tenant.workspace, wanted)]


async def test_movements_are_found_by_kind_run_site_and_date(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    other = await house.desk.sites.create(alice.workspace, "Other")
    first = await spend(house, alice, alice.site, 7)
    await spend(house, alice, other.id, 9)
    await spend(house, bob, bob.site, 11)
    found = [(row, site) async for row, site in house.desk.credits.every(alice.workspace)]
    assert sorted(row.kind for row, _ in found) == [
        "charge",
        "charge",
        "grant",
        "hold",
        "hold",
        "release",
        "release",
    ]
    assert {site.name for row, site in found if row.kind == "charge" and site} == {"Alice's site", "Other"}
    assert await kinds(house, alice, Wanted(kind="charge")) == ["charge", "charge"]
    assert sorted(await kinds(house, alice, Wanted(run_id=first))) == ["charge", "hold", "release"]  # type: ignore[arg-type]
    assert sorted(await kinds(house, alice, Wanted(site_id=other.id))) == ["charge", "hold", "release"]
    assert await kinds(house, alice, Wanted(site_id=bob.site)) == []
    now = datetime.now(UTC)
    assert len(await kinds(house, alice, Wanted(since=now - timedelta(hours=1)))) == 7
    assert await kinds(house, alice, Wanted(until=now - timedelta(hours=1))) == []


async def test_a_narrowed_ledger_is_read_page_by_page(house: House, alice: Tenant) -> None:
    for amount in range(1, 6):
        await spend(house, alice, alice.site, amount)
    wanted, seen, after = Wanted(kind="charge"), [], None
    while True:
        page = await house.desk.credits.ledger(alice.workspace, Paging(NEWEST, 2, after), wanted)
        seen += [row.amount for row in page.items]
        if page.next_cursor is None:
            break
        after = read_cursor(page.next_cursor, NEWEST)
    assert seen == [5, 4, 3, 2, 1]


async def test_the_newest_pieces_are_told_with_what_each_cost(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    run = await spend(house, alice, alice.site, 3)
    async with house.store.workspace(alice.workspace) as session:
        facts = {"site_id": alice.site, "line": "article", "step": "content", "stage": 4, "queue": "text"}
        batch = Batch(workspace_id=alice.workspace, run_id=run, **facts)
        session.add(batch)
        await session.flush()
        cost = {"workspace_id": alice.workspace, "batch_id": batch.id, "credits": 3, "usd": "0.02"}
        session.add(ItemCost(item_kind="tasks", item_id=chain.task, **cost))
    (piece,) = await house.desk.costs.newest(alice.workspace)
    whole = await house.desk.costs.of_content(alice.workspace, chain.content)
    assert (piece.content_id, piece.cost.credits, piece.cost.usd) == (chain.content, whole.credits, whole.usd)
    assert [share.stage for share in piece.cost.stages] == ["writing"]
