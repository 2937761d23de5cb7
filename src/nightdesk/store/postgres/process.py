"""The server as the operating system sees it: its socket folder, its process, what it answers."""

import contextlib
import hashlib
import os
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg

from nightdesk.store.postgres.account import Account
from nightdesk.store.postgres.cluster import SUPERUSER
from nightdesk.store.postgres.errors import DatabaseUnavailable

PORT = 5432
SOCKET_NAME = f".s.PGSQL.{PORT}"
SOCKET_PATH_LIMIT = 107
"""Bytes of a socket's path: `sun_path` of unix(7) is 108 with its closing zero (103 serve macOS too)."""

STARTING_OR_STOPPING = "57P03"
"""SQLSTATE `cannot_connect_now` (PostgreSQL documentation, appendix A)."""


def socket_folder(home: Path) -> Path:
    """Where the socket lies: beside the data, or in a short folder where that path would be too long."""
    beside = home / "run"
    if len(os.fsencode(beside / SOCKET_NAME)) <= SOCKET_PATH_LIMIT - 4:
        return beside
    return Path("/tmp") / f"nightdesk-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}"  # noqa: S108


def is_socket_folder(folder: object) -> bool:
    """Whether a connection's `host` is where `socket_folder` puts a socket of ours."""
    path = Path(str(folder))
    beside = path.name == "run" and path.parent.name == "postgres"
    return beside or (path.parent == Path("/tmp") and path.name.startswith("nightdesk-"))  # noqa: S108


def ensure_socket_folder(folder: Path, account: Account) -> None:
    """Makes it for the server's account alone; raises `DatabaseUnavailable` if it is somebody else's."""
    try:
        folder.mkdir(mode=0o700)
        account.own(folder)
    except FileExistsError:
        pass
    about = folder.lstat()
    if not stat.S_ISDIR(about.st_mode) or about.st_uid not in (account.uid, os.geteuid()):
        raise DatabaseUnavailable(
            f"{folder} belongs to somebody else, so the database will not put its socket there. "
            "Remove it, or choose a data folder with a shorter path (NIGHTDESK_DATA_DIR)."
        )
    account.own(folder)
    folder.chmod(0o700)


def recorded_pid(cluster: Path) -> int | None:
    """The process that `postmaster.pid` names, if it is alive and really serves this cluster.

    The file may be absent, empty, cut short or older than the last boot, and its number may belong to
    a stranger by now; so only a process whose own command line names this cluster counts.
    """
    try:
        first = (cluster / "postmaster.pid").read_bytes()[:400].split(b"\n", 1)[0].strip()
    except OSError:
        return None
    if not first.isdigit() or len(first) > 10:
        return None
    pid = int(first)
    return pid if serves(pid, cluster) else None


def server_pid(cluster: Path) -> int | None:
    """The server's process, by its pid file or, where that is spoilt, by looking for it."""
    found = recorded_pid(cluster)
    return found or next((pid for pid in residents(cluster) if serves(pid, cluster)), None)


def serves(pid: int, cluster: Path) -> bool:
    """Whether that process is a PostgreSQL server started for this cluster."""
    if pid <= 1:
        return False
    words = _command_line(pid)
    return b"postgres" in words and b"-D" in words and os.fsencode(cluster) in words


def residents(cluster: Path) -> Iterator[int]:
    """The processes that live in the cluster's folder, the server and its children (seen on Linux alone)."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == cluster and (entry / "comm").read_text() == "postgres\n":
                yield int(entry.name)
        except OSError:
            continue


def tell(pid: int, number: signal.Signals) -> None:
    """Sends a signal; a process that is gone already is no trouble."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def answers(folder: Path, cluster: Path) -> tuple[bool, str | None]:
    """Whether a server on that socket takes log-ins for this cluster, else the SQLSTATE it refused with."""
    try:
        with connect(folder) as connection:
            row = connection.execute("show data_directory").fetchone()
    except psycopg.OperationalError as error:
        said = str(error)
        # A refusal before log-in carries no SQLSTATE in the exception, only the server's words (LC_ALL=C).
        passing = "the database system is" in said or "the database system was" in said
        return False, error.sqlstate or (STARTING_OR_STOPPING if passing else None)
    return row is not None and Path(row[0]) == cluster, None


def connect(folder: Path, database: str = "postgres") -> psycopg.Connection:
    """The superuser's connection, each statement its own transaction; raises `psycopg.OperationalError`."""
    return psycopg.connect(
        host=str(folder), port=PORT, user=SUPERUSER, dbname=database, connect_timeout=5, autocommit=True
    )


def _command_line(pid: int) -> list[bytes]:
    """The words that the process was started with, without the program's folder; empty if it is gone."""
    proc = Path(f"/proc/{pid}/cmdline")
    try:
        if Path("/proc/self").exists():
            words = proc.read_bytes().rstrip(b"\0").split(b"\0")
        else:
            shown = subprocess.run(  # noqa: S603
                ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, timeout=10
            )
            words = shown.stdout.split()
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [words[0].rsplit(b"/", 1)[-1], *words[1:]]
