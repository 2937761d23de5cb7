"""The video line over a database of its own, ready to be walked."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lines.video.film_press import FilmPress, film_press
from nightdesk.store.session import Store


@pytest.fixture
async def films(store: Store, tmp_path: Path) -> AsyncIterator[FilmPress]:
    async with film_press(store, tmp_path) as press:
        yield press
