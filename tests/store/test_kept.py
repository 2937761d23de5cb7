"""What a workspace keeps is counted to the byte, whatever is added, changed and taken away."""

import random
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from nightdesk.desk.founding import Founding
from nightdesk.engine.control import Control
from nightdesk.engine.runner import Runner
from nightdesk.engine.upkeep import Upkeep
from nightdesk.kit.clock import SystemClock
from nightdesk.kit.sizes import spelled
from nightdesk.store.files import Files
from nightdesk.store.quota import Quota, StorageFull, Used
from nightdesk.store.session import APP_ROLE, plain_address

COUNTED = """
    select 'assets', 0::bigint, count(*), coalesce(sum(size), 0) from assets having count(*) > 0
    union all
    select 'documents', site_id, count(*), sum(octet_length(title) + octet_length(text))
    from documents group by 2
"""
TALLIED = (
    "select kind, site_id, sum(n), sum(bytes) from kept group by 1, 2 having sum(n) <> 0 or sum(bytes) <> 0"
)
STEPS = (
    "insert into assets (workspace_id, sha256, mime, size) values (%(ws)s, %(word)s, 'image/png', %(n)s)",
    "insert into documents (workspace_id, site_id, title, text, content_hash)"
    " select %(ws)s, %(site)s, 'ä' || n, repeat('ü', n::int %% 900), %(word)s || n"
    " from generate_series(1, %(n)s) n",
    "delete from assets where size %% 2 = 0",
    "delete from documents where id %% 3 = 0",
    "update documents set text = text || 'é' where id %% 2 = 0",
    "update documents set flags = 'read' where id %% 5 = 0",
    "update assets set size = size + 7",
)


@pytest.fixture
async def workspace(store: Any) -> int:
    return await Founding(store).found("Keeping", 0)


@pytest.fixture
def connection(database: str, workspace: int) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(plain_address(make_url(database), APP_ROLE), autocommit=True) as opened:
        opened.execute("select set_config('nightdesk.workspace', %s, false)", (str(workspace),))
        yield opened


def site(connection: Any, workspace: int, slug: str) -> int:
    new = "insert into sites (workspace_id, slug, name) values (%s, %s, 's') returning id"
    return int(connection.execute(new, (workspace, slug)).fetchone()[0])


def rows(connection: Any, query: str) -> list[tuple[Any, ...]]:
    return sorted(connection.execute(query).fetchall())


def fill(connection: Any, workspace: int, site_id: int, documents: int) -> None:
    facts = {"ws": workspace, "site": site_id, "word": f"of {site_id}", "n": documents}
    connection.execute(STEPS[1], facts)


def test_what_is_kept_is_counted_after_any_changes(connection: Any, workspace: int) -> None:
    sites = [site(connection, workspace, "one"), site(connection, workspace, "two")]
    chance = random.Random(8)
    for number in range(60):
        facts = {
            "ws": workspace,
            "site": chance.choice(sites),
            "word": f"w{number}",
            "n": chance.randint(1, 9),
        }
        connection.execute(chance.choice(STEPS), facts)
        assert rows(connection, TALLIED) == rows(connection, COUNTED)
    connection.execute("delete from sites where id = %s", (sites[0],))
    assert rows(connection, TALLIED) == rows(connection, COUNTED)
    assert {kind for kind, *_ in rows(connection, TALLIED)} == {"assets", "documents"}


async def test_folding_keeps_the_sums_in_one_row_a_kind(
    store: Any, connection: Any, workspace: int, tmp_path: Any
) -> None:
    mine = site(connection, workspace, "one")
    for number in range(5):
        connection.execute(STEPS[0], {"ws": workspace, "word": f"w{number}", "n": 10})
    fill(connection, workspace, mine, 3)
    connection.execute(STEPS[4], {})
    before = rows(connection, TALLIED)
    await Upkeep(store, Control(Runner({}, SystemClock())), Files(tmp_path, reserve=0)).fold_tallies(rows=1)
    assert rows(connection, TALLIED) == before == rows(connection, COUNTED)
    assert connection.execute("select count(*) from kept").fetchone() == (2,)


async def test_there_is_room_up_to_the_last_byte_and_no_further(
    store: Any, connection: Any, workspace: int
) -> None:
    connection.execute(STEPS[0], {"ws": workspace, "word": "a", "n": 70})
    quota = Quota(store, most_bytes=100)
    assert await quota.used(workspace) == Used(1, 0, 70)
    await quota.room(workspace, 30)
    with pytest.raises(StorageFull, match="70 bytes of 100 bytes are used"):
        await quota.room(workspace, 31)
    connection.execute(STEPS[0], {"ws": workspace, "word": "b", "n": 30})
    with pytest.raises(StorageFull, match="NIGHTDESK_WORKSPACE_STORAGE_MB"):
        await quota.room(workspace)
    await Quota(store).room(workspace, 10**15)


async def test_a_site_takes_as_many_documents_as_it_may(store: Any, connection: Any, workspace: int) -> None:
    one, two = site(connection, workspace, "one"), site(connection, workspace, "two")
    fill(connection, workspace, one, 3)
    fill(connection, workspace, two, 4)
    quota = Quota(store, most_documents=3)
    async with store.workspace(workspace) as session:
        await quota.check(session, workspace, one)
        with pytest.raises(StorageFull, match="may have 3 documents"):
            await quota.check(session, workspace, two)


async def test_one_workspace_does_not_fill_another(store: Any, connection: Any, workspace: int) -> None:
    connection.execute(STEPS[0], {"ws": workspace, "word": "a", "n": 100})
    other = await Founding(store).found("Other", 0)
    assert await Quota(store).used(other) == Used(0, 0, 0)
    await Quota(store, most_bytes=100).room(other, 100)


@pytest.mark.parametrize(
    ("size", "says"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1024, "1 KB"),
        (1536, "1.5 KB"),
        (20 * 2**30, "20 GB"),
        (2**60, "1,048,576 TB"),
    ],
)
def test_bytes_are_spelled_as_people_say_them(size: int, says: str) -> None:
    assert spelled(size) == says
