"""Runs one PostgreSQL server for one data folder, shared by every process that asks for it.

Three locks under `<data>/postgres` decide everything, and the kernel drops each with its last holder:
`start.lock` is held while somebody starts or stops, `users.lock` is shared by all who use the server, and
`alive.lock` is handed down to the server and its children, so that it is free exactly when none of them
lives. No pid is ever trusted.
"""

import signal
import subprocess
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL

from nightdesk.kit import points
from nightdesk.kit.clock import Clock, SystemClock
from nightdesk.store.postgres import account as accounts
from nightdesk.store.postgres import binaries, cluster, process
from nightdesk.store.postgres.errors import DatabaseUnavailable
from nightdesk.store.postgres.locks import PAUSE, FileLock

LOG_LIMIT = 10 * 1024 * 1024
"""Bytes after which the server's log is set aside at the next start; one old log is kept."""

ORPHANS_GRACE = 2.0
"""Seconds that a dead server's children get to notice; one busy in a long statement never looks."""


@dataclass(frozen=True)
class ServerStatus:
    """What is known of the server; `running` says that its processes live, not yet that it takes log-ins."""

    running: bool
    pid: int | None
    cluster: Path
    socket_folder: Path
    log: Path


class EmbeddedPostgres:
    """The server of one data folder; each process that needs it starts it, and stops it when done."""

    def __init__(
        self,
        data_dir: Path,
        *,
        database: str = "nightdesk",
        fsync: bool = True,
        clock: Clock | None = None,
        patience: float = 120.0,
    ) -> None:
        """`patience`: seconds to wait for the server, or for another process that is starting it.

        `fsync=False` is for tests alone: faster, and a power cut loses the data.
        """
        self.home = data_dir.expanduser().resolve() / "postgres"
        self.cluster = self.home / "cluster"
        self.socket_folder = process.socket_folder(self.home)
        self.log = self.home / "server.log"
        self._database = database
        self._fsync = fsync
        self._clock = clock or SystemClock()
        self._patience = patience
        self._starting = FileLock(self.home / "start.lock")
        self._using = FileLock(self.home / "users.lock")
        self._alive = FileLock(self.home / "alive.lock")
        self._child: subprocess.Popen[bytes] | None = None

    def url(self, database: str | None = None, user: str = cluster.SUPERUSER) -> str:
        """The address for SQLAlchemy and psycopg over the Unix socket."""
        where = {"host": str(self.socket_folder), "port": str(process.PORT)}
        name = database or self._database
        address = URL.create("postgresql+psycopg", username=user, database=name, query=where)
        return address.render_as_string(hide_password=False)

    def start(self) -> None:
        """Makes the database if there is none, and starts its server or joins it; calling again is harmless.

        Raises `DatabaseUnavailable` with what to do; nothing that exists is ever overwritten.
        """
        try:
            self._start(self._prepare())
        except OSError as error:
            raise DatabaseUnavailable(
                f"The folder {self.home} cannot be used for the database: {error.strerror} "
                f"({error.filename}). Free some space or mend its permissions, or choose another one with "
                "NIGHTDESK_DATA_DIR."
            ) from error

    def _start(self, who: accounts.Account) -> None:
        with _Turn(self._starting, self._clock, self._patience):
            points.reach("store.postgres.start.locked")
            self._using.take(shared=True)  # never refused: others take it alone only under the start lock
            with ExitStack() as if_it_fails:
                if_it_fails.callback(self._using.leave)
                if not self._join():
                    self._launch(who)
                self._ensure_database()
                if_it_fails.pop_all()
            points.reach("store.postgres.start.done")

    def stop(self) -> bool:
        """Leaves the server; the last one to leave shuts it down. Says whether it does not run any more."""
        if not self.home.exists():
            return True
        with _Turn(self._starting, self._clock, self._patience):
            self._using.leave()
            if not self._using.is_free():
                return False
            self._end(signal.SIGINT)
            return self._free()

    def crash(self) -> None:
        """Ends the server at once, losing no commit (for proofs); the next start recovers."""
        self._end(signal.SIGQUIT)

    def is_alive(self) -> bool:
        """Whether any process of the server lives, ours or another's."""
        return self.home.exists() and not self._free()

    def status(self) -> ServerStatus:
        """What runs now; changes nothing."""
        running = self.is_alive()
        pid = process.server_pid(self.cluster) if running else None
        return ServerStatus(running, pid, self.cluster, self.socket_folder, self.log)

    def _prepare(self) -> accounts.Account:
        made = [folder for folder in (self.home, *self.home.parents) if not folder.exists()]
        self.home.mkdir(parents=True, exist_ok=True)
        who = accounts.choose(self.cluster)
        if who.switch:
            for folder in {*made, self.home}:
                folder.chmod(0o755)
        closed = accounts.closed_parent(self.cluster, who)
        if closed is not None:
            raise DatabaseUnavailable(
                f"PostgreSQL does not run as root, so it would run as {who.name}, "
                f"which may not pass through {closed}. Choose a data folder elsewhere "
                "(NIGHTDESK_DATA_DIR=/var/lib/nightdesk), start Nightdesk as an ordinary user, "
                f"or open the folder for passing through (chmod o+x {closed})."
            )
        return who

    def _join(self) -> bool:
        """True once a running server answers; false when none is alive, so that one may be started."""
        began = self._clock.monotonic()
        while not self._free():
            ready, state = process.answers(self.socket_folder, self.cluster)
            if ready:
                return True
            waited = self._clock.monotonic() - began
            if state is None and waited > ORPHANS_GRACE and process.server_pid(self.cluster) is None:
                self._end_orphans()
            if waited > self._patience:
                raise DatabaseUnavailable(
                    f"A database server holds {self.cluster} but has not answered for {waited:.0f} s. "
                    f"What it said is in {self.log}. Wait, or end it and start again."
                )
            self._reap()
            time.sleep(PAUSE)
        return False

    def _launch(self, who: accounts.Account) -> None:
        programs = binaries.reachable(who, self.home)
        cluster.ensure(self.cluster, programs, who, fsync=self._fsync)
        process.ensure_socket_folder(self.socket_folder, who)
        # Nobody who could own these is alive, whatever process (or remains of one) bears their number now.
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        (self.socket_folder / f"{process.SOCKET_NAME}.lock").unlink(missing_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        said_from = self.log.stat().st_size if self.log.exists() else 0
        self._spawn(programs, who)
        self._await_ready(said_from)
        points.reach("store.postgres.server.ready")

    def _spawn(self, programs: Path, who: accounts.Account) -> None:
        command = [str(programs / "bin" / "postgres"), "-D", str(self.cluster), "-p", str(process.PORT)]
        options = [
            f"unix_socket_directories={self.socket_folder}",
            "listen_addresses=",
            "unix_socket_permissions=0700",
        ]
        options += [] if self._fsync else cluster.FAST_AND_UNSAFE
        for option in options:
            command += ["-c", option]
        if not self._alive.wait(self._clock, self._patience):
            raise DatabaseUnavailable(f"Another server took {self.cluster} in the same moment; start again.")
        try:
            with self.log.open("ab") as log:
                self._child = subprocess.Popen(  # noqa: S603
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd="/",
                    env=cluster.command_environment(),
                    pass_fds=(self._alive.descriptor(),),
                    start_new_session=True,  # a Ctrl-C meant for us must not reach the server
                    **who.popen(),
                )
        except OSError as error:
            raise DatabaseUnavailable(f"The database server could not be started: {error}.") from error
        finally:
            self._alive.leave()
        points.reach("store.postgres.server.spawned")

    def _await_ready(self, said_from: int) -> None:
        until = self._clock.monotonic() + self._patience
        while True:
            ready, state = process.answers(self.socket_folder, self.cluster)
            if ready:
                return
            if self._reap() is not None:
                raise DatabaseUnavailable(f"The database server ended. It said: {self._tail(said_from)}")
            # A server that says it is recovering is given all the time it needs.
            if state is None and self._clock.monotonic() > until:
                raise DatabaseUnavailable(
                    f"The database server did not answer within {self._patience:.0f} s. "
                    f"What it said is in {self.log}."
                )
            time.sleep(PAUSE)

    def _ensure_database(self) -> None:
        name = self._database
        try:
            with process.connect(self.socket_folder) as connection:
                found = connection.execute("select from pg_database where datname = %s", (name,))
                if found.fetchone() is None:
                    connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
                    points.reach("store.postgres.database.created")
        except psycopg.Error as error:
            raise DatabaseUnavailable(
                f"The database {name} could not be opened or made: {error}. More may be in {self.log}."
            ) from error

    def _end(self, how: signal.Signals) -> None:
        """Ends the server and waits until the last of its processes is gone."""
        pid = self._child.pid if self._child and self._reap() is None else process.server_pid(self.cluster)
        began = self._clock.monotonic()
        while pid is not None and not self._free():
            process.tell(pid, how)
            points.reach("store.postgres.server.told_to_end")
            if self._gone_within(self._patience / 2):
                break
            if self._clock.monotonic() - began > self._patience:
                return
            how = signal.SIGQUIT
        self._reap()
        points.reach("store.postgres.server.ended")

    def _free(self) -> bool:
        return self._alive.is_free(for_sharing=True)

    def _gone_within(self, seconds: float) -> bool:
        until = self._clock.monotonic() + seconds
        while not self._free():
            self._reap()
            if self._clock.monotonic() > until:
                return False
            time.sleep(PAUSE)
        return True

    def _end_orphans(self) -> None:
        for pid in process.residents(self.cluster):
            process.tell(pid, signal.SIGKILL)

    def _reap(self) -> int | None:
        """The exit status of the server that we started, if it ended."""
        status = self._child.poll() if self._child else None
        if status is not None:
            self._child = None
        return status

    def _tail(self, start: int) -> str:
        with self.log.open("rb") as log:
            log.seek(start)
            said = " ".join(log.read(4000).decode(errors="replace").split())
        return said[-800:] or f"nothing (see {self.log})"


class _Turn:
    """Holds the start lock; raises `DatabaseUnavailable` when somebody else keeps it too long."""

    def __init__(self, lock: FileLock, clock: Clock, patience: float) -> None:
        self._lock, self._clock, self._patience = lock, clock, patience

    def __enter__(self) -> None:
        if not self._lock.wait(self._clock, self._patience):
            raise DatabaseUnavailable(
                f"Another process has been starting or stopping the database for {self._patience:.0f} s "
                f"({self._lock.path}). Wait for it or end it, then start again."
            )

    def __exit__(self, *_: object) -> None:
        self._lock.leave()
