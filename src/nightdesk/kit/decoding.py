"""From bytes to text: what is no text at all, and in which charset the rest is written."""

import codecs
import re
from pathlib import PurePath

_SIGNATURES = [
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a packed file (a word processor's, or an archive)"),
    (b"\xd0\xcf\x11\xe0", "an old word processor's file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture or a recording"),
    (b"ID3", "a recording"),
    (b"OggS", "a recording"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
]
_MARKS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
# Charsets that pages are really written in; Python also knows codecs that would take its input as code.
_WRITTEN = re.compile(
    r"utf-(?:8|16|16-le|16-be)|cp(?:125\d|932|949|950|866|874)|iso8859-\d+|koi8-[ru]|mac-roman|tis-620"
    r"|shift_jis|euc_(?:jp|kr)|iso2022_jp|gb(?:2312|k|18030)|big5|ascii"
)
# A page that says Latin-1 or ASCII means Windows-1252 (WHATWG Encoding, section 4.2).
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
_DECLARED = re.compile(
    rb"<meta[^>]{1,300}charset\s*=\s*[\"']?([\w.:-]{2,40})|^<\?xml[^>]{1,200}encoding=[\"']([\w.:-]{2,40})",
    re.I,
)
_CONTROLS = bytes((*range(9), *range(14, 27), *range(28, 32)))
_LOOKED_AT = 4096
_GUESSED_FROM = 20_000


def binary_kind(content: bytes, name: str = "") -> str | None:
    """What the bytes are, in a few words, where they are not text; None where they may be."""
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    if content[4:8] == b"ftyp" or PurePath(name.lower()).suffix in (".mp3", ".mp4", ".mov", ".avi"):
        return "a recording"
    start = content[:_LOOKED_AT]
    if _marked(start) or _wide(start):
        return None
    controls = len(start) - len(start.translate(None, _CONTROLS))
    return "a binary file" if b"\x00" in start or controls * 20 > len(start) else None


def decode(content: bytes, declared: str | None = None) -> str:
    """The text of the bytes; what cannot be read becomes U+FFFD.

    The byte order mark is believed first, then bytes that are flawless UTF-8, then what the server or the
    page declares, then a guess by the frequencies of characters.
    """
    if marked := _marked(content):
        mark, charset = marked
        return content[len(mark) :].decode(charset, "replace")
    said = _known(declared) or _known(_in_page(content[:_LOOKED_AT]))
    if said == "iso2022_jp":
        return content.decode(said, "replace")
    if wide := _wide(content[:_LOOKED_AT]):
        return content.decode(wide, "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode(said or _nearly_utf8(content) or _guessed(content), "replace")


def _marked(content: bytes) -> tuple[bytes, str] | None:
    return next((pair for pair in _MARKS if content.startswith(pair[0])), None)


def _wide(start: bytes) -> str | None:
    """UTF-16 without its mark shows in texts of Latin letters: every second byte is zero."""
    for first, charset in ((1, "utf-16-le"), (0, "utf-16-be")):
        nought, other = start[first::2], start[1 - first :: 2]
        if len(nought) > 4 and nought.count(0) * 10 > len(nought) * 7 and other.count(0) * 20 < len(other):
            return charset
    return None


def _in_page(start: bytes) -> str | None:
    found = _DECLARED.search(start)
    return (found[1] or found[2]).decode("ascii", "replace") if found else None


def _known(spelled: str | None) -> str | None:
    if not spelled:
        return None
    try:
        name = codecs.lookup(spelled).name
    except (LookupError, ValueError):
        return None
    return _MEANT.get(name, name) if _WRITTEN.fullmatch(name) else None


def _nearly_utf8(content: bytes) -> str | None:
    text = content[:_GUESSED_FROM].decode("utf-8", "replace")
    beyond_ascii = sum(char > "\x7f" for char in text)
    return "utf-8" if text.count("\ufffd") * 10 < beyond_ascii else None


def _guessed(content: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 (seldom needed)

    best = from_bytes(content[:_GUESSED_FROM]).best()
    return (_known(best.encoding) if best else None) or "cp1252"
