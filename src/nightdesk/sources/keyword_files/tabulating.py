"""Lays a file of any known kind out as rows of cells, and says which columns it recognises."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nightdesk.kit.endings import Refused
from nightdesk.sources.keyword_files import decoding, tables, workbook
from nightdesk.sources.keyword_files.columns import Columns
from nightdesk.sources.keyword_files.contract import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, Record

MAX_LINES = 10 * MAX_ROWS
"""Lines, most of them then empty, that are looked through."""

_BULLET = re.compile(r"^\s*(?:[-*•‣–—]|\d{1,5}[.)])\s+")
_LIST = Columns("list", {"phrase": 0}, {})
_PAIRS = Columns("table", {"phrase": 0, "volume": 1}, {})


@dataclass(frozen=True)
class Tabulated:
    """The rows below the headings; `columns` None where none of them is known to hold keywords, and `why`
    says what would help."""

    rows: Sequence[Record]
    headings: tuple[str, ...]
    columns: Columns | None
    encoding: str
    why: str = ""

    def columns_at(self, at: Mapping[str, int] | None) -> Columns:
        """The columns where a person says that they are, else as they were recognised. Raises `Refused`."""
        if at is None:
            if self.columns is None:
                raise Refused(self.why)
            return self.columns
        known = {ours: place for ours, place in at.items() if 0 <= place < len(self.headings)}
        if "phrase" not in known:
            raise Refused("Say which column has the keywords.")
        if self.columns is not None and known == self.columns.at:
            return self.columns
        names = {ours: self.headings[place] for ours, place in known.items()}
        return Columns(self.columns.format if self.columns else "table", known, names)


def tabulate(content: bytes) -> Tabulated:
    """Raises `Refused`: too large, empty, protected or damaged."""
    if len(content) > MAX_BYTES:
        raise Refused(f"This file is larger than {MAX_BYTES >> 20} MB. Split it and import the parts.")
    if not content.strip():
        raise Refused("This file is empty.")
    if workbook.is_archive(content):
        return _from_workbook(content)
    text, encoding = decoding.decode(content)
    if text.count("\n") > MAX_LINES:
        raise Refused(f"This file has more than {MAX_LINES} lines. Take the empty ones out, or split it.")
    return replace(_from_text(text), encoding=encoding)


def _from_workbook(content: bytes) -> Tabulated:
    """The first sheet with headings that are known, else the first that is not empty, read as a list."""
    first: list[Record] = []
    for sheet in workbook.sheets(content):
        header = tables.find_header(sheet)
        if header is not None:
            return _below(sheet, header[0], header[1], "xlsx")
        first = first or sheet
    if not first:
        raise Refused("This workbook is empty.")
    if any(sum(cell != "" for cell in cells) > 1 for _, cells in first):
        return _unknown(first, "workbook", "xlsx")
    only = Columns("list", {"phrase": max(len(cells) for _, cells in first) - 1}, {})
    return Tabulated(first, _numbered(first), only, "xlsx")


def _from_text(text: str) -> Tabulated:
    delimiter = tables.delimiter_of(text)
    found = tables.records(text, delimiter) if delimiter else tables.lines(text)
    if not found:
        raise Refused("This file is empty.")
    header = tables.find_header(found)
    if header is not None:
        position, columns = header
        if delimiter is None:
            columns = replace(columns, format="list")
        return _below(found, position, columns, "")
    if delimiter:
        return Tabulated(found, _numbered(found), _PAIRS, "")
    if sum("\t" in str(cells[0]) for _, cells in found) > len(found) / 2:
        rows = tables.records(text, "\t")
        if not rows:
            raise Refused("This file is empty.")
        return _unknown(rows, "table", "")
    listed: list[Record] = [(line, [_BULLET.sub("", str(cells[0]))]) for line, cells in found]
    return Tabulated(listed, ("Keyword",), _LIST, "")


def _below(found: Sequence[Record], position: int, columns: Columns, encoding: str) -> Tabulated:
    _, names = found[position]
    rows = found[position + 1 :]
    spare = _numbered([found[position], *rows])
    headings = [str(name).strip() or spare[place] for place, name in enumerate(names[:MAX_COLUMNS])]
    return Tabulated(rows, (*headings, *spare[len(headings) :]), columns, encoding)


def _unknown(found: Sequence[Record], kind: str, encoding: str) -> Tabulated:
    """The first row is taken for headings, though none of them is known."""
    why = f"No column of this {kind} is named like a keyword column. Name one of them Keyword."
    return replace(_below(found, 0, _LIST, encoding), columns=None, why=why)


def _numbered(found: Sequence[Record]) -> tuple[str, ...]:
    wide = min(max(len(cells) for _, cells in found), MAX_COLUMNS)
    return tuple(f"Column {place}" for place in range(1, wide + 1))
