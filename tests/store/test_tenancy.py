"""What a connection of the application may not do, whatever statement is run on it."""

import asyncio
import contextlib
import random
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from nightdesk.desk.founding import Founding
from nightdesk.store.session import APP_ROLE, WIDE_ROLE, Store, plain_address
from nightdesk.store.tables.planner import Cluster, Idea
from nightdesk.store.tables.tenancy import Site
from tenants.gate import tables_of_tenants

COUNT = text("select count(*) from sites")
SHADOW = (
    "create temp table api_keys on commit drop as select 1 as workspace_id, 'x' as hash, null as revoked_at"
)


@pytest.fixture
def application(shared_database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(plain_address(make_url(shared_database), APP_ROLE), autocommit=True) as connection:
        yield connection


async def found_site(store: Store, name: str) -> tuple[int, int]:
    workspace = await Founding(store).found(name, 0)
    async with store.workspace(workspace) as session:
        site = Site(workspace_id=workspace, slug="site", name=name)
        session.add(site)
        await session.flush()
        return workspace, site.id


def refused(connection: psycopg.Connection[Any], statement: str) -> bool:
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(statement.encode())
    except psycopg.errors.InsufficientPrivilege:
        return True
    return False


@pytest.mark.parametrize(
    "statement",
    [
        "truncate {table}",
        "alter table {table} disable row level security",
        "alter table {table} no force row level security",
        "create policy mine on {table} using (true)",
        "drop policy of_workspace on {table}",
        "alter table {table} add column mine text",
        "create trigger mine before update on {table} execute function tally_changed()",
        "create rule mine as on delete to {table} do instead nothing",
        "create table mine (w bigint, i bigint, foreign key (w, i) references {table})",
        "drop table {table}",
        "alter table {table} owner to nightdesk_app",
        "set row_security = off; select * from {table}",
    ],
)
def test_the_application_may_not(application, shared_database, statement):
    with psycopg.connect(shared_database.replace("+psycopg", "")) as superuser:
        tables = tables_of_tenants(superuser)
    allowed = [table for table in tables if not refused(application, statement.format(table=table))]
    assert allowed == []


@pytest.mark.parametrize("role", ["nightdesk_wide", "nightdesk_owner", "postgres", "none"])
@pytest.mark.parametrize(
    "statement", ["set role {}", "select set_config('role', '{}', false)", "set session authorization {}"]
)
def test_a_connection_of_the_application_cannot_become_more(application, statement, role):
    with contextlib.suppress(psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidParameterValue):
        application.execute(statement.format(role).encode())
    who = application.execute("select current_user, session_user, current_setting('role')").fetchone()
    assert who is not None
    assert who[:2] == (APP_ROLE, APP_ROLE)
    application.execute("reset role")
    application.execute("reset session authorization")
    assert application.execute("select current_user::text").fetchone() == (APP_ROLE,)


@pytest.mark.parametrize(
    "statement",
    [
        "select pg_read_file('/etc/hostname')",
        "copy (select 1) to program 'true'",
        "copy sites to '/tmp/sites'",
        "select lo_import('/etc/hostname')",
        "create role mine",
        "create schema mine",
        "create table mine ()",
        "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()",
        "select pg_cancel_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()",
        "select setval('events_id_seq', 1)",
        "select last_value from events_id_seq",
        "select sealed from key_checks",
        "select * from queue.pgqueuer_log",
        "delete from beats",
        "insert into workspaces (name) values ('mine')",
    ],
)
def test_a_connection_of_the_application_is_refused(application, statement):
    assert refused(application, statement)


def test_statistics_of_tenants_values_are_not_shown(application, shared_database):
    with psycopg.connect(shared_database.replace("+psycopg", ""), autocommit=True) as superuser:
        superuser.execute("analyze sites")
    shown = application.execute("select count(*) from pg_stats where schemaname = 'public'").fetchone()
    assert shown == (0,)


async def test_without_a_tenant_nothing_is_seen_and_everywhere_all(shared_store):
    mine, _ = await found_site(shared_store, "Alpha")
    await found_site(shared_store, "Beta")
    async with shared_store.nobody() as session:
        assert await session.scalar(COUNT) == 0
    async with shared_store.workspace(mine) as session:
        assert await session.scalar(COUNT) == 1
    async with shared_store.everywhere() as session:
        assert (await session.scalar(COUNT) or 0) >= 2


async def test_a_tenant_left_behind_on_a_pooled_connection_is_not_the_next_ones(shared_database):
    """A setting that outlives its transaction is what no code of ours writes; it must do no harm either."""
    store = Store(shared_database, pool_size=1)
    try:
        mine, _ = await found_site(store, "Alpha")
        other, _ = await found_site(store, "Beta")
        async with store.workspace(mine) as session:
            leave = text("select set_config('nightdesk.workspace', :id, false), pg_backend_pid()")
            left = (await session.execute(leave, {"id": str(mine)})).one()
        async with store.nobody() as session:
            assert await session.scalar(text("select pg_backend_pid()")) == left[1]
            assert await session.scalar(COUNT) == 0
        async with store.workspace(other) as session:
            assert list(await session.scalars(select(Site.name))) == ["Beta"]
    finally:
        await store.close()


async def test_a_workspace_that_is_no_number_is_refused_before_anything_is_asked(shared_store):
    with pytest.raises((ValueError, TypeError)):
        async with shared_store.workspace("1'; select 2 --") as session:
            await session.execute(COUNT)


async def test_many_tenants_at_once_on_few_connections_see_their_own_alone(shared_database):
    store, chance = Store(shared_database, pool_size=2), random.Random(7)
    try:
        tenants = dict([await found_site(store, f"Tenant {n}") for n in range(20)])

        async def look(workspace: int) -> set[int]:
            async with store.workspace(workspace) as session:
                await asyncio.sleep(chance.random() / 500)
                seen = {row.id for row in await session.scalars(select(Site))}
                if chance.random() < 0.2:
                    await session.rollback()
                return seen

        wanted = [chance.choice(list(tenants)) for _ in range(150)]
        seen = await asyncio.gather(*(look(workspace) for workspace in wanted))
        assert seen == [{tenants[workspace]} for workspace in wanted]
    finally:
        await store.close()


async def test_a_row_cannot_point_into_another_workspace(shared_store):
    mine, site = await found_site(shared_store, "Alpha")
    other, their_site = await found_site(shared_store, "Beta")
    async with shared_store.workspace(other) as session:
        theirs = Cluster(workspace_id=other, site_id=their_site, name="theirs")
        session.add(theirs)
        await session.flush()
    async with shared_store.workspace(mine) as session:
        ours = Cluster(workspace_id=mine, site_id=site, name="ours")
        session.add(ours)
        await session.flush()
        facts = {"title": "t", "intent": "i", "structure": "guide", "words": 1}
        session.add(Idea(workspace_id=mine, site_id=site, cluster_id=ours.id, **facts))
        await session.flush()
    for change in (update(Idea).values(cluster_id=theirs.id), update(Cluster).values(site_id=their_site)):
        with pytest.raises(IntegrityError, match="foreign key"):
            async with shared_store.workspace(mine) as session:
                await session.execute(change)


async def test_whose_a_key_is_is_told_to_who_shows_its_whole_hash_alone(shared_store):
    mine, _ = await found_site(shared_store, "Alpha")
    async with shared_store.workspace(mine) as session:
        new = "insert into api_keys (workspace_id, name, prefix, hash) values (:w, 'n', 'nd_', 'whole-hash')"
        await session.execute(text(new), {"w": mine})
    ask = text("select workspace_of_key(:hash)")
    async with shared_store.nobody() as session:
        for hash_shown, answer in {"whole-hash": mine, "whole": None, "%": None, "": None}.items():
            assert await session.scalar(ask, {"hash": hash_shown}) == answer
        await session.execute(text(SHADOW))
        assert await session.scalar(ask, {"hash": "x"}) is None
    async with shared_store.workspace(mine) as session:
        await session.execute(text("update api_keys set revoked_at = now()"))
    async with shared_store.nobody() as session:
        assert await session.scalar(ask, {"hash": "whole-hash"}) is None


@pytest.fixture
async def elsewhere(shared_database: str) -> AsyncIterator[Store]:
    """The same server under another path, and so taken for one that somebody else runs."""
    url = make_url(shared_database)
    with tempfile.TemporaryDirectory(prefix="elsewhere-") as folder:
        Path(folder).chmod(0o755)
        (Path(folder) / "s").symlink_to(str(url.query["host"]))
        store = Store(url.update_query_dict({"host": f"{folder}/s"}))
        yield store
        await store.close()


async def test_another_server_is_entered_by_one_log_in_that_takes_the_role(elsewhere):
    mine, _ = await found_site(elsewhere, "Alpha")
    who = text("select current_user::text, session_user::text")
    async with elsewhere.workspace(mine) as session:
        assert (await session.execute(who)).one() == (APP_ROLE, "postgres")
        assert await session.scalar(COUNT) == 1
        await session.execute(text("reset role"))
        assert (await session.execute(who)).one() == (APP_ROLE, "postgres")
    async with elsewhere.everywhere() as session:
        assert (await session.execute(who)).one() == (WIDE_ROLE, "postgres")


async def test_without_a_tenant_nothing_can_be_written(shared_store):
    mine, _ = await found_site(shared_store, "Alpha")
    with pytest.raises(DBAPIError, match="row-level security"):
        async with shared_store.nobody() as session:
            session.add(Site(workspace_id=mine, slug="stray", name="Stray"))
