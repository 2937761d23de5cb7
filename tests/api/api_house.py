"""The whole house over a test's own database, its API in the same process and on a real port, and tenants."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from pydantic import SecretStr
from sqlalchemy import insert

from nightdesk.bootstrap import House, open_house
from nightdesk.engine.worker import Rhythm
from nightdesk.faces.api.app import make_app
from nightdesk.faces.api.serving import server_config
from nightdesk.settings import Settings
from nightdesk.store.tables.planner import Keyword


@dataclass(frozen=True)
class Tenant:
    """A workspace with a site and a key, and a client that shows the key."""

    workspace: int
    site: int
    token: str
    client: httpx2.AsyncClient


def client_of(app: Any, token: str | None = None) -> httpx2.AsyncClient:
    """A client that calls the application in this process; a fault is a 500 to it, as it is to others."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://desk.test", headers=headers)


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    return Settings(
        database_url=SecretStr(database),
        data_dir=tmp_path,
        disk_reserve_mb=0,
        requests_a_minute=0,
        secret_key=SecretStr("0123456789abcdef0123456789abcdef"),
        _env_file=None,
    )


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    async with open_house(settings) as opened:
        yield opened


@pytest.fixture
async def app(house: House) -> AsyncIterator[Any]:
    made = make_app(house.desk, "0.0.0")
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
async def tenant_of(house: House, app: Any) -> AsyncIterator[Callable[..., Awaitable[Tenant]]]:
    """Founds a workspace with a site and a key."""
    async with AsyncExitStack() as clients:

        async def found(name: str = "Alice", credits: int = 10_000) -> Tenant:
            workspace = await house.desk.founding.found(name, credits)
            site = await house.desk.sites.create(workspace, f"{name}'s site")
            key = await house.desk.people.create_key(workspace, "test")
            client = await clients.enter_async_context(client_of(app, key.token))
            return Tenant(workspace, site.id, key.token, client)

        yield found


@pytest.fixture
async def alice(tenant_of: Any) -> Tenant:
    return await tenant_of("Alice")


@pytest.fixture
async def bob(tenant_of: Any) -> Tenant:
    return await tenant_of("Bob")


@pytest.fixture
async def nobody(app: Any) -> AsyncIterator[httpx2.AsyncClient]:
    """A client without a key."""
    async with client_of(app) as client:
        yield client


async def add_keywords(house: House, tenant: Tenant, count: int) -> None:
    rows = [
        {
            "workspace_id": tenant.workspace,
            "site_id": tenant.site,
            "phrase": f"phrase {n}",
            "normal": f"phrase {n}",
        }
        for n in range(count)
    ]
    async with house.store.workspace(tenant.workspace) as session:
        await session.execute(insert(Keyword), rows)


@asynccontextmanager
async def working(house: House) -> AsyncIterator[None]:
    """A worker over all queues, in this process, while the block runs."""
    worker = house.worker(rhythm=Rhythm(beat=0.5))
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        await asyncio.wait_for(task, 30)


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[str]:
    """The application on a port of this machine; yields `127.0.0.1:PORT`."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = uvicorn.Server(server_config(app, "127.0.0.1", port, lifespan="off", log_level="critical"))
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        while not server.started:
            await asyncio.sleep(0.01)
        yield f"127.0.0.1:{port}"
    finally:
        server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait_for(task, 10)
        listening.close()


@pytest.fixture
async def address(app: Any) -> AsyncIterator[str]:
    async with served(app) as where:
        yield where
