"""The database's files: made once, in a temporary folder that takes its name only when it is whole."""

import os
import shutil
import subprocess
import uuid
from collections.abc import Mapping
from pathlib import Path

from nightdesk.kit import points
from nightdesk.store.postgres.account import Account
from nightdesk.store.postgres.binaries import MAJOR
from nightdesk.store.postgres.errors import DatabaseUnavailable

SUPERUSER = "postgres"
SETTINGS_FILE = "nightdesk.conf"
SETTINGS: Mapping[str, str] = {
    "shared_buffers": "256MB",
    "max_connections": "200",
    "synchronous_commit": "on",
    "fsync": "on",
    "full_page_writes": "on",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",  # every disk this meets is solid state or cached
    "jit": "off",  # our statements are short: compiling them costs more than it saves
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_min_messages": "warning",
    "log_line_prefix": "'%m [%p] %u@%d '",
}
"""Written beside the data at each start; the operator's own (ALTER SYSTEM) win over them."""

FAST_AND_UNSAFE = ("fsync=off", "full_page_writes=off")
"""For tests alone: a power cut loses the database; a killed server still loses no commit."""

INITDB_SECONDS = 180
NEW = "cluster.new-"


def ensure(cluster: Path, programs: Path, account: Account, *, fsync: bool) -> None:
    """Makes the cluster if it is not there and writes our settings; raises `DatabaseUnavailable`."""
    for half in cluster.parent.glob(f"{NEW}*"):
        shutil.rmtree(half, ignore_errors=True)
    if not cluster.exists():
        _make(cluster, programs, account, fsync=fsync)
    _check_version(cluster)
    if account.switch and cluster.stat().st_uid != account.uid:
        account.own_tree(cluster)
    cluster.chmod(0o700)
    _write_settings(cluster, account)


def command_environment() -> dict[str, str]:
    """What the server's programs see of our environment: nothing that could change their mind."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _make(cluster: Path, programs: Path, account: Account, *, fsync: bool) -> None:
    half = cluster.parent / f"{NEW}{uuid.uuid4().hex[:12]}"
    half.mkdir(mode=0o700)
    account.own(half)
    points.reach("store.postgres.initdb.starting")
    try:
        _initdb(half, programs, account, fsync=fsync)
        with (half / "postgresql.conf").open("a", encoding="utf-8") as out:
            out.write(f"include_if_exists = '{SETTINGS_FILE}'\n")
            out.flush()
            os.fsync(out.fileno())
        points.reach("store.postgres.initdb.done")
        half.rename(cluster)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    _sync_folder(cluster.parent)
    points.reach("store.postgres.initdb.renamed")


def _initdb(half: Path, programs: Path, account: Account, *, fsync: bool) -> None:
    # The built-in locale sorts alike on every machine and operating system.
    command = [str(programs / "bin" / "initdb"), "-D", str(half), "-U", SUPERUSER, "--auth=trust"]
    command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += ["--no-instructions"] + ([] if fsync else ["--no-sync"])
    try:
        done = subprocess.run(  # noqa: S603
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=INITDB_SECONDS,
            cwd="/",
            env=command_environment(),
            stdin=subprocess.DEVNULL,
            **account.popen(),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DatabaseUnavailable(f"A new database could not be made in {half.parent}: {error}.") from error
    if done.returncode != 0:
        said = " ".join((done.stderr or done.stdout).split())[-600:]
        raise DatabaseUnavailable(
            f"A new database could not be made in {half.parent}; nothing was left behind. "
            f"The program said: {said}"
        )


def _check_version(cluster: Path) -> None:
    try:
        version = (cluster / "PG_VERSION").read_text(encoding="ascii", errors="replace").strip()
    except OSError as error:
        raise DatabaseUnavailable(
            f"{cluster} is not a database (no PG_VERSION: {error.strerror}). Nothing was changed in it. "
            "Move it away to start with an empty one, or restore a backup."
        ) from error
    if version != str(MAJOR):
        raise DatabaseUnavailable(
            f"The database in {cluster} was made by PostgreSQL {version[:20]}, "
            f"and this Nightdesk brings {MAJOR}. Nothing was changed. "
            "Make a backup with the older Nightdesk and restore it with this one."
        )


def _write_settings(cluster: Path, account: Account) -> None:
    text = "# Written at each start. Put your own settings into postgresql.auto.conf (ALTER SYSTEM).\n"
    text += "".join(f"{name} = {value}\n" for name, value in SETTINGS.items())
    half = cluster / f"{SETTINGS_FILE}.half"
    half.write_text(text, encoding="utf-8")
    account.own(half)
    half.replace(cluster / SETTINGS_FILE)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
