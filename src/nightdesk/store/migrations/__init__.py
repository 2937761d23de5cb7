"""Brings a database to the newest schema; each version is a small file beside its SQL."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, create_engine, make_url, text

from nightdesk.kit import points
from nightdesk.kit.endings import NeedsPerson

HERE = Path(__file__).parent
ROLES = ("nightdesk_owner", "nightdesk_app", "nightdesk_wide")
OWNER_ROLE = "nightdesk_owner"


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
            connection.execute(text("select pg_advisory_xact_lock(7204110)"))
            current = MigrationContext.configure(connection).get_current_revision()
            if current is not None and current not in {s.revision for s in scripts.walk_revisions()}:
                raise SchemaIsNewer
            if current == scripts.get_current_head() and to == "head":
                return
            if current is None:
                _create_roles(connection)
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
