"""A house whose clock the tests move, and a site of it that runs by itself."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from autopilot.one_night import Night
from nightdesk.bootstrap import House, open_house
from nightdesk.desk.accounts import NewAccount
from nightdesk.desk.people import Operator
from nightdesk.kit.clock import SetClock
from nightdesk.settings import Settings
from routes.one_house import app, in_one_loop, tenant_of

__all__ = ["app", "tenant_of"]

EVENING = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
"""A Monday, after the hours at which pieces go out."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    in_one_loop(items, "autopilot")


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def moving() -> SetClock:
    return SetClock(EVENING)


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def house(server: Any, tmp_path_factory: Any, moving: SetClock) -> AsyncIterator[House]:
    folder: Path = tmp_path_factory.mktemp("autopilot")
    name = f"house_{folder.name}"
    settings = Settings(
        database_url=SecretStr(server.create(name)),
        data_dir=folder,
        disk_reserve_mb=0,
        requests_a_minute=0,
        secret_key=SecretStr("0123456789abcdef0123456789abcdef"),
        _env_file=None,
    )
    async with open_house(settings, clock=moving) as opened:
        yield opened
    server.drop(name)


@pytest_asyncio.fixture(loop_scope="session")
async def night(house: House, tenant_of: Any, moving: SetClock) -> AsyncIterator[Night]:
    """A site in auto mode with one article a day and a folder to put them in; looked after at every round."""
    moving.move((EVENING - moving.now()).total_seconds())
    tenant = await tenant_of("Alice")
    by = Operator(tenant.workspace)
    await house.desk.niches.shelf.change(tenant.workspace, tenant.site, {"posts_a_day": 1, "hours": [9, 15]})
    new = NewAccount("folder", "Out", {"folder": f"out-{tenant.workspace}"})
    account = await house.desk.accounts.connect(by, new)
    await house.desk.accounts.link(by, account.id, tenant.site)
    await house.desk.niches.auto.toggle(tenant.workspace, tenant.site, True, 1)
    pilot = replace(house.autopilot, pause=timedelta(0))
    yield Night(house, tenant, account.id, moving, pilot)
    await house.desk.sites.archive(tenant.workspace, tenant.site)
