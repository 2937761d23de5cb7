"""What all attempts stand on: a PostgreSQL, templates that hold the input, a model server."""

import asyncio
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import insert
from sweep.roles import RUN_SETTINGS, settings

from nightdesk.bootstrap import open_house
from nightdesk.store.postgres import EmbeddedPostgres
from nightdesk.store.tables.automation import LineConfig
from nightdesk.store.tables.library import Document, Passage
from nightdesk.store.tables.planner import Keyword

TESTS = Path(__file__).parents[2]
KEYWORDS = {
    "led grow light": 900,
    "led grow lights": 700,
    "worm compost bin": 500,
    "worm compost bins": 200,
    "rain barrel": 400,
    "rain barrels": 150,
}
"""Three groups of two; with one idea each they make 18 batches."""

DOCUMENTS = {
    "Light for leafy greens": "Lettuce grows well at 14 to 16 hours of light, 30 cm under its lamp.",
    "Worms in the kitchen": "A bin of 40 litres feeds 500 grams of worms, which eat 250 grams a day.",
}


RUNNING, IDLE = "sweep_running", "sweep_idle"
"""The templates: a site with its input and a run just started; the same without a run, its schedule due."""


@dataclass(frozen=True)
class Input:
    """The workspace and the site that hold the input."""

    workspace: int
    site: int


@dataclass
class Ground:
    """The parts that attempts share."""

    folder: Path
    postgres: EmbeddedPostgres
    port: int
    given: Input
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def models(self, name: str, delay: float = 0) -> str:
        return f"http://127.0.0.1:{self.port}/{name}/{int(delay * 1000)}/v1"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return connect(self.postgres, database)

    @contextmanager
    def database(self, template: str = RUNNING) -> Iterator[str]:
        """A copy of a template, dropped at the end; its name."""
        name = f"attempt_{os.getpid()}_{next(self.numbers)}"
        with self.connect() as admin:
            admin.execute(
                sql.SQL("create database {} template {} strategy file_copy").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        try:
            yield name
        finally:
            with self.connect() as admin:
                admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def connect(postgres: EmbeddedPostgres, database: str) -> psycopg.Connection:
    return psycopg.connect(postgres.url(database).replace("+psycopg", ""), autocommit=True)


@contextmanager
def model_server() -> Iterator[int]:
    """The port of a server that is a process of its own."""
    command = [sys.executable, "-m", "sweep.model_server"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield int(process.stdout.readline())
        process.stdin.close()


def environment() -> dict[str, str]:
    path = os.pathsep.join([str(TESTS), str(TESTS / "prove"), *filter(None, [os.environ.get("PYTHONPATH")])])
    one_thread = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
    mine = {name: value for name, value in os.environ.items() if not name.startswith("NIGHTDESK_")}
    return {**mine, **one_thread, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}


@contextmanager
def ground() -> Iterator[Ground]:
    """Opens it in a temporary folder that the database's account can reach.

    Nothing waits for the disk (`fsync=False`): attempts kill processes and servers, not machines.
    """
    folder = Path(tempfile.mkdtemp(prefix="nightdesk-sweep-", dir=place()))
    folder.chmod(0o755)
    postgres = EmbeddedPostgres(folder, fsync=False)
    try:
        postgres.start()
        with model_server() as port:
            yield Ground(folder, postgres, port, make_templates(postgres, folder))
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


def place() -> str | None:
    """Where attempts lie: in memory where there is room, which makes a database in 20 ms instead of 400."""
    shared = Path("/dev/shm")
    if set_by_hand := os.environ.get("NIGHTDESK_TEST_DIR"):
        return set_by_hand
    return str(shared) if shared.is_dir() and shutil.disk_usage(shared).free > 2**31 else None


def make_templates(postgres: EmbeddedPostgres, folder: Path) -> Input:
    with connect(postgres, "postgres") as admin:
        admin.execute(f"create database {IDLE}")
        given = asyncio.run(_furnish(order_for(postgres, IDLE, folder)))
        admin.execute(f"create database {RUNNING} template {IDLE}")
        asyncio.run(_start(order_for(postgres, RUNNING, folder), given))
    return given


def order_for(postgres: EmbeddedPostgres, database: str, folder: Path) -> dict[str, str]:
    return {
        "folder": str(folder / database),
        "database": postgres.url(database),
        "models": "http://127.0.0.1:1/v1",
    }


async def _furnish(order: dict[str, str]) -> Input:
    async with open_house(settings(order)) as house:
        workspace = await house.desk.founding.found("Sweep", 1000)
        site = await house.desk.sites.create(workspace, "Green Shelf", subject="growing at home")
        home = {"workspace_id": workspace, "site_id": site.id}
        schedule = {"is_enabled": True, "next_run_at": house.clock.now()}
        async with house.store.workspace(workspace) as session:
            rows = [{**home, "phrase": p, "normal": p, "volume": volume} for p, volume in KEYWORDS.items()]
            await session.execute(insert(Keyword), rows)
            await session.execute(insert(LineConfig).values(**home, line="article", **schedule))
            for title, text in DOCUMENTS.items():
                document = Document(**home, title=title, text=text, content_hash=title)
                session.add(document)
                await session.flush()
                session.add(Passage(**home, document_id=document.id, position=0, text=text))
    return Input(workspace, site.id)


async def _start(order: dict[str, str], given: Input) -> None:
    async with open_house(settings(order)) as house:
        site = await house.desk.sites.get(given.workspace, given.site)
        async with house.store.workspace(given.workspace) as session:
            await house.control.start(session, site, "article", "manual", RUN_SETTINGS)
