"""Whatever is handed in as a keyword file is read, or refused with a reason, and soon."""

import contextlib
import struct
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keyword_workbooks import archive, rows_of, sheet, workbook

from nightdesk.kit.endings import Refused
from nightdesk.sources.keyword_files import MAX_BYTES, MAX_ROWS, read
from nightdesk.sources.keyword_files.contract import MAX_PHRASE

EXPORTS = sorted((Path(__file__).parent / "keyword_exports").iterdir())
SHEET = "xl/worksheets/sheet1.xml"


def refused(content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        read("given", content)
    return caught.value.why


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"Keyword,Volume\n", "headings and no rows"),
        (b"\xef\xbb\xbf", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "not a text file"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        (b'<?xml version="1.0"?><rows/>', "XML"),
        (b'{"keyword": "kale"}', "JSON"),
        (b'[{"keyword": "kale"}]', "JSON"),
        (b"Date\tClicks\n2026-11-01\t4\n2026-11-02\t5\n", "named like a keyword column"),
        (b"=1+1\n=2+2\n", "None of the 2 rows"),
        (b"x" * (MAX_BYTES + 1), "larger than 20 MB"),
        (b"a word\n" * (MAX_ROWS + 1), "more than 50000"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "XLS"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (archive({"Queries.csv": b"Top queries,Clicks\nkale,1\n"}), "archive, not a workbook"),
        (workbook([rows_of([])]), "workbook is empty"),
        (workbook([rows_of([["Date", "Clicks"], ["1", "2"]])]), "named like a keyword column"),
        (archive({SHEET: b"<worksheet><sheetData><row>"}), "damaged"),
        (archive({SHEET: b"<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet/>"}), "entities"),
        (archive({SHEET: b"<worksheet/>"}, zipfile.ZIP_BZIP2), "unusual way"),
        (archive({SHEET: sheet(rows_of([["kale"]] * (MAX_ROWS + 200)))}), "more than 50000"),
        (archive({f"xl/part{n}": b"" for n in range(2001)}), "parts"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_keyword_file_is_refused_with_its_reason(content: bytes, why: str) -> None:
    assert why in refused(content)


def test_exactly_as_many_rows_as_allowed_are_taken() -> None:
    lines = [b"Keyword,Volume", *(b"phrase number %d,%d" % (n, n) for n in range(MAX_ROWS))]
    assert len(read("x.csv", b"\n".join(lines)).rows) == MAX_ROWS
    assert "more than 50000" in refused(b"\n".join([*lines, b"one more,1"]))


def test_a_workbook_with_a_cell_in_its_last_corner_is_read_at_once() -> None:
    corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    content = archive({SHEET: sheet(rows_of([["Keyword", "Volume"], ["kale", 90]]) + corner)})
    assert [row.phrase for row in read("x.xlsx", content).rows] == ["kale"]


def test_a_workbook_that_unpacks_to_more_than_is_allowed_is_refused() -> None:
    bomb = archive({SHEET: b"<worksheet><sheetData>" + b" " * (170 * 2**20)})
    assert len(bomb) < 2**20
    assert "unpacks to more than 150 MB" in refused(bomb)


def test_a_workbook_that_lies_about_its_size_is_refused() -> None:
    honest = archive({SHEET: sheet(rows_of([["Keyword"], ["kale"]]))})
    size = len(sheet(rows_of([["Keyword"], ["kale"]])))
    assert "damaged" in refused(honest.replace(struct.pack("<I", size), struct.pack("<I", 40)))


def test_a_workbook_with_a_password_on_its_parts_is_refused() -> None:
    content = bytearray(archive({SHEET: sheet(rows_of([["Keyword"], ["kale"]]))}))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + flags] |= 1
    assert "password" in refused(bytes(content))


@pytest.mark.parametrize(
    "content",
    [
        b"\n" * 5_000_000 + b"kale",
        b"," * 5_000_000,
        b'"' * 5_000_000,
        b"a,b\n" + b'"' + b"x\n" * 49_000,
        b"Keyword,Volume\n" + b"kale,1" + b" " * 1_000_000 + b"x\n",
        b"Keyword " + b"(" * 1_000_000 + b",Volume\nkale,1\n",
        ("[" * 500_000 + "]" * 500_000).encode(),
        b"Keyword;Volume\n" + b";" * 1_200_000 + b"\n" * 10,
    ],
    ids=["newlines", "commas", "quotes", "open quote", "long number", "long heading", "brackets", "wide"],
)
@pytest.mark.timeout(30)
def test_input_made_to_be_slow_does_not_hang(content: bytes) -> None:
    with contextlib.suppress(Refused):
        read("slow", content)


def check(content: bytes) -> None:
    """Reads it; the result, if there is one, keeps every promise."""
    try:
        result = read("given", content)
    except Refused:
        return
    assert result.rows
    normals = [row.normal for row in result.rows]
    assert len(set(normals)) == len(normals)
    lines = [row.line for row in result.rows]
    assert lines == sorted(set(lines))
    assert all(merged.into_line in lines for merged in result.merged)
    for row in result.rows:
        assert 1 <= len(row.phrase) <= MAX_PHRASE
        assert row.phrase[0] not in "=+-@\t\r"
        assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in row.phrase)
        assert row.volume is None or 0 <= row.volume <= 2_000_000_000
        assert row.difficulty is None or 0 <= row.difficulty <= 100
        row.phrase.encode()


ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp1251"])
CELLS = st.text(max_size=12) | st.sampled_from(
    ["Keyword", "Volume", "kale", '"', "1K – 10K", "=1", "CPC", "\ufeff", "0,5"]
)
TABLES = st.lists(st.lists(CELLS, max_size=5), max_size=12)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_a_refusal(content: bytes) -> None:
    check(content)


@settings(max_examples=250, deadline=None)
@given(TABLES, st.sampled_from("\t,;|"), st.sampled_from(["\n", "\r\n", "\r"]), ENCODINGS, st.booleans())
def test_no_table_raises_anything_but_a_refusal(
    table: list[list[str]], delimiter: str, newline: str, encoding: str, headed: bool
) -> None:
    rows = [["Keyword", "Volume", "KD"], *table] if headed else table
    check(newline.join(delimiter.join(cells) for cells in rows).encode(encoding, errors="replace"))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(EXPORTS), st.data())
def test_no_damage_to_an_export_raises_anything_but_a_refusal(path: Path, data: st.DataObject) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
        content = content or bytearray(b"x")
    check(bytes(content))


@settings(max_examples=150, deadline=None)
@given(st.text("<>/=\"'&;:rcvtsi0159AZ -", max_size=80) | st.text(max_size=40), st.integers(0, 10**6))
def test_no_sheet_raises_anything_but_a_refusal(xml: str, at: int) -> None:
    good = sheet(rows_of([["Keyword", "Volume"], ["kale", 90.0]])).decode()
    at %= len(good)
    check(archive({SHEET: (good[:at] + xml + good[at:]).encode(errors="replace")}, zipfile.ZIP_STORED))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.text(max_size=60).filter(lambda line: "\n" not in line and "\r" not in line),
        min_size=1,
        max_size=20,
    )
)
def test_every_line_of_a_list_is_taken_merged_or_refused(lines: list[str]) -> None:
    content = "\n".join(["first phrase", "second phrase", *lines]).encode(errors="replace")
    try:
        result = read("list", content)
    except Refused:
        return
    if result.recognised.format != "list":
        return
    numbers = [one.line for one in (*result.rows, *result.merged, *result.refused)]
    said = [number for number, line in enumerate(content.decode().split("\n"), 1) if line.strip()]
    assert sorted(numbers) == said
