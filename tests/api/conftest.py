"""A house of its own for each test; the files in `SHARE` have one among them (`routes.one_house`)."""

import pytest

from api.api_house import address, alice, app, bob, house, nobody, settings, tenant_of

__all__ = ["address", "alice", "app", "bob", "house", "nobody", "settings", "tenant_of"]

SHARE = (
    "test_automation_routes.py",
    "test_export_routes.py",
    "test_generator_routes.py",
    "test_idempotency.py",
    "test_jobs_routes.py",
    "test_niche_routes.py",
    "test_scene_routes.py",
    "test_shell.py",
    "test_shell_intake.py",
    "test_videos_routes.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Has the tests that share a house run in the event loop that it lives in."""
    for item in items:
        if item.path.name in SHARE and item.get_closest_marker("asyncio"):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
