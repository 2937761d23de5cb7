"""The planner's pages over HTTP: whose they are, who may change what, and what hostile text comes to."""

from typing import Any

import pytest
from sqlalchemy import insert, select

from nightdesk.bootstrap import House
from nightdesk.desk.planner.keyword_bulk import Chosen
from nightdesk.faces.web.identity import COOKIE
from nightdesk.faces.web.planner_outline import outline_of, spelled
from nightdesk.store.tables.planner import Cluster, Idea, Keyword, Task
from web.conftest import Person

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
HTMX = {"HX-Request": "true"}
DEEDS = (
    "keywords/disable",
    "keywords/enable",
    "keywords/delete",
    "keywords/unmap",
    "keywords/move",
    "keywords/retry",
    "keywords/add",
    "clusters/rename",
    "clusters/merge",
    "clusters/disable",
    "clusters/enable",
    "clusters/delete",
    "clusters/retry",
    "clusters/{cluster}",
    "board/edit/idea/{idea}",
    "board/task/{idea}",
    "board/back/{task}",
    "board/aside/{idea}",
    "board/bring/{idea}",
    "board/drop/{idea}",
    "board/retry/all/0",
    "import/look",
    "import/run",
    "undo/{undo}",
)


class Planned:
    """A site with a hostile row of each kind, and a deletion that can be put back."""

    def __init__(self, house: House, workspace: int, slug: str, numbers: dict[str, int]) -> None:
        self.house, self.workspace, self.slug, self.numbers = house, workspace, slug, numbers

    def at(self, path: str) -> str:
        return f"/sites/{self.slug}/planner/{path.format(**self.numbers)}"

    async def rows(self) -> list[Any]:
        """All there is, to be compared with."""
        async with self.house.store.workspace(self.workspace) as session:
            tables = (Keyword, Cluster, Idea, Task)
            return [
                [(row.id, row.state) for row in await session.scalars(select(table).order_by(table.id))]
                for table in tables
            ]


async def plan(house: House, workspace: int, name: str) -> Planned:
    site = await house.desk.sites.create(workspace, name)
    mine = {"workspace_id": workspace, "site_id": site.id}
    brief = {"angle": HOSTILE, "keywords": [HOSTILE], "intent": "informational", "structure": "guide"}
    numbers = {}
    async with house.store.workspace(workspace) as session:

        async def add(table: Any, **facts: Any) -> int:
            return (
                await session.execute(insert(table).values(mine | facts).returning(table.id))
            ).scalar_one()

        numbers["cluster"] = await add(Cluster, name=HOSTILE, description=HOSTILE, error=HOSTILE)
        numbers["keyword"] = await add(
            Keyword, phrase=HOSTILE, normal=HOSTILE, status="mapped", cluster_id=numbers["cluster"]
        )
        numbers["gone"] = await add(Keyword, phrase="gone", normal="gone")
        facts = {"cluster_id": numbers["cluster"], "title": HOSTILE, "words": 900}
        numbers["idea"] = await add(Idea, **facts, **brief)
        numbers["queued"] = await add(Idea, **facts, **brief, status="queued")
        told = brief | {
            "title": HOSTILE,
            "words": 900,
            "outline": [{"heading": HOSTILE, "points": [HOSTILE]}],
        }
        numbers["task"] = await add(Task, idea_id=numbers["queued"], brief=told, **facts)
    done = await house.desk.planner.keyword_bulk.delete(workspace, site.id, Chosen([numbers["gone"]]))
    return Planned(house, workspace, site.slug, numbers | {"undo": done.undo or 0})


async def test_a_viewer_sees_the_planner_and_changes_nothing(
    house: House, owner: Person, viewer: Person
) -> None:
    planned = await plan(house, owner.workspace, "Seen by a viewer")
    before = await planned.rows()
    for path in ("keywords", "clusters", "clusters/{cluster}", "board"):
        page = await viewer.client.get(planned.at(path))
        assert page.status_code == 200, path
        assert 'hx-post="/sites' not in page.text, path
        assert 'type="checkbox"' not in page.text, path
    for path in DEEDS:
        answer = await viewer.client.post(planned.at(path), data={"number": planned.numbers["keyword"]})
        assert answer.status_code == 403, path
    for path in ("import", "keywords/count", "board/edit/idea/{idea}"):
        assert (await viewer.client.get(planned.at(path))).status_code == 403, path
    assert await planned.rows() == before


async def test_another_workspace_finds_nothing(house: House, owner: Person) -> None:
    planned = await plan(house, await house.desk.founding.found("Others"), "Not for strangers")
    before = await planned.rows()
    for path in ("keywords", "keywords/count", "clusters", "clusters/{cluster}", "board", "import", ""):
        assert (await owner.client.get(planned.at(path).rstrip("/"))).status_code == 404, path
    for path in DEEDS:
        given = {"number": planned.numbers["keyword"], "name": "x", "to": "x", "phrases": "x", "every": "yes"}
        answer = await owner.client.post(planned.at(path), data=given)
        assert answer.status_code in (404, 422), path
    assert await planned.rows() == before


