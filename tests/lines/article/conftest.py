"""The article line over a database of its own, ready to be walked."""

from pathlib import Path

import pytest
from article_press import Press, press_of

from nightdesk.store.session import Store


@pytest.fixture
async def press(store: Store, tmp_path: Path) -> Press:
    return await press_of(store, tmp_path)
