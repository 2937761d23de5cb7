"""Schedules are planned anew when the site's local time changes."""

import asyncio
from datetime import datetime
from typing import Any

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.store.tables.automation import LineConfig
from nightdesk.store.tables.tenancy import Site


async def configured(house: House, tenant: Tenant, **facts: Any) -> dict[str, Any]:
    return await house.desk.automation.change(tenant.workspace, tenant.site, "article", facts)


async def planned(house: House, tenant: Tenant) -> datetime | None:
    config = await house.desk.automation.config(tenant.workspace, tenant.site, "article")
    instant: datetime | None = config["next_run_at"]
    return instant


def hour(instant: datetime | None) -> str | None:
    return instant and f"{instant:%H:%M}"


async def test_a_site_that_moves_to_another_zone_runs_at_its_new_local_time(
    house: House, alice: Tenant
) -> None:
    await configured(house, alice, is_enabled=True, scheduled_time="02:30")
    assert hour(await planned(house, alice)) == "02:30"
    await house.desk.sites.change(alice.workspace, alice.site, timezone="Asia/Kolkata")
    assert hour(await planned(house, alice)) == "21:00"


async def test_what_is_changed_besides_the_zone_leaves_a_missed_instant_to_the_timetable(
    house: House, alice: Tenant
) -> None:
    await configured(house, alice, is_enabled=True)
    missed = house.clock.now()
    key = (alice.workspace, alice.site, "article")
    async with house.store.workspace(alice.workspace) as session:
        (await session.get_one(LineConfig, key)).next_run_at = missed
    await house.desk.sites.change(alice.workspace, alice.site, voice="calm", timezone="UTC")
    assert await planned(house, alice) == missed


async def test_a_schedule_that_is_off_stays_unplanned_in_the_new_zone(house: House, alice: Tenant) -> None:
    await configured(house, alice, is_enabled=False)
    await house.desk.sites.change(alice.workspace, alice.site, timezone="Asia/Kolkata")
    assert await planned(house, alice) is None


async def test_a_restored_site_does_not_make_up_for_what_it_missed_while_it_was_archived(
    house: House, alice: Tenant
) -> None:
    await configured(house, alice, is_enabled=True)
    await house.desk.sites.archive(alice.workspace, alice.site)
    key = (alice.workspace, alice.site, "article")
    async with house.store.workspace(alice.workspace) as session:
        (await session.get_one(LineConfig, key)).next_run_at = house.clock.now()
    await house.desk.sites.restore(alice.workspace, alice.site)
    planned_anew = await planned(house, alice)
    assert planned_anew is not None
    assert planned_anew > house.clock.now()


async def test_a_schedule_set_while_its_site_moves_is_planned_in_the_new_zone(
    house: House, alice: Tenant
) -> None:
    await configured(house, alice)
    async with house.store.workspace(alice.workspace) as session:
        site = await session.get_one(Site, (alice.workspace, alice.site))
        site.timezone = "Asia/Kolkata"
        await session.flush()
        setting = asyncio.create_task(configured(house, alice, is_enabled=True, scheduled_time="02:30"))
        await asyncio.sleep(0.3)
    assert hour((await setting)["next_run_at"]) == "21:00"
