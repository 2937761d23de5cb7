"""The embedded server starts, is shared, and comes back from every way of dying; with the real programs."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from nightdesk.kit.clock import SystemClock
from nightdesk.store.postgres import DatabaseUnavailable, EmbeddedPostgres, binaries, process
from nightdesk.store.postgres import account as accounts
from nightdesk.store.postgres.watch import keep_running

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="steps down from root")

JOIN_AND_WAIT = """
import sys, pathlib
from nightdesk.store.postgres import EmbeddedPostgres
server = EmbeddedPostgres(pathlib.Path(sys.argv[1]), fsync=False)
server.start()
print(server.status().pid, flush=True)
sys.stdin.readline()
print(server.stop(), flush=True)
"""


@pytest.fixture
def data_dir() -> Iterator[Path]:
    # pytest's own temporary folders are closed to the account that the server runs as under root.
    folder = Path(tempfile.mkdtemp(prefix="nd-pg-"))
    folder.chmod(0o755)
    yield folder
    server = EmbeddedPostgres(folder)
    if server.is_alive():
        server.crash()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A data folder whose database was made once; each test finds it stopped and empty."""
    folder = Path(tempfile.mkdtemp(prefix="nd-pg-made-"))
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder, fsync=False)
    server.start()
    run(server, "create table kept (n int)")
    assert server.stop()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def server(made: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(made, fsync=False)
    yield server
    server.start()
    run(server, "truncate kept")
    assert server.stop()


def run(server: EmbeddedPostgres, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(server.url().replace("+psycopg", ""), autocommit=True) as connection:
        done = connection.execute(statement)
        return done.fetchall() if done.description else []


def another_process(data_dir: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", JOIN_AND_WAIT, str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def line_of(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def test_a_first_start_makes_the_database_and_a_second_one_finds_it_again(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    server.start()
    server.start()
    run(server, "create table kept (n int)")
    run(server, "insert into kept values (41), (1)")
    assert run(server, "select current_setting('fsync'), current_setting('synchronous_commit')") == [
        ("on", "on")
    ]
    assert run(server, "select current_setting('max_connections'), lower('ÄÉ')") == [("200", "äé")]
    assert server.stop()
    assert not server.status().running
    again = EmbeddedPostgres(data_dir)
    again.start()
    assert run(again, "select sum(n) from kept") == [(42,)]
    assert again.stop()


def test_the_server_listens_on_a_private_socket_alone(server: EmbeddedPostgres) -> None:
    server.start()
    assert run(server, "select current_setting('listen_addresses')") == [("",)]
    assert server.socket_folder.stat().st_mode & 0o777 == 0o700
    assert server.cluster.stat().st_mode & 0o777 == 0o700


def test_commits_outlive_the_server_killed_outright(server: EmbeddedPostgres) -> None:
    server.start()
    run(server, "insert into kept values (7)")
    killed = server.status().pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    server.start()
    assert server.status().pid != killed
    assert run(server, "select n from kept") == [(7,)]


def test_a_killed_server_whose_child_is_lost_in_a_long_statement_comes_back(server: EmbeddedPostgres) -> None:
    server.start()
    busy = psycopg.connect(server.url().replace("+psycopg", ""))
    busy.pgconn.send_query(b"do $$ declare i bigint := 0; begin loop i := i + 1; end loop; end $$")
    time.sleep(0.2)
    os.kill(server.status().pid or 0, signal.SIGKILL)
    server.start()
    assert run(server, "select 1") == [(1,)]


def test_a_crash_loses_no_commit(server: EmbeddedPostgres) -> None:
    server.start()
    run(server, "insert into kept values (9)")
    server.crash()
    assert not server.status().running
    server.start()
    assert run(server, "select n from kept") == [(9,)]


@pytest.mark.parametrize(
    "spoilt",
    [b"", b"12", b"not a number\n", b"99999999999999999999\n", b"\xff\xfe\x00"],
    ids=["empty", "cut short", "words", "huge", "binary"],
)
def test_a_spoilt_pid_file_does_not_stop_a_start(server: EmbeddedPostgres, spoilt: bytes) -> None:
    (server.cluster / "postmaster.pid").write_bytes(spoilt)
    server.start()
    assert run(server, "select 1") == [(1,)]


def test_a_stranger_that_bears_the_old_pid_is_neither_taken_for_the_server_nor_harmed(
    server: EmbeddedPostgres,
) -> None:
    with subprocess.Popen(["sleep", "60"], **_as_the_server()) as stranger:
        content = f"{stranger.pid}\n{server.cluster}\n1\n5432\n{server.socket_folder}\n\n\nready\n"
        (server.cluster / "postmaster.pid").write_text(content)
        server.socket_folder.mkdir(exist_ok=True)
        (server.socket_folder / f"{process.SOCKET_NAME}.lock").write_text(content)
        server.start()
        assert server.status().pid != stranger.pid
        assert run(server, "select 1") == [(1,)]
        assert server.stop()
        assert stranger.poll() is None
        stranger.kill()


def test_a_running_server_with_a_spoilt_pid_file_is_joined_and_stopped(server: EmbeddedPostgres) -> None:
    server.start()
    pid = server.status().pid
    (server.cluster / "postmaster.pid").write_bytes(b"")
    joined = EmbeddedPostgres(server.home.parent)
    joined.start()
    assert joined.status().pid == pid
    assert server.stop() is False
    assert joined.stop() is True


def test_two_processes_that_start_at_once_get_one_server(data_dir: Path) -> None:
    first, second = another_process(data_dir), another_process(data_dir)
    pids = {line_of(first), line_of(second)}
    assert len(pids) == 1
    assert pids.pop().isdigit()
    assert first.communicate("\n", timeout=30)[0].strip() == "False"
    assert EmbeddedPostgres(data_dir).is_alive()
    assert second.communicate("\n", timeout=30)[0].strip() == "True"
    assert not EmbeddedPostgres(data_dir).is_alive()


def test_the_server_outlives_the_process_that_started_it_and_is_joined(server: EmbeddedPostgres) -> None:
    starter = another_process(server.home.parent)
    pid = int(line_of(starter))
    starter.kill()
    starter.communicate()
    server.start()
    assert server.status().pid == pid
    assert server.stop()


@pytest.mark.parametrize(
    "point", [3, 5, 7, *(pytest.param(point, marks=pytest.mark.prove) for point in (1, 2, 4, 6, 8))]
)
def test_a_supervisor_killed_at_any_point_of_a_first_start_leaves_nothing_in_the_way(
    data_dir: Path, point: int
) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", JOIN_AND_WAIT, str(data_dir)],
        env={**os.environ, "NIGHTDESK_KILL_AT": str(point)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    assert killed.returncode == -signal.SIGKILL
    server = EmbeddedPostgres(data_dir, fsync=False)
    server.start()
    assert run(server, "select 1") == [(1,)]
    assert not list(server.home.glob("cluster.new-*"))


async def test_the_watch_brings_a_killed_server_back(server: EmbeddedPostgres) -> None:
    server.start()
    watch = asyncio.create_task(keep_running(server, SystemClock(), every=0.05))
    os.kill(server.status().pid or 0, signal.SIGKILL)
    until = time.monotonic() + 20
    while not process.answers(server.socket_folder, server.cluster)[0]:
        assert time.monotonic() < until, "the server did not come back"
        await asyncio.sleep(0.05)
    watch.cancel()


async def test_the_watch_goes_on_after_a_start_that_failed(server: EmbeddedPostgres) -> None:
    server.start()
    server.crash()
    spoilt = server.cluster / "nightdesk.conf.half"
    spoilt.mkdir()  # where the settings would be written first
    watch = asyncio.create_task(keep_running(server, SystemClock(), every=0.05))
    await asyncio.sleep(0.5)
    spoilt.rmdir()
    until = time.monotonic() + 20
    while not process.answers(server.socket_folder, server.cluster)[0]:
        assert time.monotonic() < until, "the server did not come back"
        await asyncio.sleep(0.05)
    watch.cancel()


def test_a_long_data_folder_gets_a_short_socket(server: EmbeddedPostgres, data_dir: Path) -> None:
    deep = data_dir / ("n" * 90)
    deep.mkdir()
    server.home.rename(deep / "postgres")
    moved = EmbeddedPostgres(deep, fsync=False)
    try:
        moved.start()
        assert len(os.fsencode(moved.socket_folder / process.SOCKET_NAME)) < process.SOCKET_PATH_LIMIT
        assert run(moved, "select 1") == [(1,)]
    finally:
        assert moved.stop()
        shutil.rmtree(moved.socket_folder)
        (deep / "postgres").rename(server.home)


def test_a_cluster_of_another_version_is_refused_and_left_alone(server: EmbeddedPostgres) -> None:
    version = server.cluster / "PG_VERSION"
    version.write_text("16\n")
    with pytest.raises(DatabaseUnavailable, match="made by PostgreSQL 16"):
        server.start()
    assert not server.is_alive()
    version.write_text("18\n")


def test_a_folder_that_is_no_cluster_is_refused_and_left_alone(data_dir: Path) -> None:
    precious = data_dir / "postgres" / "cluster" / "diary.txt"
    precious.parent.mkdir(parents=True)
    precious.write_text("mine")
    with pytest.raises(DatabaseUnavailable, match="not a database"):
        EmbeddedPostgres(data_dir).start()
    assert precious.read_text() == "mine"


def test_a_data_folder_that_is_no_folder_is_named_with_what_to_do(data_dir: Path) -> None:
    (data_dir / "taken").write_text("a file")
    with pytest.raises(DatabaseUnavailable, match=r"taken.*NIGHTDESK_DATA_DIR"):
        EmbeddedPostgres(data_dir / "taken").start()


def test_a_server_that_cannot_start_tells_its_own_last_words(server: EmbeddedPostgres) -> None:
    (server.cluster / "global").rename(server.home / "aside")
    with pytest.raises(DatabaseUnavailable, match="global"):
        server.start()
    assert not server.is_alive()
    (server.home / "aside").rename(server.cluster / "global")


@root_only
def test_under_root_a_folder_that_is_closed_to_others_is_named_with_the_remedy(data_dir: Path) -> None:
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(DatabaseUnavailable, match=f"may not pass through {closed}"):
        EmbeddedPostgres(closed / "data").start()


@root_only
def test_under_root_the_server_runs_as_somebody_without_rights(server: EmbeddedPostgres) -> None:
    server.start()
    assert Path(f"/proc/{server.status().pid}").stat().st_uid == server.cluster.stat().st_uid != 0


@root_only
def test_under_root_programs_in_a_closed_folder_are_copied_where_they_can_run(
    server: EmbeddedPostgres, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = data_dir / "closed" / binaries.PACKAGE
    shutil.copytree(binaries.installed(), package / "pginstall18")
    (package / "__init__.py").touch()
    package.parent.chmod(0o700)
    monkeypatch.syspath_prepend(str(package.parent))
    server.start()
    program = Path(f"/proc/{server.status().pid}/exe").readlink()
    assert program.is_relative_to(server.home)
    assert run(server, "select 1") == [(1,)]


def _as_the_server() -> dict[str, Any]:
    return accounts.choose(Path("/nowhere")).popen()
