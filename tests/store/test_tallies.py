"""After any changes whatsoever the tallies of a site are the counts of its rows by state."""

import itertools
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import make_url

from nightdesk.desk.founding import Founding
from nightdesk.engine.control import Control
from nightdesk.engine.runner import Runner
from nightdesk.engine.upkeep import Upkeep
from nightdesk.kit.clock import SystemClock
from nightdesk.store.files import Files
from nightdesk.store.session import APP_ROLE, plain_address

KINDS = ("keywords", "clusters", "ideas", "tasks", "contents", "images", "sections")
CAN_BE_DISABLED = ("keywords", "clusters", "ideas")
ROWS = {
    "clusters": {"name": "c"},
    "keywords": {"phrase": "k", "normal": "{n}"},
    "ideas": {"cluster_id": "clusters", "title": "i", "intent": "x", "structure": "guide", "words": 1},
    "tasks": {"idea_id": "ideas", "cluster_id": 1, "title": "t", "words": 1},
    "contents": {"task_id": "tasks", "title": "c", "slug": "{n}", "markdown": "", "html": ""},
    "images": {"content_id": "contents", "position": 0, "kind": "featured", "prompt": "", "alt": ""},
    "sections": {
        "content_id": "contents",
        "anchor": "{n}",
        "heading": "",
        "fingerprint": "",
        "words": 1,
        "note": "",
    },
}
"""What a row of each kind needs; a kind's name stands for the newest row of that kind."""

_COUNTED = " union all ".join(
    f"select '{kind}' as kind, state, count(*) as n from {kind} where site_id = %(site)s group by 2"
    for kind in KINDS
)
_TALLIED = "select kind, state, sum(n) from tallies where site_id = %(site)s group by 1, 2 having sum(n) <> 0"
_numbers = itertools.count(1)


class Site:
    """A site of one tenant, in a transaction that comes to nothing."""

    def __init__(self, connection: psycopg.Connection[Any], workspace: int) -> None:
        self.connection, self.workspace = connection, workspace
        self.id = self.add_row("sites", {"slug": f"s{next(_numbers)}", "name": "s"})
        self.newest: dict[str, int] = {}

    def add_row(self, table: str, facts: dict[str, Any]) -> int:
        facts = {"workspace_id": self.workspace, **facts}
        columns, marks = ", ".join(facts), ", ".join(["%s"] * len(facts))
        query = f"insert into {table} ({columns}) values ({marks}) returning id"
        row = self.connection.execute(query.encode(), list(facts.values())).fetchone()
        assert row is not None
        return int(row[0])

    def add(self, kind: str) -> None:
        """A new row, and before it those that it stands on."""
        facts: dict[str, Any] = {"site_id": self.id}
        for name, value in ROWS[kind].items():
            if value in ROWS:
                self.add(str(value))
                value = self.newest[str(value)]
            facts[name] = str(value).format(n=next(_numbers)) if value == "{n}" else value
        self.newest[kind] = self.add_row(kind, facts)

    def change(self, kind: str, what: str) -> None:
        values = {
            "mapped": "status = 'mapped'",
            "taken": "batch_id = 7",
            "put back": "batch_id = null",
            "parked": "parked_at = now()",
            "tried again": "parked_at = null",
            "disabled": "disabled = not disabled" if kind in CAN_BE_DISABLED else "tries = tries + 1",
            "pictures": "pictures = 2" if kind == "contents" else "error = 'x'",
            "nothing": "tries = tries",
        }
        self.connection.execute(f"update {kind} set {values[what]} where site_id = %s".encode(), (self.id,))

    def remove(self, kind: str) -> None:
        """The newest row, and with it those that stand on it."""
        query = f"delete from {kind} where id = (select max(id) from {kind} where site_id = %s)"
        self.connection.execute(query.encode(), (self.id,))
        self.newest.clear()

    def read(self, query: str) -> dict[tuple[str, str], int]:
        rows = self.connection.execute(query.encode(), {"site": self.id})
        return {(kind, state): int(n) for kind, state, n in rows}


CHANGES = st.sampled_from(
    ["mapped", "taken", "put back", "parked", "tried again", "disabled", "pictures", "nothing"]
)
STEPS = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(KINDS)),
    st.tuples(st.just("change"), st.sampled_from(KINDS), CHANGES),
    st.tuples(st.just("remove"), st.sampled_from(KINDS)),
)


@pytest.fixture
def connection(database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(plain_address(make_url(database), APP_ROLE), autocommit=True) as opened:
        yield opened


async def test_tallies_are_the_counts_after_any_changes(store, connection):
    workspace = await Founding(store).found("Tallied", 0)
    check(connection, workspace, examples=30)


async def test_a_trigger_that_forgets_what_was_removed_is_noticed(store, connection, database):
    workspace = await Founding(store).found("Tallied", 0)
    with psycopg.connect(database.replace("+psycopg", ""), autocommit=True) as superuser:
        superuser.execute("drop trigger tally_removed on images")
    with pytest.raises(AssertionError):
        check(connection, workspace, examples=200)


def check(connection: psycopg.Connection[Any], workspace: int, *, examples: int) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(STEPS, max_size=15))
    def walk(steps: list[tuple[str, ...]]) -> None:
        with connection.transaction(force_rollback=True):
            connection.execute("select set_config('nightdesk.workspace', %s, true)", (str(workspace),))
            site = Site(connection, workspace)
            for name, *facts in steps:
                getattr(site, name)(*facts)
                assert site.read(_TALLIED) == site.read(_COUNTED)

    walk()


async def test_folding_keeps_every_sum_and_leaves_one_row_a_state(store, connection, tmp_path):
    workspace = await Founding(store).found("Folded", 0)
    connection.execute("select set_config('nightdesk.workspace', %s, false)", (str(workspace),))
    site = Site(connection, workspace)
    for _ in range(12):
        site.add("keywords")
    for what in ("taken", "put back", "mapped"):
        site.change("keywords", what)
    before = site.read(_TALLIED)
    upkeep = Upkeep(store, Control(Runner({}, SystemClock())), Files(tmp_path, reserve=0))
    await upkeep.fold_tallies(rows=1)
    assert site.read(_TALLIED) == before == {("keywords", "mapped"): 12}
    rows = connection.execute("select count(*) from tallies where kind = 'keywords'").fetchone()
    assert rows is not None
    assert rows[0] <= 3


async def test_a_site_that_goes_takes_its_counts_with_it(store, connection):
    workspace = await Founding(store).found("Gone", 0)
    connection.execute("select set_config('nightdesk.workspace', %s, false)", (str(workspace),))
    site = Site(connection, workspace)
    site.add("images")
    site.add("keywords")
    assert len(site.read(_TALLIED)) == 6
    connection.execute("delete from sites where id = %s", (site.id,))
    assert site.read(_TALLIED) == {}
