"""The fixtures of `one_house` for the tests of this folder, and a program that hears of events."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from routes.one_house import alice, app, bob, house, in_one_loop, nobody, tenant_of
from webhooks.listening_program import Listener

__all__ = ["alice", "app", "bob", "house", "nobody", "tenant_of"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    in_one_loop(items, "webhooks")


@pytest_asyncio.fixture(loop_scope="session")
async def listener() -> AsyncIterator[Listener]:
    started = await Listener().start()
    yield started
    await started.stop()
