"""What every connection is opened with, when a transaction commits, and who may see all tenants."""

import contextlib
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import DataError, OperationalError

import nightdesk
from nightdesk.desk.founding import Founding
from nightdesk.kit import points
from nightdesk.store.session import APP_ROLE, WIDE_ROLE, Store, plain_address
from nightdesk.store.tables.tenancy import Workspace

LIMITS = {
    "statement_timeout": "30s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "10s",
    "TimeZone": "UTC",
}
SHOWN = ", ".join(f"current_setting('{name}')" for name in LIMITS)
SOURCE = Path(nightdesk.__file__).parent

SEES_ALL_TENANTS = {
    "bootstrap.py": "the secret key is checked before any tenant is known",
    "desk/accounts/watching.py": "finds accounts to look at, and acts as each one's tenant",
    "desk/autopilot/round.py": "finds sites in auto mode, and acts as each one's tenant",
    "desk/founding.py": "makes tenants",
    "desk/outbox_targets.py": "finds targets with news, and acts as each one's tenant",
    "desk/notices/sending.py": "finds notices that are due, and acts as each one's tenant",
    "desk/people/codes.py": "checks codes of people who sign in, before any tenant is known",
    "desk/people/doorkeeper.py": "finds who signs in, before any tenant is known",
    "desk/people/entrance.py": "lets the first owner in, who belongs to no tenant yet",
    "desk/people/invitations.py": "makes people, who are of the whole installation",
    "desk/people/persons.py": "changes and forgets people, whom no tenant may change",
    "desk/people/second_factor.py": "a person's second factor is of the whole installation",
    "desk/people/second_factor_rules.py": "tells and takes off second factors of members",
    "desk/people/sessions.py": "lists and ends a person's sessions in all workspaces",
    "desk/people/sign_ins.py": "opens sessions, before any tenant is known",
    "desk/resealing.py": "seals everything anew after a change of key",
    "desk/health.py": "tells of processes and queues",
    "desk/publishing/leading.py": "finds what is to lead to its other form, and acts as each one's tenant",
    "desk/results/readings.py": "finds what is to be read back, and acts as each one's tenant",
    "desk/retention/pruning.py": "lists the tenants, and prunes one after the other",
    "desk/retention/steps.py": "deletes from tables to which tenants only add, a tenant at a time",
    "desk/scraping/scraping.py": "finds feeds that are due, and acts as each one's tenant",
    "desk/topics/stocking.py": "finds sites that run out of topics, and acts as each one's tenant",
    "desk/totals.py": "counts what was done, whoever it was for",
    "desk/videos/starting.py": "finds sites whose videos wait for a run, and acts as each one's tenant",
    "desk/webhooks/sending.py": "finds deliveries that are due, and acts as each one's tenant",
    "engine/outgoing/round.py": "finds publications that are due, and acts as each one's tenant",
    "engine/timetable.py": "takes due schedules in bulk",
    "engine/upkeep.py": "finds work that was left behind, and acts as each row's tenant",
    "rehearsing/conductor.py": "sees what is due on a scratch desk, which is its own",
    "rehearsing/report.py": "counts what came of a rehearsal on that scratch desk",
}
NAMES_THE_WIDE_ROLE = {"bootstrap.py", "store/session.py", "store/migrations/__init__.py"}


async def test_every_connection_has_its_time_limits(shared_store, shared_database):
    for opened in (shared_store.nobody(), shared_store.everywhere(), shared_store.workspace(1)):
        async with opened as session:
            assert tuple((await session.execute(text(f"select {SHOWN}"))).one()) == tuple(LIMITS.values())
    for role in (APP_ROLE, WIDE_ROLE):
        with psycopg.connect(plain_address(make_url(shared_database), role)) as connection:
            assert connection.execute(f"select {SHOWN}".encode()).fetchone() == tuple(LIMITS.values())


