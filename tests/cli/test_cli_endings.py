"""How a command ends: 0 done, 1 failed, 2 used wrongly, 78 when the start is refused; never a traceback."""

import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from cli_command import Ended, well
from sqlalchemy import make_url


def one_sentence(done: Ended, status: int) -> str:
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["run"],
        ["worker", "--queues", "fish"],
        ["sites", "set", "somewhere"],
        ["config", "set", "somewhere", "is_enabled"],
        ["up", "--port", "99999"],
        ["--workspace", "0", "status"],
    ],
    ids=" ".join,
)
def test_what_is_typed_wrongly_ends_with_2_before_anything_is_opened(nightdesk, arguments):
    elsewhere = nightdesk.under(NIGHTDESK_DATA_DIR=str(nightdesk.cwd / "untouched"))
    one_sentence(elsewhere(*arguments), 2)
    assert not (nightdesk.cwd / "untouched").exists()


def test_a_value_that_cannot_be_taken_ends_with_2_and_names_the_field(nightdesk):
    said = one_sentence(nightdesk("sites", "create", "Nowhere", "--timezone", "Mars/Base"), 2)
    assert said.startswith("timezone: ")


def test_what_is_not_there_ends_with_1(nightdesk):
    assert "no such site" in one_sentence(nightdesk("run", "nowhere"), 1)
    assert "no workspace 77" in one_sentence(nightdesk("--workspace", "77", "status"), 1)


def test_a_name_that_is_taken_ends_with_1(nightdesk):
    well(nightdesk("sites", "create", "Twice"))
    assert "already" in one_sentence(nightdesk("sites", "create", "Twice"), 1)


def test_a_port_that_somebody_has_ends_with_1_and_says_what_to_do(nightdesk):
    web = nightdesk.start("web", "--port", 0)
    try:
        port = web.stdout.readline().rsplit(":", 1)[1].strip()
        assert "--port" in one_sentence(nightdesk("web", "--port", port), 1)
    finally:
        web.terminate()
        web.communicate(timeout=20)


@pytest.mark.prove
def test_a_wrong_secret_key_refuses_the_start_and_changes_nothing(nightdesk):
    well(nightdesk("init"))
    before = (nightdesk.data / "secret.key").read_bytes()
    said = one_sentence(nightdesk.under(NIGHTDESK_SECRET_KEY="k" * 44).process("status"), 78)
    assert "key" in said
    assert (nightdesk.data / "secret.key").read_bytes() == before
    well(nightdesk("status"))


@pytest.mark.parametrize(
    "settings",
    [
        {"NIGHTDESK_PORT": "eighty"},
        {"NIGHTDESK_DATABASE_URL": "postgresql://127.0.0.1:1/nothing"},
        {"NIGHTDESK_DATABASE_URL": "an address"},
    ],
    ids=str,
)
def test_settings_that_cannot_be_used_refuse_the_start(nightdesk, settings):
    assert next(iter(settings)) in one_sentence(nightdesk.under(**settings)("status"), 78)


@pytest.fixture
def empty(server) -> Iterator[str]:
    """The address of a database with nothing in it."""
    with server.admin() as connection:
        connection.execute("create database cli_empty")
    yield server.url("cli_empty")
    server.drop("cli_empty")


def tables(url: str, *statements: str) -> list[str]:
    """The tables of the database, after these statements."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
        found = connection.execute("select tablename::text from pg_tables where schemaname = 'public'")
        return [row[0] for row in found]


def test_a_migration_that_fails_ends_in_a_sentence_and_has_changed_nothing(nightdesk, empty):
    tables(empty, "create table tasks (somebody_elses text)")
    theirs = nightdesk.under(NIGHTDESK_DATABASE_URL=empty)
    said = " ".join(one_sentence(theirs("status"), 78).split())
    assert '"tasks" already exists' in said
    assert "nothing was changed" in said
    assert "start again" in said
    assert tables(empty) == ["tasks"]
    tables(empty, "drop table tasks")
    well(theirs("status"))


def test_a_log_in_that_may_not_make_roles_is_told_so(nightdesk, empty, server):
    with server.admin() as connection:
        connection.execute("create role newcomer login")
    try:
        url = make_url(empty).set(username="newcomer").render_as_string(hide_password=False)
        said = " ".join(one_sentence(nightdesk.under(NIGHTDESK_DATABASE_URL=url)("status"), 78).split())
        assert "permission denied" in said
        assert "nothing was changed" in said
        assert tables(empty) == []
    finally:
        with server.admin() as connection:
            connection.execute("drop role newcomer")


def test_the_overview_of_commands_loads_none_of_them():
    asked = (
        "import sys; sys.argv = ['nightdesk', '--help']\n"
        "from nightdesk.__main__ import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code\n"
        "heavy = {'sqlalchemy', 'fastapi', 'sklearn', 'pydantic', 'numpy'} & sys.modules.keys()\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    assert "demo" in done.stdout
    assert "keywords" in done.stdout
