"""Search: what it finds, in what it is asked for, and never in another workspace."""

from typing import Any

import pytest

KEYWORDS = b"keyword,volume\nsow tomatoes indoors,900\nprune roses 100%,400\nprune_roses,300\n"


@pytest.fixture
async def site(house: Any, owner: Any) -> Any:
    sites = {site.name: site for site in await house.desk.sites.listed(owner.workspace)}
    if "Garden Gazette" in sites:
        return sites["Garden Gazette"]
    made = await house.desk.sites.create(owner.workspace, "Garden Gazette")
    await house.desk.planner.keywords.import_file(owner.workspace, made.id, "keywords.csv", KEYWORDS)
    return made


async def names(house: Any, workspace: int, words: str) -> list[tuple[str, str]]:
    return [(hit.kind, hit.name) for hit in await house.desk.search.find(workspace, words)]


async def test_sites_are_found_by_a_piece_and_keywords_by_their_beginning(
    house: Any, owner: Any, site: Any
) -> None:
    assert await names(house, owner.workspace, "gazette gard") == [("site", "Garden Gazette")]
    assert await names(house, owner.workspace, "  SOW  Tom") == [("keyword", "sow tomatoes indoors")]
    assert await names(house, owner.workspace, "s") == []


async def test_what_the_database_takes_for_a_wildcard_is_only_a_letter(
    house: Any, owner: Any, site: Any
) -> None:
    assert await names(house, owner.workspace, "%%") == []
    assert await names(house, owner.workspace, "prune_") == [("keyword", "prune_roses")]
    assert await names(house, owner.workspace, "prune roses 100%") == [("keyword", "prune roses 100%")]
    assert await names(house, owner.workspace, "\0\0") == []


async def test_another_workspace_finds_nothing_of_it(house: Any, site: Any) -> None:
    other = await house.desk.founding.found("Other")
    for words in ("garden", "sow tomatoes", "prune"):
        assert await names(house, other, words) == []


async def test_a_run_is_found_by_how_its_number_begins_and_counted_while_it_lasts(house: Any) -> None:
    desk = house.desk
    workspace = await desk.founding.found("Runs")
    site = await desk.sites.create(workspace, "Orchard")
    many = b"keyword,volume\n" + b"".join(b"apple kind %d,10\n" % n for n in range(8))
    await desk.planner.keywords.import_file(workspace, site.id, "keywords.csv", many)
    run = await desk.runs.run_now(workspace, site.id, "article")
    assert await names(house, workspace, str(run.id)[:13]) == [("run", f"Run {run.id}")]
    assert (await desk.badges.count(workspace)).running == 1
    await desk.runs.cancel(workspace, run.id, now=True)
    assert (await desk.badges.count(workspace)).running == 0


async def test_words_are_shown_as_they_are_and_never_as_markup(owner: Any) -> None:
    answer = await owner.client.get("/search", params={"q": "<script>alert(1)</script>"})
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
