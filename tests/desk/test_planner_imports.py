"""A file is looked at before it is taken in: its columns can be set right, and every line is told of."""

from typing import Any

import pytest

from api.api_house import Tenant
from api.rows import assert_tallies_hold
from desk.planner_rows import everything, keyword
from nightdesk.bootstrap import House
from nightdesk.desk.errors import NotFound, Unreadable

SEMRUSH = (
    b"Keyword,Intent,Volume,Keyword Difficulty,CPC (USD),Competitive Density\n"
    b"heat pump,Informational,5400,61,2.35,0.2\n"
    b"boiler service,Commercial,880,40,4.10,0.4\n"
    b"Heat  Pump,,6600,,,\n"
    b"=cmd|calc,Informational,10,1,1,0\n"
)
UNKNOWN = b"Begriff X\tAnzahl Y\nheat pump\t120\nboiler\t90\n"


async def test_a_file_is_previewed_without_anything_being_stored(house: House, alice: Tenant) -> None:
    await keyword(house, alice, "boiler service", volume=10)
    before = await everything(house, alice)
    imports = house.desk.planner.keyword_imports
    seen = await imports.preview(alice.workspace, alice.site, "semrush.csv", SEMRUSH)
    assert (seen.layout.format, seen.layout.rows) == ("semrush", 4)
    assert seen.layout.headings[2] == "Volume"
    assert seen.layout.at["volume"] == 2
    assert seen.layout.sample[0] == (2, ["heat pump", "Informational", "5400", "61", "2.35", "0.2"])
    assert seen.report is not None
    assert [(row.line, row.volume) for row in seen.report.taken] == [(2, 6600)]
    assert [one.line for one in seen.report.merged] == [3, 4]
    assert [one.line for one in seen.report.refused] == [5]
    assert await everything(house, alice) == before


async def test_columns_are_set_right_by_hand(house: House, alice: Tenant) -> None:
    imports = house.desk.planner.keyword_imports
    site = (alice.workspace, alice.site)
    seen = await imports.preview(*site, "semrush.csv", SEMRUSH, {"phrase": 0, "volume": 3, "cpc": None})
    assert seen.report is not None
    assert [(row.volume, row.difficulty, row.cpc) for row in seen.report.taken] == [
        (61, 61.0, None),
        (40, 40.0, None),
    ]
    unknown = await imports.preview(*site, "x.tsv", UNKNOWN)
    assert unknown.report is None
    assert unknown.layout.headings == ("Begriff X", "Anzahl Y")
    assert "column" in unknown.why
    chosen = await imports.preview(*site, "x.tsv", UNKNOWN, {"phrase": 0, "volume": 1})
    assert chosen.report is not None
    assert [(row.line, row.phrase, row.volume) for row in chosen.report.taken] == [
        (2, "heat pump", 120),
        (3, "boiler", 90),
    ]
    wrong = await imports.preview(*site, "x.tsv", UNKNOWN, {"phrase": 99})
    assert wrong.report is None


async def test_an_import_tells_how_far_it_is_and_what_became_of_each_line(
    house: House, alice: Tenant
) -> None:
    await keyword(house, alice, "phrase 7", volume=10)
    content = "Keyword,Volume\n" + "\n".join(f"phrase {n},{n}" for n in range(1200)) + "\n@@\n"
    imports = house.desk.planner.keyword_imports
    told: list[tuple[int, int]] = []

    async def tell(done: int, total: int) -> None:
        told.append((done, total))

    running = await imports.begin(alice.workspace, alice.site, "list.csv", content.encode())
    assert len((await everything(house, alice))["keywords"]) == 1
    report = await running.run(tell)
    assert told == [(0, 1200), (500, 1200), (1000, 1200), (1200, 1200)]
    assert (len(report.taken), len(report.merged), len(report.refused)) == (1199, 1, 1)
    assert (report.merged[0].line, report.refused[0].line) == (9, 1202)
    assert len((await everything(house, alice))["keywords"]) == 1200
    await assert_tallies_hold(house, alice)


async def test_an_import_that_fails_midway_stores_nothing(house: House, alice: Tenant) -> None:
    content = "Keyword\n" + "\n".join(f"phrase {n}" for n in range(1200))
    imports = house.desk.planner.keyword_imports

    async def leave(done: int, total: int) -> None:
        if done:
            raise ConnectionResetError

    running = await imports.begin(alice.workspace, alice.site, "list.csv", content.encode())
    with pytest.raises(ConnectionResetError):
        await running.run(leave)
    assert (await everything(house, alice))["keywords"] == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"Keyword\n"])
async def test_what_cannot_be_read_is_said(house: House, alice: Tenant, content: bytes) -> None:
    imports = house.desk.planner.keyword_imports
    with pytest.raises(Unreadable):
        await imports.begin(alice.workspace, alice.site, "x", content)


async def test_the_site_must_be_ones_own(house: House, alice: Tenant, bob: Tenant) -> None:
    imports: Any = house.desk.planner.keyword_imports
    for ask in (imports.preview, imports.begin):
        with pytest.raises(NotFound):
            await ask(bob.workspace, alice.site, "x.csv", SEMRUSH)


async def test_a_document_that_was_taken_out_is_put_back_with_its_passages(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    text = "\n\n".join(f"Paragraph {n} tells how a storage heater keeps warmth." * 12 for n in range(9))
    sources = house.desk.sources
    added = await sources.add_file(alice.workspace, alice.site, "heaters.txt", text.encode())
    before = await everything(house, alice)
    assert before["passages"]
    with pytest.raises(NotFound):
        await sources.take_out(bob.workspace, bob.site, added.document.id)
    undo = await sources.take_out(alice.workspace, alice.site, added.document.id)
    assert (await everything(house, alice))["passages"] == []
    await house.desk.planner.undoing.undo(alice.workspace, alice.site, undo or 0)
    assert await everything(house, alice) == before
