"""What many sites show at once: what waits, what is parked, which runs are on, and what was spent."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from api.api_house import Tenant
from api.rows import add, add_chain, park
from nightdesk.bootstrap import House
from nightdesk.desk.overview import Overview
from nightdesk.desk.paging import Paging, read_cursor
from nightdesk.desk.spending import Span
from nightdesk.store.tables.planner import Keyword, Task
from nightdesk.store.tables.runs import ProviderCall, Run
from nightdesk.store.tables.tenancy import Site

BY_NAME = Overview.orders["name"]


async def only(house: House, tenant: Tenant):  # type: ignore[no-untyped-def]
    page = await house.desk.overview.sites(tenant.workspace, Paging(BY_NAME))
    return next(one for one in page.items if one.site.id == tenant.site)


async def test_a_site_shows_what_waits_and_what_is_parked(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    for phrase in ("one", "two", "three"):
        await add(house, alice, Keyword, phrase=phrase, normal=phrase)
    seen = await only(house, alice)
    pipeline = await house.desk.insights.pipeline(alice.workspace, alice.site, "article")
    assert seen.pending == sum(one["pending"] for one in pipeline[:-1])
    assert (seen.review, seen.parked, seen.active, seen.last) == (1, 0, None, None)
    await park(house, alice, Task, chain.task)
    assert (await only(house, alice)).parked == 1
    review = await house.desk.overview.review(alice.workspace)
    assert ([(one.site.id, one.pieces) for one in review.shown], review.total) == ([(alice.site, 1)], 1)
    (parked,) = await house.desk.overview.parked(alice.workspace)
    assert (parked.kinds, parked.items, parked.why) == ([("tasks", 1)], 1, "It was refused.")
    assert await house.desk.overview.try_parked_again(alice.workspace, alice.site) == 1
    assert await house.desk.overview.parked(alice.workspace) == []


async def test_of_a_sites_runs_the_active_one_and_the_last_ended_one_are_shown(
    house: House, alice: Tenant
) -> None:
    for number, phrase in enumerate(("one", "two", "three", "four", "five", "six")):
        await add(house, alice, Keyword, phrase=phrase, normal=phrase)
        async with house.store.workspace(alice.workspace) as session:
            ended = datetime(2026, 11, 1 + number, tzinfo=UTC)
            facts = {"line": "article", "trigger_type": "scheduled", "status": "completed"}
            session.add(
                Run(
                    workspace_id=alice.workspace,
                    site_id=alice.site,
                    id=f"00000000-0000-0000-0000-{alice.site:011}{number}",
                    started_at=ended,
                    **facts,
                )
            )
    run = await house.desk.runs.run_now(alice.workspace, alice.site, "article")
    seen = await only(house, alice)
    assert seen.active is not None
    assert seen.active.id == run.id
    assert seen.last is not None
    assert seen.last.started_at == datetime(2026, 11, 6, tzinfo=UTC)
    (through,) = (await house.desk.overview.active(alice.workspace, "running")).shown
    assert (await house.desk.overview.active(alice.workspace, "paused")).total == 0
    told = await house.desk.insights.processing(alice.workspace, alice.site, run.id)
    assert told is not None
    assert (through.done, through.total) == (told["processed"], told["total"]) == (0, 6)
    await house.desk.runs.cancel(alice.workspace, run.id, now=True)


async def test_sites_are_paged_by_name_searched_and_told_apart_from_archived_ones(
    house: House, tenant_of: object
) -> None:
    tenant = await tenant_of("M")  # type: ignore[operator]
    for name in ("Beta", "Alpha", "Gone"):
        await house.desk.sites.create(tenant.workspace, name, subject=f"All of {name}")
    await house.desk.sites.archive(tenant.workspace, "gone")
    desk, names = house.desk.overview, []
    page = await desk.sites(tenant.workspace, Paging(BY_NAME, 2))
    names += [one.site.name for one in page.items]
    assert page.next_cursor
    page = await desk.sites(tenant.workspace, Paging(BY_NAME, 2, read_cursor(page.next_cursor, BY_NAME)))
    assert [*names, *(one.site.name for one in page.items)] == ["Alpha", "Beta", "M's site"]
    found = await desk.sites(tenant.workspace, Paging(BY_NAME), search="of bet")
    assert [one.site.name for one in found.items] == ["Beta"]
    archived = await desk.sites(tenant.workspace, Paging(BY_NAME), archived=True)
    assert [one.site.name for one in archived.items] == ["Gone"]


async def test_planned_runs_come_by_their_time(house: House, alice: Tenant) -> None:
    other = await house.desk.sites.create(alice.workspace, "Other", timezone="Europe/Berlin")
    await house.desk.automation.change(alice.workspace, alice.site, "article", {"is_enabled": True})
    facts = {"is_enabled": True, "scheduled_time": "02:00"}
    await house.desk.automation.change(alice.workspace, other.id, "article", facts)
    found = await house.desk.overview.next_runs(alice.workspace)
    assert {one.site.id for one in found} == {alice.site, other.id}
    assert [one.at for one in found] == sorted(one.at for one in found)
    assert (await only(house, alice)).next_run_at in [one.at for one in found]
    await house.desk.sites.archive(alice.workspace, other.id)
    assert [one.site.id for one in await house.desk.overview.next_runs(alice.workspace)] == [alice.site]


async def test_what_was_spent_is_told_by_the_day_of_the_persons_zone(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    for tenant, hour in ((alice, 22), (alice, 23), (bob, 22)):
        at = datetime(2026, 3, 1, hour, 30, tzinfo=UTC)
        facts = {"kind": "text", "provider": "p", "model": "m", "ok": True, "seconds": 1.0, "at": at}
        await add(house, tenant, ProviderCall, **facts, usd="0.25")
    span = Span.month(date(2026, 3, 15), ZoneInfo("Europe/Berlin"))
    days = await house.desk.costs.by_day(alice.workspace, span)
    assert len(days) == 31
    assert [(one.day.day, float(one.usd)) for one in days if one.usd] == [(1, 0.25), (2, 0.25)]
    spent = await house.desk.costs.spent(alice.workspace, span)
    assert spent.days == days
    (site,) = spent.sites
    assert (site.site_id, float(site.usd), site.credits, site.pieces) == (alice.site, 0.5, 0, 0)
    (provider,) = spent.providers
    assert (provider.provider, provider.calls, provider.failed, provider.unpriced) == ("p", 2, 0, 0)


async def test_another_workspaces_sites_are_not_seen(house: House, alice: Tenant, bob: Tenant) -> None:
    await add_chain(house, bob)
    assert (await house.desk.overview.review(alice.workspace)).shown == []
    seen = await house.desk.overview.sites(alice.workspace, Paging(BY_NAME))
    async with house.store.workspace(bob.workspace) as session:
        theirs = await session.get_one(Site, (bob.workspace, bob.site))
    assert theirs.id not in [one.site.id for one in seen.items]
