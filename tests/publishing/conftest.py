"""The fixtures of `one_house` for the tests of this folder, and a platform to publish to."""

from typing import Any

import pytest
import pytest_asyncio

from publishing.one_platform import Ground, grounded
from routes.one_house import alice, app, bob, house, in_one_loop, nobody, tenant_of

__all__ = ["alice", "app", "bob", "house", "nobody", "tenant_of"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    in_one_loop(items, "publishing")


@pytest_asyncio.fixture(loop_scope="session")
async def ground(house: Any, alice: Any) -> Ground:
    """Alice's workspace with an account on a platform of the test, and who sends there."""
    return await grounded(house, alice)
