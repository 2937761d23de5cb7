"""A database for all tests of a module that each found a workspace of their own."""

from collections.abc import AsyncIterator, Iterator

import pytest

from nightdesk.store.session import Store


@pytest.fixture(scope="module")
def shared_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Its address; the newest schema, and what the module's earlier tests left."""
    server = request.getfixturevalue("server")
    name = f"shared_{request.module.__name__.rpartition('.')[2]}"
    yield server.create(name)
    server.drop(name)


@pytest.fixture
async def shared_store(shared_database: str) -> AsyncIterator[Store]:
    opened = Store(shared_database)
    yield opened
    await opened.close()
