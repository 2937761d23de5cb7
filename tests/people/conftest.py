"""A desk of people where nobody is known yet, and its first owner."""

import os
from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest

from nightdesk.desk.people import Caller
from nightdesk.store.session import Store
from people.desk_of_people import Desk

FORGET = "update workspaces set second_factor = false;" + "".join(
    f"delete from {table};"
    for table in ("sessions", "links", "audit", "members", "passwords", "people", "guesses", "api_keys")
)


@pytest.fixture(scope="package")
def people_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """One for all these tests; the workspaces that they founded stay, and are nobody's any more."""
    server = request.getfixturevalue("server")
    name = f"people_{os.getpid()}"
    yield server.create(name)
    server.drop(name)


@pytest.fixture
async def store(people_database: str) -> AsyncIterator[Store]:
    with psycopg.connect(people_database.replace("+psycopg", ""), autocommit=True) as superuser:
        superuser.execute(FORGET)
    opened = Store(people_database)
    yield opened
    await opened.close()


@pytest.fixture
def desk(store, clock) -> Desk:
    return Desk(store, clock)


@pytest.fixture
async def ana(desk: Desk) -> Caller:
    """Owns the first workspace."""
    return await desk.caller(await desk.begin())
