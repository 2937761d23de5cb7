"""Migrations: harmless to repeat, made once by many, nothing half done, equal to the tables as declared."""

import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, make_url
from tools.ddl import ddl

from nightdesk.desk.founding import Founding
from nightdesk.desk.people import Doorkeeper, Entrance, Passwords
from nightdesk.kit.sealing import Sealer
from nightdesk.store.migrations import SchemaIsNewer, migrate
from nightdesk.store.session import Store
from nightdesk.store.tables import Table

MIGRATE = "import sys; from nightdesk.store.migrations import migrate; migrate(sys.argv[1])"
_numbers = itertools.count(1)
FINGERPRINT = """
    select md5(string_agg(fact, '|' order by fact)) from (
        select format('%s %s %s %s', c.oid, c.relname, c.relacl, c.relrowsecurity) from pg_class c
        where relnamespace in (select oid from pg_namespace where nspname in ('public', 'queue'))
        union all select format('%s %s %s', attrelid, attname, atttypid) from pg_attribute
        where attrelid >= 16384
        union all select format('%s %s', oid, pg_get_constraintdef(oid)) from pg_constraint
        where oid >= 16384
        union all select format('%s %s', oid, prosrc) from pg_proc where oid >= 16384
        union all select format('%s %s', oid, polname) from pg_policy
    ) as facts (fact)
"""


def ask(url: str, query: str) -> Any:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
        return row[0] if row else None


def do(url: str, *statements: str) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


@pytest.fixture
def empty(server: Any) -> Iterator[Callable[[], str]]:
    """Makes databases with nothing in them."""
    names = []

    def make() -> str:
        names.append(f"empty_{next(_numbers)}")
        do(server.url("postgres"), f"create database {names[-1]}")
        return str(server.url(names[-1]))

    yield make
    for name in names:
        server.drop(name)


def test_migrating_twice_changes_nothing_the_second_time(database):
    before = ask(database, FINGERPRINT)
    migrate(database)
    assert ask(database, FINGERPRINT) == before


def test_of_processes_that_migrate_at_once_one_does_it_and_all_succeed(empty):
    url = empty()
    started = [
        subprocess.Popen([sys.executable, "-c", MIGRATE, url], stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    ended = [(process.communicate(timeout=60)[1], process.returncode) for process in started]
    assert ended == [("", 0), ("", 0)]
    assert ask(url, "select count(*) from alembic_version") == 1


def test_a_schema_of_a_newer_version_is_refused_and_left_as_it_is(database):
    do(database, "update alembic_version set version_num = '9999'", "alter table sites add column newer text")
    before = ask(database, FINGERPRINT)
    with pytest.raises(SchemaIsNewer, match="newer Nightdesk"):
        migrate(database)
    assert ask(database, FINGERPRINT) == before
    assert ask(database, "select version_num from alembic_version") == "9999"


def test_a_migration_that_fails_leaves_nothing_behind_and_works_once_its_cause_is_gone(empty):
    url = empty()
    do(url, "create table tasks (somebody_elses text)")
    with pytest.raises(psycopg.errors.DuplicateTable, match="already exists"):
        migrate(url)
    assert ask(url, "select string_agg(tablename, ',') from pg_tables where schemaname = 'public'") == "tasks"
    assert ask(url, "select count(*) from pg_namespace where nspname = 'queue'") == 0
    do(url, "drop table tasks")
    migrate(url)
    assert ask(url, "select count(*) from keywords") == 0


async def test_a_workspace_of_the_first_version_waits_for_its_owner_after_the_upgrade(empty, clock):
    url = empty()
    migrate(url, to="0001")
    do(url, "insert into workspaces (name) values ('Older')")
    migrate(url)
    store = Store(url)
    entrance = Entrance(Doorkeeper(store, clock, Passwords(Sealer(["k" * 32]))), Founding(store))
    assert await entrance.is_open()
    assert await entrance.pending_token()
    assert ask(url, "select w.name from links l join workspaces w on w.id = l.workspace_id") == "Older"
    await store.close()


unknown_type = pytest.mark.filterwarnings("ignore:Did not recognize type 'xid8'")


def differences(url: str) -> list[Any]:
    """Between the database and the declarations, but for Alembic's own table, which nobody declares."""
    engine = create_engine(make_url(url))
    try:
        with engine.connect() as connection:
            facts = {"compare_type": True, "compare_server_default": True}
            context = MigrationContext.configure(connection, opts=facts)
            found = compare_metadata(context, Table.metadata)
    finally:
        engine.dispose()
    flat = [step for change in found for step in (change if isinstance(change, list) else [change])]
    return [step for step in flat if not (step[0] == "remove_table" and step[1].name == "alembic_version")]


@unknown_type
def test_the_migrated_schema_is_as_the_tables_declare_it(database):
    assert differences(database) == []


@unknown_type
def test_a_declaration_that_was_not_written_down_is_noticed(database):
    do(
        database,
        "alter table sites drop column voice",
        "drop index ix_events_run",
        "alter table runs alter position type integer",
        "alter table assets alter mime drop not null",
        "alter table sites alter language set default 'de'",
    )
    noticed = {step[0] for step in differences(database)}
    assert noticed >= {"add_column", "add_index", "modify_type", "modify_nullable", "modify_default"}


CATALOGUE = """
    select format('%%s: %%s %%s %%s %%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                  case when a.attnotnull then 'not null' end, pg_get_expr(d.adbin, d.adrelid))
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relname = any (%(names)s) and c.relnamespace = 'public'::regnamespace
    union all
    select format('%%s: %%s %%s', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint
    where conrelid::regclass::text = any (%(names)s) and contype <> 't'
    union all
    select indexdef from pg_indexes where tablename = any (%(names)s) and schemaname = 'public'
    order by 1
"""


def described(url: str) -> list[str]:
    """Every column, constraint and index of the declared tables, as the database itself describes them."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        names = list(Table.metadata.tables)
        return [fact for (fact,) in connection.execute(CATALOGUE.encode(), {"names": names})]


def test_a_migrated_database_and_one_made_from_the_declarations_are_described_alike(database, empty):
    declared = empty()
    do(declared, *ddl().split(";\n")[:-1])
    migrated = described(database)
    assert len(migrated) > 300
    assert described(declared) == migrated


async def test_a_log_in_that_is_no_superuser_can_migrate_its_own_database(empty, server):
    """As on a server that somebody else runs."""
    url = make_url(empty())
    roles = "nightdesk_owner, nightdesk_app, nightdesk_wide"
    do(
        str(url),
        "create role operator login createrole",
        f"grant {roles} to operator with admin option",
        f"alter database {url.database} owner to operator",
    )
    try:
        migrate(url.set(username="operator"))
        store = Store(url.set(username="operator"))
        assert await Founding(store).found("Theirs") > 0
        await store.close()
    finally:
        server.drop(str(url.database))
        do(server.url("postgres"), "drop role operator")
