"""The fixtures of `one_house` for the tests of this folder, and a receiver of notices."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from notices.notice_receiver import Receiver
from routes.one_house import alice, app, bob, house, in_one_loop, nobody, tenant_of

__all__ = ["alice", "app", "bob", "house", "nobody", "tenant_of"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    in_one_loop(items, "notices")


@pytest_asyncio.fixture(loop_scope="session")
async def receiver() -> AsyncIterator[Receiver]:
    started = await Receiver().start()
    yield started
    await started.stop()
