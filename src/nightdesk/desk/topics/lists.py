"""Reads lists of topics: one a line, or a table whose first line names its columns."""

import csv
import io
from collections.abc import Sequence

from nightdesk.desk.errors import Unreadable
from nightdesk.desk.topics.inputs import MOST_AT_ONCE
from nightdesk.desk.topics.sorting import Told
from nightdesk.kit.decoding import binary_kind, decode
from nightdesk.kit.text import clean, shorten
from nightdesk.quality.sameness import LONGEST_TITLE, host_of
from nightdesk.sources.trends.contract import web_address

LARGEST_LIST = 1_000_000
"""Bytes."""

_TITLE = frozenset(("title", "topic", "topics", "headline", "titel", "thema", "título", "titre", "titolo"))
_SUMMARY = frozenset(("summary", "description", "angle", "zusammenfassung", "beschreibung", "resumen"))
_URL = frozenset(("url", "link", "address", "adresse"))


def read_list(content: bytes) -> list[Told]:
    """The topics of a list, in order; blank lines and those without a title are left out.

    Raises `Unreadable` for what is no text, holds no topic, or too many.
    """
    if len(content) > LARGEST_LIST:
        raise Unreadable(f"A list of topics has at most {LARGEST_LIST // 1_000_000} MB. Split it.")
    if kind := binary_kind(content):
        raise Unreadable(f"This is {kind}, not a list. Save it as text or CSV, one topic a line.")
    lines = [line for line in clean(decode(content)).splitlines() if line.strip()]
    told = [one for one in _read(lines) if one.title]
    if not told:
        raise Unreadable("There is no topic in this list: write one a line, or a column named `title`.")
    if len(told) > MOST_AT_ONCE:
        raise Unreadable(f"{MOST_AT_ONCE} topics are taken at once; this list has {len(told)}. Split it.")
    return told


def _read(lines: Sequence[str]) -> list[Told]:
    for mark in ("\t", ";", ","):
        heads = [cell.strip().strip('"').casefold() for cell in lines[0].split(mark)] if lines else []
        if _TITLE & set(heads) and (len(heads) > 1 or heads[0] in _TITLE):
            return _table(lines[1:], mark, heads)
    return [_told(line) for line in lines]


def _table(lines: Sequence[str], mark: str, heads: Sequence[str]) -> list[Told]:
    rows = csv.reader(io.StringIO("\n".join(lines)), delimiter=mark)
    try:
        return [_told(*(_cell(row, heads, names) for names in (_TITLE, _SUMMARY, _URL))) for row in rows]
    except csv.Error as error:
        raise Unreadable(f"Line {rows.line_num + 1} of this table cannot be read: {error}.") from error


def _cell(row: Sequence[str], heads: Sequence[str], names: frozenset[str]) -> str:
    at = next((place for place, head in enumerate(heads) if head in names), None)
    return row[at].strip() if at is not None and at < len(row) else ""


def _told(title: str, summary: str = "", url: str = "") -> Told:
    address = web_address(url)
    bare = shorten(title, LONGEST_TITLE)
    return Told(bare, bare, shorten(summary, 600), address, host=host_of(address))
