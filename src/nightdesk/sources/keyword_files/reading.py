"""Reads a keyword file of any known kind into rows, with a report of what was merged and refused."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from nightdesk.kit.endings import Refused
from nightdesk.sources.keyword_files import figures, phrases
from nightdesk.sources.keyword_files.columns import Columns
from nightdesk.sources.keyword_files.contract import (
    MAX_ROWS,
    Cell,
    Import,
    Intent,
    KeywordRow,
    Layout,
    Merged,
    Recognised,
    Record,
    RefusedRow,
)
from nightdesk.sources.keyword_files.tabulating import tabulate

DEAREST = 100_000.0
"""No click costs more, in any currency met; larger is another column's number."""

SAMPLE = 8
"""Rows that are shown of a file before it is read."""

_INTENTS: tuple[Intent, ...] = ("informational", "navigational", "commercial", "transactional")


def read(name: str, content: bytes, at: Mapping[str, int] | None = None) -> Import:
    """What the file holds; `name` is only repeated in the report, the content alone says what it is.

    `at` says where the columns are, where a person knows better than what is recognised: our names to the
    positions that `look` told. Raises `Refused`: too large, empty, protected, damaged, no table and no list.
    """
    found = tabulate(content)
    columns = found.columns_at(at)
    if len(found.rows) > MAX_ROWS:
        raise Refused(
            f"This file has {len(found.rows)} rows, more than {MAX_ROWS}. Split it and import the parts."
        )
    used = {ours: columns.headings.get(ours, "") for ours in columns.at}
    gathering = _Gathering(Import(name, Recognised(columns.format, found.encoding, used)), columns)
    gathering.take(found.rows)
    if not gathering.result.rows:
        raise Refused(_nothing(gathering.result))
    return gathering.result


def look(content: bytes) -> Layout:
    """How the file is laid out. Raises `Refused` as `read` does, but not for headings that nobody knows."""
    found = tabulate(content)
    columns = found.columns
    return Layout(
        format=columns.format if columns else "table",
        encoding=found.encoding,
        headings=found.headings,
        at=dict(columns.at) if columns else {},
        sample=found.rows[:SAMPLE],
        rows=len(found.rows),
    )


def _nothing(result: Import) -> str:
    if not result.refused:
        return "This file has headings and no rows below them."
    first = result.refused[0]
    return (
        f"None of the {len(result.refused)} rows of this file could be taken; the first is refused because "
        f"{first.why} (line {first.line}: {first.text[:60]})."
    )


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
