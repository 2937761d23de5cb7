"""Brings a database to the newest schema; each version is a small file beside its SQL."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, create_engine, make_url, text

from nightdesk.kit import points
from nightdesk.kit.endings import NeedsPerson
from nightdesk.store.postgres.process import is_socket_folder

HERE = Path(__file__).parent
ROLES = ("nightdesk_owner", "nightdesk_app", "nightdesk_wide")
OWNER_ROLE = "nightdesk_owner"
_LOG_INS = ("nightdesk_app", "nightdesk_wide")
_PATIENCE = "120s"
"""How long a process waits for another that migrates; only such are in each other's way there."""


class SchemaIsNewer(NeedsPerson):
    """This database was written by a newer Nightdesk; start that version, or restore an older backup."""


def migrate(url: str | URL, *, to: str = "head") -> None:
    """Creates the roles where they are missing and applies what is not applied yet; safe to repeat.

    Everything happens in one transaction under a lock of its own, so that of several processes that start
    at once one migrates and the others wait. Raises `SchemaIsNewer`.
    """
    target = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_engine(target, connect_args={"options": "-c lock_timeout=3s -c timezone=UTC"})
    scripts = ScriptDirectory.from_config(_config())
    try:
        with engine.begin() as connection:
            connection.execute(text(f"set local lock_timeout = '{_PATIENCE}'"))
            connection.execute(text("select pg_advisory_xact_lock(7204110)"))
            connection.execute(text("set local lock_timeout = '3s'"))
            current = MigrationContext.configure(connection).get_current_revision()
            if current is not None and current not in {s.revision for s in scripts.walk_revisions()}:
                raise SchemaIsNewer
            if current is None:
                _create_roles(connection)
            if is_socket_folder(target.query.get("host")):
                _let_roles_log_in(connection)
            if current == scripts.get_current_head() and to == "head":
                return
            connection.execute(text(f"set local role {OWNER_ROLE}"))
            config = _config()
            config.attributes["connection"] = connection
            points.reach("store.migrate.before")
            command.upgrade(config, to)
        points.reach("store.migrate.after")
    finally:
        engine.dispose()


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
