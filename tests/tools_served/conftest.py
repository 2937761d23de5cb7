"""The fixtures of `one_house`, and the whole web application on a socket."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
import uvicorn

from nightdesk.__main__ import join
from nightdesk.bootstrap import House
from routes.one_house import alice, app, bob, house, in_one_loop, nobody, tenant_of

__all__ = ["alice", "app", "bob", "house", "nobody", "tenant_of"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    in_one_loop(items, "tools_served")


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def address(house: House) -> AsyncIterator[str]:
    """Where the pages, the API and the tools are."""
    listening = socket.create_server(("127.0.0.1", 0))
    web: Any = join(house.desk, "0.0.0")
    server = uvicorn.Server(uvicorn.Config(web, log_config=None, lifespan="on"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    async with asyncio.timeout(30):
        while not server.started:
            await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    await serving
    listening.close()