@pytest.mark.parametrize(
    ("url", "user", "takes_role"),
    [
        ("postgresql+psycopg://postgres@/nd?host=/srv/nightdesk/postgres/run", APP_ROLE, False),
        ("postgresql+psycopg://postgres@/nd?host=/tmp/nightdesk-0123456789abcdef", APP_ROLE, False),
        ("postgresql+psycopg://postgres@/nd?host=/var/run/postgresql", "postgres", True),
        ("postgresql+psycopg://op:secret@db.example.org:6432/nd?sslmode=require", "op", True),
    ],
)
def test_a_plain_address_logs_in_as_the_store_does(url, user, takes_role):
    facts = conninfo_to_dict(plain_address(make_url(url), APP_ROLE))
    assert facts["user"] == user
    assert (f"-c role={APP_ROLE}" in str(facts["options"])) is takes_role
    assert facts["dbname"] == "nd"
    assert (facts["keepalives_idle"], facts["connect_timeout"]) == ("10", "10")
    assert facts.get("sslmode") == ("require" if "sslmode" in url else None)
    assert facts.get("password") == ("secret" if "secret" in url else None)


@pytest.mark.timeout(60)
async def test_a_lock_is_waited_for_three_seconds_and_no_longer(shared_store, shared_database):
    workspace = await Founding(shared_store).found("Locked", 0)
    async with shared_store.workspace(workspace) as session:
        assert await session.scalar(text("show lock_timeout")) == "3s"
    lock = f"select from workspaces where id = {workspace} for update"
    with psycopg.connect(shared_database.replace("+psycopg", "")) as holder:
        holder.execute(lock.encode())
        with pytest.raises(OperationalError, match="lock timeout"):
            async with shared_store.workspace(workspace) as session:
                await session.execute(text(lock))
        holder.rollback()


async def test_a_transaction_commits_at_its_end_and_comes_to_nothing_on_an_error(shared_store):
    workspace = await Founding(shared_store).found("Before", 0)
    name = select(Workspace.name)

    async def rename(new: str, *then: str) -> None:
        async with shared_store.workspace(workspace) as session:
            for statement in (f"update workspaces set name = '{new}'", *then):
                await session.execute(text(statement))

    with pytest.raises(DataError):
        await rename("Never", "select 1 / 0")
    async with shared_store.workspace(workspace) as session:
        assert await session.scalar(name) == "Before"
    await rename("After")
    async with shared_store.workspace(workspace) as session:
        assert await session.scalar(name) == "After"


async def test_every_commit_lies_between_two_points(shared_store, tmp_path):
    log = tmp_path / "points"
    points.arm(log=str(log))
    try:
        for opened in (shared_store.workspace(1), shared_store.everywhere(), shared_store.nobody()):
            async with opened as session:
                await session.execute(text("select 1"))
        with contextlib.suppress(DataError):
            async with shared_store.workspace(1) as session:
                await session.execute(text("select 1 / 0"))
    finally:
        points.arm()
    reached = [line.split()[1] for line in log.read_text().splitlines()]
    assert reached == ["store.commit.before", "store.commit.after"] * 3


def naming(*words: str) -> set[str]:
    """The files of the source in which any of the words stands."""
    sources = {str(path.relative_to(SOURCE)): path.read_text("utf-8") for path in SOURCE.rglob("*.py")}
    return {name for name, source in sources.items() if any(word in source for word in words)}


def test_all_tenants_are_seen_by_the_files_that_are_listed_alone():
    assert naming(".everywhere") - {"store/session.py"} == SEES_ALL_TENANTS.keys()


def test_the_wide_role_and_the_setting_are_named_where_they_belong_alone():
    assert naming("WIDE_ROLE", "nightdesk_wide") == NAMES_THE_WIDE_ROLE
    assert naming("nightdesk.workspace'") == {"store/session.py"}


async def test_a_store_takes_an_address_with_or_without_the_driver(shared_database):
    store = Store(shared_database.replace("+psycopg", ""))
    try:
        async with store.nobody() as session:
            assert await session.scalar(text("select current_user")) == APP_ROLE
    finally:
        await store.close()
