"""Turns a file's bytes into text, whatever encoding the exporting tool chose."""

import codecs
import re

from nightdesk.kit.endings import Refused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_MARKUP = re.compile(r"<(?:!doctype|html|head|body|table|div|\?xml|svg|rss)\b", re.IGNORECASE)
_SAMPLE = 4096


def decode(content: bytes) -> tuple[str, str]:
    """The text, its lines ended by newlines alone, and the name of the encoding.

    Raises `Refused` for what is no text: pictures, archives, PDF, pages and JSON.
    """
    _refuse_known_kinds(content)
    encoding, body = _encoding_of(content)
    text = body.decode(encoding, errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    if len(_CONTROL.findall(text[:_SAMPLE])) > max(2, len(text[:_SAMPLE]) // 100):
        raise Refused(
            "This is not a text file. Give a CSV, TSV or XLSX export, or a list with one phrase a line."
        )
    start = text.lstrip()[:200]
    if _MARKUP.match(start):
        raise Refused("This is a web page or XML, not a table. Use the tool's own export (CSV, TSV or XLSX).")
    if re.match(r'\{\s*"|\[\s*[\[{"]', start):
        raise Refused("This is JSON, not a table. Use the tool's own export (CSV, TSV or XLSX).")
    return text, encoding


def _refuse_known_kinds(content: bytes) -> None:
    if content.startswith(b"%PDF"):
        raise Refused("This is a PDF, not a table. Use the tool's own export (CSV, TSV or XLSX).")
    if content.startswith(bytes.fromhex("d0cf11e0")):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Refused(
                "This workbook is protected by a password. Save it without one and import it again."
            )
        raise Refused("This is a workbook of the old XLS kind. Save it as XLSX or CSV and import it again.")


def _encoding_of(content: bytes) -> tuple[str, bytes]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding, content[len(mark) :]
    sample = content[:_SAMPLE]
    # Without a mark, Latin text in UTF-16 betrays itself: every second byte is zero.
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        if len(sample) > 3 and zeros.count(0) > len(zeros) * 0.7 and sample.count(0) < len(sample) * 0.6:
            return encoding, content
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _eight_bit(content), content
    return "utf-8", content


def _eight_bit(content: bytes) -> str:
    """Cyrillic text is made of high bytes; Western text has one here and there."""
    high = sum(byte >= 0xC0 for byte in content)
    low = sum(65 <= byte <= 90 or 97 <= byte <= 122 for byte in content)
    return "cp1251" if high > low else "cp1252"
