"""What many tests share: one PostgreSQL for the session, a database for each test, a clock."""

import asyncio
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from nightdesk.kit.clock import SetClock
from nightdesk.store.migrations import migrate
from nightdesk.store.postgres import EmbeddedPostgres
from nightdesk.store.session import Store

_numbers = itertools.count(1)

LONG = ("browser", "prove", "bench", "cli", "lines")
"""Folders of few tests that take long."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Has the long ones begin first, so that no process is left alone with them at the end."""
    places = {folder: place for place, folder in enumerate(LONG)}
    home = Path(__file__).parent
    items.sort(key=lambda item: places.get(item.path.relative_to(home).parts[0], len(LONG)))


@dataclass(frozen=True)
class Server:
    """The session's PostgreSQL and the template that each test's database is made from."""

    postgres: EmbeddedPostgres
    template: str

    def url(self, database: str) -> str:
        return str(self.postgres.url(database))

    def admin(self) -> psycopg.Connection:
        return psycopg.connect(self.url("postgres").replace("+psycopg", ""), autocommit=True)

    def create(self, name: str) -> str:
        with self.admin() as connection:
            connection.execute(
                sql.SQL("create database {} template {}").format(
                    sql.Identifier(name), sql.Identifier(self.template)
                )
            )
        return self.url(name)

    def drop(self, name: str) -> None:
        with self.admin() as connection:
            connection.execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
            )


@pytest.fixture(scope="session")
def data_folder() -> Iterator[Path]:
    """A folder that the unprivileged database user can reach; removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="nightdesk-tests-", dir=os.environ.get("NIGHTDESK_TEST_DIR")))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def server(data_folder: Path) -> Iterator[Server]:
    postgres = EmbeddedPostgres(data_folder, fsync=False)
    postgres.start()
    server = Server(postgres, "nightdesk_template")
    with server.admin() as connection:
        connection.execute("create database nightdesk_template")
    migrate(server.url("nightdesk_template"))
    yield server
    postgres.stop()


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """The address of a database with the newest schema and nothing in it."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    yield server.create(name)
    server.drop(name)


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    opened = Store(database)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 11, 20, 9, 30, tzinfo=UTC))


async def wait_until(found, *, seconds: float = 20.0, pause: float = 0.02):  # type: ignore[no-untyped-def]
    """Awaits `found()` again and again until it is true; fails the test when the time is over."""
    async with asyncio.timeout(seconds):
        while True:
            value = await found()
            if value:
                return value
            await asyncio.sleep(pause)
