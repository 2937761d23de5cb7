"""A start beside a database that stops answering ends by itself; a migration may take as long as it takes."""

from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError
from sweep.commit_proxy import CommitProxy

from nightdesk.store.migrations import migrate

PATIENCE = 1.0
SLOW = """
    create function slow() returns event_trigger language plpgsql as 'begin perform pg_sleep(1.5); end';
    create event trigger slow on ddl_command_start when tag in ('CREATE SCHEMA') execute function slow();
"""


def test_a_commit_at_the_start_that_is_never_answered_ends_the_start(
    server: Any, database: str, tmp_path: Path
) -> None:
    url = make_url(database).update_query_dict({"host": str(tmp_path)})
    with CommitProxy(tmp_path, server.postgres.socket_folder, at=[1]).running() as proxy:
        with pytest.raises(OperationalError, match="closed the connection"):
            migrate(url, patience=PATIENCE)
        assert proxy.struck == 1
        migrate(url, patience=PATIENCE)


def test_a_migration_that_takes_longer_than_an_answer_may_is_not_cut_off(server: Any) -> None:
    url = server.url("slow_to_migrate")
    with server.admin() as connection:
        connection.execute("create database slow_to_migrate")
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(SLOW)
    migrate(url, patience=PATIENCE)
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        assert connection.execute("select count(*) from alembic_version").fetchone() == (1,)
    server.drop("slow_to_migrate")