async def test_rows_of_another_site_are_not_reached_through_ones_own(house: House, owner: Person) -> None:
    planned = await plan(house, owner.workspace, "The one site")
    other = await house.desk.sites.create(owner.workspace, "The other site")
    before = await planned.rows()
    for path in ("clusters/{cluster}", "board/edit/idea/{idea}", "board/edit/task/{task}"):
        where = planned.at(path).replace(planned.slug, other.slug)
        assert (await owner.client.get(where)).status_code == 404, path
    for path in ("task/{idea}", "back/{task}", "aside/{idea}", "drop/{idea}", "edit/idea/{idea}"):
        where = planned.at(f"board/{path}").replace(planned.slug, other.slug)
        assert (await owner.client.post(where, data={"title": "A title of its own"})).status_code == 404, path
    for path in ("keywords/delete", "clusters/delete", "clusters/rename"):
        numbers = {"number": planned.numbers["cluster"], "new_name": "New"}
        where = planned.at(path).replace(planned.slug, other.slug)
        await owner.client.post(where, data=numbers, headers=HTMX)
    assert await planned.rows() == before


async def test_hostile_text_is_text_on_every_page(house: House, owner: Person) -> None:
    planned = await plan(house, owner.workspace, "Hostile rooms")
    for path in (
        "keywords",
        "clusters",
        "clusters/{cluster}",
        "clusters/names?to=script",
        "board",
        "board/edit/idea/{idea}",
        "board/edit/task/{task}",
        "keywords?search=%3Cscript%3Ealert(1)&cluster=%22%3E%3Cimg+src=x&order=%22onload",
    ):
        page = await owner.client.get(planned.at(path))
        assert page.status_code == 200, path
        assert "alert(1)" in page.text, path
        assert "<script>alert" not in page.text, path
        assert "<img" not in page.text, path


@pytest.mark.parametrize(
    "query",
    [
        "after=x&order=volume",
        "after=WyJuZXdlc3QiLDEsMV0&order=volume",
        "from=-1&to=99999999999999999999&easiest=x",
        "state=%00&search=%00%ff",
        "cluster=none&in=99999999999",
        "in=1x&cluster=%00",
    ],
)
async def test_an_address_that_makes_no_sense_shows_a_list(house: House, owner: Person, query: str) -> None:
    site = await house.desk.sites.create(owner.workspace, f"Odd {query}")
    for path in ("keywords", "clusters"):
        page = await owner.client.get(f"/sites/{site.slug}/planner/{path}?{query}")
        assert page.status_code == 200, path


async def test_what_names_nothing_is_refused(house: House, owner: Person) -> None:
    planned = await plan(house, owner.workspace, "Refused")
    for path, given in (
        ("keywords/delete", {}),
        ("keywords/delete", {"number": "x"}),
        ("keywords/delete", {"all": "yes", "told": "-1"}),
        ("keywords/add", {"phrases": " \n "}),
        ("keywords/add", {"phrases": "x" * 500}),
        ("keywords/move", {"number": "1", "to": " "}),
        ("clusters/merge", {"number": "1", "name": "One alone"}),
        ("import/look", {}),
        ("import/run", {"file": "no file"}),
    ):
        answer = await owner.client.post(planned.at(path), data=given, headers=HTMX)
        assert answer.status_code == 422, (path, given)
    for path in (
        "board/more/nonsense",
        "board/more/ideas?after=x",
        "board/edit/cluster/1",
        "clusters/987654",
    ):
        assert (await owner.client.get(planned.at(path))).status_code == 404, path
    assert (await owner.client.post(planned.at("board/retry/nothing/1"))).status_code == 404


async def test_the_last_planner_is_where_one_comes_back_to(house: House, join: Any) -> None:
    person = await join("Pia", "editor")
    slugs = [(await house.desk.sites.create(person.workspace, f"Place {n}")).slug for n in range(2)]
    choice = await person.client.get("/planner")
    assert all(f"/sites/{slug}/planner" in choice.text for slug in slugs)
    await person.client.get(f"/sites/{slugs[1]}/planner/board")
    for path in ("/planner", f"/sites/{slugs[1]}/planner"):
        assert (await person.client.get(path)).headers["location"] == f"/sites/{slugs[1]}/planner/board"
    assert (await person.client.get(f"/sites/{slugs[0]}/planner")).headers["location"].endswith("/keywords")
    assert (await person.client.get("/planner?choose")).status_code == 200
    person.client.cookies.clear()
    for name, value in ((COOKIE, person.token), ("nightdesk_planner", "//evil.test/board")):
        person.client.cookies.set(name, value)
    assert (await person.client.get("/planner")).status_code == 200


def test_an_outline_comes_back_as_it_was_written() -> None:
    text = "What each costs\n- to buy\n- to run\nWhat suits an old house"
    found = outline_of(f"\n{text}\n\n")
    assert found == [
        {"heading": "What each costs", "points": ["to buy", "to run"]},
        {"heading": "What suits an old house", "points": []},
    ]
    assert spelled(found) == text
    assert outline_of("- a point first\n## Heading") == [
        {"heading": "a point first", "points": []},
        {"heading": "Heading", "points": []},
    ]
