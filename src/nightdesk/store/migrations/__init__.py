"""Brings a database to the newest schema; each version is a small file beside its SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text

from nightdesk.kit import points
from nightdesk.kit.endings import NeedsPerson
from nightdesk.store.patience import PATIENCE, PatientBlocking
from nightdesk.store.postgres.process import is_socket_folder

HERE = Path(__file__).parent
ROLES = ("nightdesk_owner", "nightdesk_app", "nightdesk_wide")
OWNER_ROLE = "nightdesk_owner"
_LOG_INS = ("nightdesk_app", "nightdesk_wide")
_TURN = 120
"""Seconds for which a process waits for another that migrates; only such are in each other's way there."""


class SchemaIsNewer(NeedsPerson):
    """This database was written by a newer Nightdesk; start that version, or restore an older backup."""


def migrate(url: str | URL, *, to: str = "head", patience: float = PATIENCE) -> None:
    """Creates the roles where they are missing and applies what is not applied yet; safe to repeat.

    Everything happens in one transaction under a lock of its own, so that of several processes that start
    at once one migrates and the others wait. A database that says nothing for so many seconds of `patience`
    is given up; applying alone may take as long as it takes. Raises `SchemaIsNewer`.
    """
    engine = _engine(make_url(url).set(drivername="postgresql+psycopg"), patience)
    scripts = ScriptDirectory.from_config(_config())
    try:
        with engine.begin() as connection:
            connection.execute(text(f"set local lock_timeout = '{_TURN}s'"))
            with _waiting(connection, patience + _TURN):
                connection.execute(text("select pg_advisory_xact_lock(7204110)"))
            connection.execute(text("set local lock_timeout = '3s'"))
            current = MigrationContext.configure(connection).get_current_revision()
            if current is not None and current not in {s.revision for s in scripts.walk_revisions()}:
                raise SchemaIsNewer
            if current is None:
                _create_roles(connection)
            if is_socket_folder(engine.url.query.get("host")):
                _let_roles_log_in(connection)
            if current == scripts.get_current_head() and to == "head":
                return
            connection.execute(text(f"set local role {OWNER_ROLE}"))
            config = _config()
            config.attributes["connection"] = connection
            points.reach("store.migrate.before")
            with _waiting(connection, None):
                command.upgrade(config, to)
        points.reach("store.migrate.after")
    finally:
        engine.dispose()


def _engine(target: URL, patience: float) -> Engine:
    engine = create_engine(target, connect_args={"options": "-c lock_timeout=3s -c timezone=UTC"})

    def connect(_dialect: Any, _record: Any, words: Any, facts: Any) -> PatientBlocking:
        line = PatientBlocking.connect(*words, **facts)
        line.patience = patience
        return line

    event.listen(engine, "do_connect", connect)
    return engine


@contextmanager
def _waiting(connection: Connection, seconds: float | None) -> Iterator[None]:
    """Has the connection wait so long for an answer; None as long as it takes."""
    line: Any = connection.connection.driver_connection
    usual, line.patience = line.patience, seconds
    try:
        yield
    finally:
        line.patience = usual


def run_sql(connection: Connection, name: str) -> None:
    """Runs the script `sql/NAME.sql` as it stands, without looking for parameters in it."""
    run_script(connection, (HERE / "sql" / f"{name}.sql").read_text("utf-8"))


def run_script(connection: Connection, script: str) -> None:
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("The migration has lost its connection; start it again.")
    driver.execute(script)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    return config


def _create_roles(connection: Connection) -> None:
    for role in ROLES:
        connection.execute(
            text(
                f"do $$ begin create role {role} nologin nosuperuser nobypassrls; "
                "exception when duplicate_object or unique_violation then null; end $$"
            )
        )
        connection.execute(text(f"grant {role} to current_user"))
    connection.execute(text(f"grant usage, create on schema public to {OWNER_ROLE}"))
    connection.execute(text("grant usage on schema public to nightdesk_app, nightdesk_wide"))
    database = connection.execute(text("select current_database()")).scalar_one()
    connection.execute(text(f'grant create on database "{database}" to {OWNER_ROLE}'))


def _let_roles_log_in(connection: Connection) -> None:
    """On our own server, whose socket only we can open: each role by its own log-in, and none ends another's.

    Whoever shares a log-in may end its connections, hence the two revocations.
    """
    query = text("select rolname from pg_roles where rolname = any(:names) and not rolcanlogin")
    for role in connection.execute(query, {"names": list(_LOG_INS)}).scalars().all():
        connection.execute(text(f"alter role {role} login"))
    for function in ("pg_cancel_backend(integer)", "pg_terminate_backend(integer, bigint)"):
        may = text("select has_function_privilege('nightdesk_app', :function, 'execute')")
        if connection.execute(may, {"function": function}).scalar_one():
            connection.execute(text(f"revoke execute on function {function} from public"))
