"""Writes small XLSX workbooks, right ones and broken ones, for the tests of keyword files."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def letters(column: int) -> str:
    """The name of a column counted from 0: A, B, … Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def rows_of(table: Sequence[Sequence[str | float]]) -> str:
    """The XML of a sheet's rows, texts inline."""
    out = []
    for line, cells in enumerate(table, 1):
        row = ""
        for column, cell in enumerate(cells):
            at = f'r="{letters(column)}{line}"'
            if isinstance(cell, str):
                row += f'<c {at} t="inlineStr"><is><t>{escape(cell)}</t></is></c>' if cell else ""
            else:
                row += f"<c {at}><v>{cell}</v></c>"
        out.append(f'<row r="{line}">{row}</row>')
    return "".join(out)


def sheet(rows: str) -> bytes:
    return f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>".encode()


def archive(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as written:
        for name, content in parts.items():
            written.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def workbook(sheets: Sequence[str], *, shared: bool = False) -> bytes:
    """A workbook of those sheets' rows; with `shared`, its texts lie in the table of shared strings."""
    names = [f"sheet{number}" for number in range(1, len(sheets) + 1)]
    parts = {
        "[Content_Types].xml": _content_types(names),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _book(names),
        "xl/_rels/workbook.xml.rels": _relations(
            [("worksheet", f"worksheets/{name}.xml") for name in names]
            + [("sharedStrings", "sharedStrings.xml")]
        ),
    }
    texts: list[str] = []
    for name, rows in zip(names, sheets, strict=True):
        parts[f"xl/worksheets/{name}.xml"] = sheet(_share(rows, texts) if shared else rows)
    items = "".join(f"<si><r><t>{text[:3]}</t></r><r><t>{text[3:]}</t></r></si>" for text in texts)
    parts["xl/sharedStrings.xml"] = f"<sst {MAIN}>{items}</sst>".encode()
    return archive(parts)


def _share(rows: str, texts: list[str]) -> str:
    """Moves the inline texts of rows into `texts`."""
    pieces = rows.split(' t="inlineStr"><is><t>')
    out = pieces[0]
    for piece in pieces[1:]:
        text, rest = piece.split("</t></is>", 1)
        out += f' t="s"><v>{len(texts)}</v>{rest}'
        texts.append(text)
    return out


def _content_types(names: Sequence[str]) -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = [("xl/workbook.xml", "sheet.main"), ("xl/sharedStrings.xml", "sharedStrings")]
    parts += [(f"xl/worksheets/{name}.xml", "worksheet") for name in names]
    types = "".join(f'<Override PartName="/{part}" ContentType="{kind}.{what}+xml"/>' for part, what in parts)
    rels = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    )
    return f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{rels}{types}</Types>'.encode()


def _relations(targets: Sequence[tuple[str, str]]) -> bytes:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    each = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}/{what}" Target="{target}"/>'
        for number, (what, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{each}</Relationships>'.encode()


def _book(names: Sequence[str]) -> bytes:
    r = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    each = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    return f"<workbook {MAIN} {r}><sheets>{each}</sheets></workbook>".encode()
