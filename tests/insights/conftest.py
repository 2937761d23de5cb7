"""The fixtures of `one_house` for the tests of this folder."""

import pytest

from routes.one_house import alice, app, bob, house, in_one_loop, nobody, tenant_of

__all__ = ["alice", "app", "bob", "house", "nobody", "tenant_of"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    in_one_loop(items, "insights")
