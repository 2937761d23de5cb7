"""One house for the tests of the web face: its pages, its owner and others signed in, and one who is not."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from nightdesk.bootstrap import House
from nightdesk.faces.web.app import make_pages
from nightdesk.faces.web.identity import COOKIE
from routes.one_house import house, in_one_loop

__all__ = ["house"]

HERE = "http://desk.test"
OURS = {"Origin": HERE}
"""What a browser says of a form on a page of ours."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    in_one_loop(items, "web")


@dataclass(frozen=True)
class Person:
    """Someone signed in, by a client that sends the session's cookie and says where it comes from."""

    workspace: int
    token: str
    client: httpx2.AsyncClient


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def pages(house: House) -> AsyncIterator[Any]:
    async with house.desk.live.open():
        yield make_pages(house.desk, "0.0.0")


def client_of(pages: Any, token: str | None = None) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=pages, raise_app_exceptions=False)
    cookies = {COOKIE: token} if token else None
    return httpx2.AsyncClient(transport=transport, base_url=HERE, headers=OURS, cookies=cookies)


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def owner(house: House, pages: Any) -> AsyncIterator[Person]:
    """The first owner, by the link of the first start."""
    desk = house.desk
    link = str(await desk.entrance.pending_token())
    token = await desk.entrance.begin(
        link,
        "ada@desk.test",
        "Ada Night",
        "lantern meadow quiet harbour",
        "The Night Desk",
        "en",
        "Europe/Berlin",
        address="127.0.0.1",
        agent="a test",
    )
    async with client_of(pages, token) as client:
        yield Person(await desk.founding.first(), token, client)


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def join(house: House, pages: Any, owner: Person) -> AsyncIterator[Callable[..., Awaitable[Person]]]:
    """Invites somebody with a role and has them come."""
    desk = house.desk
    async with AsyncExitStack() as clients:

        async def joined(name: str, role: str) -> Person:
            caller = await desk.sessions.caller_of(owner.token)
            link = await desk.invitations.invite(caller, f"{name.lower()}@desk.test", role)
            token = await desk.invitations.accept(
                link, name, "lantern meadow quiet harbour", "en", "UTC", address="127.0.0.1", agent="a test"
            )
            client = await clients.enter_async_context(client_of(pages, token))
            return Person(owner.workspace, token, client)

        yield joined


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def viewer(join: Any) -> Person:
    return await join("Vera", "viewer")


@pytest_asyncio.fixture(loop_scope="session")
async def nobody(pages: Any) -> AsyncIterator[httpx2.AsyncClient]:
    """Someone who is not signed in."""
    async with client_of(pages) as client:
        yield client
