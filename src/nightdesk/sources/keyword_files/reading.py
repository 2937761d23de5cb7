"""Reads a keyword file of any known kind into rows, with a report of what was merged and refused."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from nightdesk.kit.endings import Refused
from nightdesk.sources.keyword_files import decoding, figures, phrases, tables, workbook
from nightdesk.sources.keyword_files.columns import Columns
from nightdesk.sources.keyword_files.contract import (
    MAX_BYTES,
    MAX_ROWS,
    Cell,
    Import,
    Intent,
    KeywordRow,
    Merged,
    Recognised,
    Record,
    RefusedRow,
)

DEAREST = 100_000.0
"""No click costs more, in any currency met; larger is another column's number."""

MAX_LINES = 10 * MAX_ROWS
"""Lines, most of them then empty, that are looked through."""

_INTENTS: tuple[Intent, ...] = ("informational", "navigational", "commercial", "transactional")
_BULLET = re.compile(r"^\s*(?:[-*•‣–—]|\d{1,5}[.)])\s+")
_LIST = Columns("list", {"phrase": 0}, {})
_PAIRS = Columns("table", {"phrase": 0, "volume": 1}, {})


def read(name: str, content: bytes) -> Import:
    """What the file holds; `name` is only repeated in the report, the content alone says what it is.

    Raises `Refused`: too large, empty, protected, damaged, or no table and no list.
    """
    if len(content) > MAX_BYTES:
        raise Refused(f"This file is larger than {MAX_BYTES >> 20} MB. Split it and import the parts.")
    if not content.strip():
        raise Refused("This file is empty.")
    if workbook.is_archive(content):
        encoding = "xlsx"
        found, columns = _from_workbook(content)
    else:
        text, encoding = decoding.decode(content)
        if text.count("\n") > MAX_LINES:
            raise Refused(f"This file has more than {MAX_LINES} lines. Take the empty ones out, or split it.")
        found, columns = _from_text(text)
    if len(found) > MAX_ROWS:
        raise Refused(
            f"This file has {len(found)} rows, more than {MAX_ROWS}. Split it and import the parts."
        )
    used = {ours: columns.headings.get(ours, "") for ours in columns.at}
    gathering = _Gathering(Import(name, Recognised(columns.format, encoding, used)), columns)
    gathering.take(found)
    if not gathering.result.rows:
        raise Refused(_nothing(gathering.result))
    return gathering.result


def _nothing(result: Import) -> str:
    if not result.refused:
        return "This file has headings and no rows below them."
    first = result.refused[0]
    return (
        f"None of the {len(result.refused)} rows of this file could be taken; the first is refused because "
        f"{first.why} (line {first.line}: {first.text[:60]})."
    )


def _from_workbook(content: bytes) -> tuple[Sequence[Record], Columns]:
    """The first sheet with headings that are known, else the first that is not empty, read as a list."""
    first: list[Record] = []
    for sheet in workbook.sheets(content):
        header = tables.find_header(sheet)
        if header is not None:
            return sheet[header[0] + 1 :], header[1]
        first = first or sheet
    if not first:
        raise Refused("This workbook is empty.")
    if any(sum(cell != "" for cell in cells) > 1 for _, cells in first):
        raise Refused("No column of this workbook is named like a keyword column. Name one of them Keyword.")
    return first, Columns("list", {"phrase": max(len(cells) for _, cells in first) - 1}, {})


def _from_text(text: str) -> tuple[Sequence[Record], Columns]:
    delimiter = tables.delimiter_of(text)
    found = tables.records(text, delimiter) if delimiter else tables.lines(text)
    if not found:
        raise Refused("This file is empty.")
    header = tables.find_header(found)
    if header is not None:
        position, columns = header
        if delimiter is None:
            columns = replace(columns, format="list")
        return found[position + 1 :], columns
    if delimiter:
        return found, _PAIRS
    if sum("\t" in str(cells[0]) for _, cells in found) > len(found) / 2:
        raise Refused("No column of this table is named like a keyword column. Name one of them Keyword.")
    return [(line, [_BULLET.sub("", str(cells[0]))]) for line, cells in found], _LIST


class _Gathering:
    """Takes rows one by one and merges those that say the same phrase."""

    def __init__(self, result: Import, columns: Columns) -> None:
        self.result = result
        self._at = columns.at
        self._position: dict[str, int] = {}

    def take(self, records: Iterable[Record]) -> None:
        for line, cells in records:
            try:
                row = self._row(line, cells)
            except Refused as refused:
                said = " ".join(str(cell) for cell in cells if cell != "")
                self.result.refused.append(RefusedRow(line, said.strip()[:200], refused.why))
            else:
                self._keep(row)

    def _keep(self, row: KeywordRow) -> None:
        position = self._position.setdefault(row.normal, len(self.result.rows))
        if position == len(self.result.rows):
            self.result.rows.append(row)
            return
        kept = self.result.rows[position]
        self.result.rows[position] = _joined(kept, row)
        self.result.merged.append(Merged(row.line, row.phrase, kept.line))

    def _row(self, line: int, cells: Sequence[Cell]) -> KeywordRow:
        phrase = phrases.tidy(_text(self._cell(cells, "phrase")))
        return KeywordRow(
            phrase=phrase,
            normal=phrases.normalise(phrase),
            volume=figures.count(self._cell(cells, "volume")),
            difficulty=figures.decimal(self._cell(cells, "difficulty"), most=100.0),
            cpc=self._cpc(cells),
            intent=self._intent(cells),
            line=line,
            serp_features=_features(_text(self._cell(cells, "serp_features"))),
        )

    def _cell(self, cells: Sequence[Cell], ours: str) -> Cell:
        position = self._at.get(ours)
        return cells[position] if position is not None and position < len(cells) else ""

    def _cpc(self, cells: Sequence[Cell]) -> float | None:
        told = figures.decimal(self._cell(cells, "cpc"), most=DEAREST)
        if told is not None:
            return told
        bids = [figures.decimal(self._cell(cells, bid), most=DEAREST) for bid in ("bid_low", "bid_high")]
        known = [bid for bid in bids if bid is not None]
        return round(sum(known) / len(known), 4) if known else None

    def _intent(self, cells: Sequence[Cell]) -> Intent | None:
        """The first intent named, in full or by its letter, else the first whose own column says yes."""
        for word in re.split(r"[,;/|]", _text(self._cell(cells, "intent")).casefold()):
            for intent in _INTENTS:
                if word.strip() in (intent, intent[0]):
                    return intent
        for intent in _INTENTS:
            if _text(self._cell(cells, intent)).strip().casefold() in ("true", "yes", "1"):
                return intent
        return None


def _joined(kept: KeywordRow, other: KeywordRow) -> KeywordRow:
    volumes = [volume for volume in (kept.volume, other.volume) if volume is not None]
    return replace(
        kept,
        volume=max(volumes, default=None),
        difficulty=other.difficulty if kept.difficulty is None else kept.difficulty,
        cpc=other.cpc if kept.cpc is None else kept.cpc,
        intent=kept.intent or other.intent,
        serp_features=kept.serp_features or other.serp_features,
    )


def _features(text: str) -> tuple[str, ...]:
    return tuple(word for part in re.split(r"[,;|\n]", text)[:30] if (word := " ".join(part.split())[:60]))


def _text(cell: Cell) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    return cell
