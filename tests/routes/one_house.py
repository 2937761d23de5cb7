"""One house for all tests of a folder; what keeps them apart is what keeps tenants apart."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from pydantic import SecretStr

from api.api_house import Tenant, client_of
from nightdesk.bootstrap import House, open_house
from nightdesk.faces.api.app import make_app
from nightdesk.settings import Settings


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def house(server: Any, tmp_path_factory: Any) -> AsyncIterator[House]:
    folder: Path = tmp_path_factory.mktemp("house")
    name = f"house_{folder.name}"
    settings = Settings(
        database_url=SecretStr(server.create(name)),
        data_dir=folder,
        disk_reserve_mb=0,
        requests_a_minute=0,
        secret_key=SecretStr("0123456789abcdef0123456789abcdef"),
        _env_file=None,
    )
    async with open_house(settings) as opened:
        yield opened
    server.drop(name)


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def app(house: House) -> Any:
    return make_app(house.desk, "0.0.0")


@pytest_asyncio.fixture(loop_scope="session")
async def tenant_of(house: House, app: Any) -> AsyncIterator[Callable[..., Awaitable[Tenant]]]:
    """Founds a workspace with a site and a key."""
    async with AsyncExitStack() as clients:

        async def found(name: str, credits: int = 10_000) -> Tenant:
            workspace = await house.desk.founding.found(name, credits)
            site = await house.desk.sites.create(workspace, f"{name}'s site")
            key = await house.desk.people.create_key(workspace, "test")
            client = await clients.enter_async_context(client_of(app, key.token))
            return Tenant(workspace, site.id, key.token, client)

        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def alice(tenant_of: Any) -> Tenant:
    return await tenant_of("Alice")


@pytest_asyncio.fixture(loop_scope="session")
async def bob(tenant_of: Any) -> Tenant:
    return await tenant_of("Bob")


@pytest_asyncio.fixture(loop_scope="session")
async def nobody(app: Any) -> AsyncIterator[httpx2.AsyncClient]:
    """A client without a key."""
    async with client_of(app) as client:
        yield client


def in_one_loop(items: list[pytest.Item], folder: str) -> None:
    """Has the tests of a folder run in the event loop that the house lives in."""
    for item in items:
        if item.path.parent.name == folder and item.get_closest_marker("asyncio"):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
