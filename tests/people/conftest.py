"""A desk of people over an empty database, and its first owner."""

import pytest

from nightdesk.desk.people import Caller
from people.desk_of_people import Desk


@pytest.fixture
def desk(store, clock) -> Desk:
    return Desk(store, clock)


@pytest.fixture
async def ana(desk: Desk) -> Caller:
    """Owns the first workspace."""
    return await desk.caller(await desk.begin())
