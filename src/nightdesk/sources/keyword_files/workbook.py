"""Reads the sheets of an XLSX workbook row by row, never holding more of it than its cells.

A reader that lays a sheet out as a grid can be made to ask for half a terabyte by two cells, A1 and
XFD1048576 (1.5 KB of file), so this one keeps rows as they come. Parts and names follow ECMA-376 part 1,
section 18.
"""

import io
import math
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from nightdesk.kit.endings import Refused
from nightdesk.sources.keyword_files.contract import MAX_COLUMNS, MAX_ROWS, Cell, Record

MAX_UNPACKED = 150 * 1024 * 1024
MAX_PARTS = 2_000
CHUNK = 256 * 1024

_SHEET = re.compile(r"xl/worksheets/sheet(\d*)\.xml", re.IGNORECASE)
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_STRINGS = "xl/sharedstrings.xml"


def is_archive(content: bytes) -> bool:
    """Whether it begins like a ZIP archive, which an XLSX workbook is."""
    return content.startswith(b"PK\x03\x04") or content.startswith(b"PK\x05\x06")


def sheets(content: bytes) -> Iterator[list[Record]]:
    """The rows of each sheet that are not empty, in the sheets' order; raises `Refused`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _parts(archive)
            found = sorted((int(match[1] or 1), info) for match, info in parts if match)
            if not found:
                raise Refused(
                    "This is an archive, not a workbook. Unpack it and import the one file with the keywords."
                )
            budget = _Budget(MAX_UNPACKED)
            strings = _Strings()
            for match, info in parts:
                if match is None:
                    _parse(archive, info, strings, budget)
            for _, info in found:
                sheet = _Sheet(strings.texts)
                _parse(archive, info, sheet, budget)
                yield sheet.rows
    except (zipfile.BadZipFile, zlib.error, struct.error, expat.ExpatError, EOFError, OSError) as error:
        raise Refused(
            f"This workbook is damaged ({error}). Save it again and import the new file."
        ) from error
    except (LookupError, ValueError, RuntimeError, NotImplementedError) as error:
        raise Refused("This workbook cannot be read. Save it as CSV and import that.") from error


def _parts(archive: zipfile.ZipFile) -> list[tuple[re.Match[str] | None, zipfile.ZipInfo]]:
    """The sheets (with the match of their name) and the shared strings (with None)."""
    infos = archive.infolist()
    if len(infos) > MAX_PARTS:
        raise Refused(
            f"This workbook has more than {MAX_PARTS} parts. Save the sheet with the keywords alone."
        )
    wanted = [
        (match, info)
        for info in infos
        if (match := _SHEET.fullmatch(info.filename)) or info.filename.casefold() == _STRINGS
    ]
    if any(info.flag_bits & 0x1 for _, info in wanted):
        raise Refused("This workbook is protected by a password. Save it without one and import it again.")
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for _, info in wanted):
        raise Refused("This workbook is packed in an unusual way. Save it as CSV and import that.")
    return wanted


class _Budget:
    """How many unpacked bytes may still come."""

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise Refused(
                f"This workbook unpacks to more than {MAX_UNPACKED >> 20} MB. "
                "Save the sheet with the keywords as CSV."
            )


class _Strings:
    """Collects the texts that cells refer to by number, without their pronunciation runs."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._inside = False
        self._spoken = False

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        if name == "si":
            self._pieces = []
        elif name == "rPh":
            self._spoken = True
        elif name == "t":
            self._inside = not self._spoken

    def end(self, name: str) -> None:
        if name == "si":
            self.texts.append("".join(self._pieces))
        elif name == "rPh":
            self._spoken = False
        elif name == "t":
            self._inside = False

    def text(self, text: str) -> None:
        if self._inside:
            self._pieces.append(text)


class _Sheet:
    """Collects the rows of one sheet."""

    def __init__(self, strings: list[str]) -> None:
        self.rows: list[Record] = []
        self._strings = strings
        self._line = 0
        self._cells: list[Cell] = []
        self._column = -1
        self._kind = "n"
        self._pieces: list[str] = []
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            given = attributes.get("r", "")
            self._line = int(given) if given.isascii() and given.isdigit() else self._line + 1
            self._cells, self._column = [], -1
        elif name == "c":
            found = _REFERENCE.fullmatch(attributes.get("r", ""))
            self._column = _number_of(found[1]) if found else self._column + 1
            self._kind = attributes.get("t", "n")
            self._pieces = []
        elif name in ("v", "t"):
            self._inside = True

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._inside = False
        elif name == "c" and 0 <= self._column < MAX_COLUMNS:
            self._cells += [""] * (self._column + 1 - len(self._cells))
            self._cells[self._column] = self._value("".join(self._pieces))
        elif name == "row" and any(cell != "" for cell in self._cells):
            self.rows.append((self._line, self._cells))
            if len(self.rows) > MAX_ROWS + 100:
                raise Refused(f"This workbook has more than {MAX_ROWS} rows. Split it and import the parts.")

    def text(self, text: str) -> None:
        if self._inside:
            self._pieces.append(text)

    def _value(self, text: str) -> Cell:
        if self._kind == "s":
            position = int(text) if text.isascii() and text.isdigit() else -1
            return self._strings[position] if 0 <= position < len(self._strings) else ""
        if self._kind == "b":
            return "TRUE" if text == "1" else "FALSE"
        if self._kind == "n" and text:
            number = float(text)
            return number if math.isfinite(number) else ""
        return "" if self._kind == "e" else text


def _parse(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, handler: _Strings | _Sheet, budget: _Budget
) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: handler.start(name.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda name: handler.end(name.rpartition(":")[2])
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _no_entities
    with archive.open(info) as part:
        while chunk := part.read(CHUNK):
            budget.spend(len(chunk))
            parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _no_entities(*_: object) -> None:
    raise Refused("This workbook declares entities of its own, which no spreadsheet does. Save it as CSV.")


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
