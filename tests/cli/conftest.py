"""One data folder for each module, whose database is kept running between the commands."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_command import Command

from nightdesk.store.postgres import EmbeddedPostgres


@pytest.fixture(scope="module")
def nightdesk(data_folder: Path) -> Iterator[Command]:
    """The command over a data folder of the module's own; the database stays up between its calls."""
    home = Path(tempfile.mkdtemp(prefix="cli-", dir=data_folder))
    home.chmod(0o755)
    here = home / "here"
    here.mkdir()
    postgres = EmbeddedPostgres(home / "data", fsync=False)
    postgres.start()
    yield Command(home / "data", here)
    postgres.stop()
