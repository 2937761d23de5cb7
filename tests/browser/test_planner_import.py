"""The import in a browser: a file is dropped or chosen, looked at, set right, taken in, reported."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from browser.browser_house import Desk, fine, picture
from browser.planner_house import Site, site_in
from nightdesk.store.tables.planner import Keyword
from sources.keyword_workbooks import rows_of, workbook

DROP = """
([content, name]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([content], name, { type: "text/csv" }));
  const target = document.querySelector("[data-drop] h2");
  for (const kind of ["dragenter", "dragover", "drop"])
    target.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
}
"""


def semrush(many: int) -> str:
    """An export with that many keywords, one of them twice and one that nobody can take."""
    head = "Keyword,Intent,Volume,Keyword Difficulty,CPC (USD),Competitive Density\n"
    rows = [f"heat pump {n:04},Informational,{10 * n},{n % 100},1.5,0.2" for n in range(1, many + 1)]
    return head + "\n".join([*rows, "Heat  Pump 0001,,99999,,,", ",,1,,,"]) + "\n"


async def begin(house: Desk, page: Any) -> Site:
    site = await site_in(house)
    await page.goto(f"{site.at}/import")
    return site


@pytest.mark.prove
async def test_two_thousand_keywords_are_taken_in_by_drag_and_drop(
    house: Desk, page: Any, phone: Any
) -> None:
    site = await begin(house, page)
    await site.keywords(1)
    await fine(page)
    await page.evaluate(DROP, [semrush(2000), "semrush.csv"])
    await page.get_by_text("An export of Semrush, utf-8").wait_for()
    await expect(page.locator(".tallies dd")).to_have_text(["1,999", "2", "1"])
    await expect(page.get_by_label("Searches a month").locator("option:checked")).to_have_text("Volume")
    await page.get_by_text("the phrase is empty").wait_for()
    await expect(page.locator(".lines td.num").first).to_have_text("2003")
    assert await site.count(Keyword) == 1
    await fine(page)
    await page.get_by_role("button", name="Import 1,999 new keywords").click()
    await page.get_by_role("heading", name="1,999 new keywords from semrush.csv").wait_for()
    assert await site.count(Keyword) == 2000
    (first,) = await site.rows(Keyword, Keyword.normal == "heat pump 0001")
    assert first.volume == 99999
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="Report as CSV").click()
    report = Path(await (await downloading.value).path()).read_text("utf-8").splitlines()
    assert len(report) == 2003
    assert report[-1].startswith("2003,")
    assert "refused" in report[-1]
    await fine(page)
    await page.get_by_role("link", name="To the keywords").click()
    await page.get_by_text("2,000").first.wait_for()

    await phone.goto(f"{site.at}/import")
    await phone.set_input_files("#field-file", {"name": "l.txt", "mimeType": "", "buffer": b"one\ntwo\n@@\n"})
    await phone.get_by_text("A plain list, utf-8").wait_for()
    await fine(phone)
    await picture(phone, "planner-import")


async def test_columns_are_set_right_before_anything_is_stored(house: Desk, page: Any) -> None:
    site = await begin(house, page)
    rows = [["Begriff X", "Zahl Y", "Zahl Z"], ["heat pump", 120, 40], ["boiler", 90, 20]]
    file = {"name": "own.xlsx", "mimeType": "", "buffer": workbook([rows_of(rows)])}
    await page.set_input_files("#field-file", file)
    await page.get_by_role("alert").wait_for()
    await expect(page.get_by_role("button", name="Import")).to_have_count(0)
    await page.get_by_label("Keyword", exact=True).select_option("Begriff X")
    await page.get_by_role("button", name="Import 2 new keywords").wait_for()
    await page.get_by_label("Searches a month").select_option("Zahl Z")
    await page.locator("th.is-used", has_text="Zahl Z").wait_for()
    await fine(page)
    await page.get_by_role("button", name="Import 2 new keywords").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="2 new keywords").wait_for()
    assert {one.phrase: one.volume for one in await site.rows(Keyword)} == {"heat pump": 40, "boiler": 20}
    await page.goto(f"{site.at}/import")
    await page.evaluate(DROP, [semrush(40), "semrush.csv"])
    await page.get_by_text("An export of Semrush, utf-8").wait_for()
    await picture(page, "planner-import")


async def test_a_file_that_cannot_be_read_says_what_can_be(house: Desk, page: Any) -> None:
    site = await begin(house, page)
    broken = {"name": "broken.xlsx", "mimeType": "", "buffer": b"PK\x03\x04 no workbook"}
    await page.set_input_files("#field-file", broken)
    await page.get_by_text("This workbook is damaged").wait_for()
    hostile = "Keyword,Volume\n<img src=x onerror=alert(1)>,5\n\"=cmd|' /C calc'!A0\",7\nfine one,9\n"
    await page.evaluate(DROP, [hostile, "<b>hostile</b>.csv"])
    await page.get_by_role("heading", name="<b>hostile</b>.csv").wait_for()
    await expect(page.locator("#preview img")).to_have_count(0)
    await page.get_by_role("button", name="Import").click()
    await page.get_by_role("link", name="Report as CSV").wait_for()
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="Report as CSV").click()
    report = Path(await (await downloading.value).path()).read_text("utf-8")
    assert ",\"'=cmd|" in report or ",'=cmd|" in report
    assert await site.count(Keyword) >= 1
