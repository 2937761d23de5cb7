"""Finds the table in a text: its delimiter, its rows with their line numbers, and where its headings are."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from nightdesk.kit.endings import Refused
from nightdesk.sources.keyword_files.columns import Columns, recognise
from nightdesk.sources.keyword_files.contract import MAX_COLUMNS, MAX_ROWS, Record
from nightdesk.sources.keyword_files.figures import count

DELIMITERS = ("\t", ",", ";", "|")
HEADER_WITHIN = 20
"""Lines in which the headings are looked for: planners put a title and a period above them."""

_LONGEST_QUOTED = 5
"""Lines that one quoted cell may span; more is a quotation mark that was never closed."""


def records(text: str, delimiter: str) -> list[Record]:
    """The rows that are not empty, each with the number of its first line; raises `Refused` for too many."""
    try:
        return _limited(_parsed(text, delimiter))
    except (csv.Error, _NeverClosed):
        return _limited(_line_by_line(text, delimiter))


def lines(text: str) -> list[Record]:
    """Each line that is not empty as a row of one cell; raises `Refused` for too many."""
    return _limited((number, [line]) for number, line in _numbered(text))


def delimiter_of(text: str) -> str | None:
    """The delimiter that shows the most known columns; without headings, the one of a list with numbers."""
    beginning = "\n".join(text.split("\n", HEADER_WITHIN * 2)[: HEADER_WITHIN * 2])
    beginnings = {delimiter: records(beginning, delimiter) for delimiter in DELIMITERS}
    known = {
        delimiter: len(header[1].at)
        for delimiter, found in beginnings.items()
        if (header := find_header(found)) is not None and len(found[header[0]][1]) > 1
    }
    if known:
        return max(known, key=lambda delimiter: known[delimiter])
    return next((delimiter for delimiter in DELIMITERS if _are_pairs(beginnings[delimiter])), None)


def find_header(found: Sequence[Record]) -> tuple[int, Columns] | None:
    """The position and the columns of the headings; a lone `Keyword` counts only as the very first row."""
    for position, (_, cells) in enumerate(found[:HEADER_WITHIN]):
        columns = recognise(cells)
        if columns is not None and (len(columns.at) > 1 or position == 0):
            return position, columns
    return None


def _are_pairs(found: Sequence[Record]) -> bool:
    """Whether the rows are a phrase and a number each, without headings."""
    pairs = sum(
        len(cells) > 1 and count(cells[1]) is not None and count(cells[0]) is None for _, cells in found
    )
    return len(found) > 1 and pairs >= 0.8 * len(found)


class _NeverClosed(Exception):
    """A quotation mark was opened and swallows line after line."""


def _limited(found: Iterable[Record]) -> list[Record]:
    kept: list[Record] = []
    for record in found:
        if any(not isinstance(cell, str) or cell.strip() for cell in record[1]):
            kept.append(record)
            if len(kept) > MAX_ROWS + HEADER_WITHIN:
                raise Refused(f"This file has more than {MAX_ROWS} rows. Split it and import the parts.")
    return kept


def _parsed(text: str, delimiter: str) -> Iterator[Record]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    start = 1
    for cells in reader:
        if reader.line_num - start > _LONGEST_QUOTED:
            raise _NeverClosed
        yield start, [*cells[:MAX_COLUMNS]]
        start = reader.line_num + 1


def _line_by_line(text: str, delimiter: str) -> Iterator[Record]:
    for number, line in _numbered(text):
        try:
            yield number, [*next(csv.reader([line], delimiter=delimiter), [])[:MAX_COLUMNS]]
        except csv.Error:
            yield number, [line]


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(io.StringIO(text, newline="\n"), 1):
        yield number, line.rstrip("\n")
