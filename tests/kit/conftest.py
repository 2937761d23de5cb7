"""Fixtures of the tests of the kit."""

from collections.abc import AsyncIterator

import pytest
from scripted_web import Web


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    server = Web()
    await server.start()
    yield server
    await server.stop()
