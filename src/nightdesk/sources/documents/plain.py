"""Turns Markdown and wrapped text into plain blocks: headings, paragraphs, lists and tables without markup.

Every expression here is bounded or cannot backtrack, because pages of strangers come through it.
"""

import html
import re
from collections.abc import Iterable, Iterator

_HEADING = re.compile(r" {0,3}(#{1,6})(?:\s+(.*))?")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)\s*")
_RULE = re.compile(r" {0,3}(?:[-*_][ \t]*){3,}")
_ENTRY = re.compile(r"(?:[-*+•]|(\d{1,9})[.)])\s+(.*)")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_DEFINITION = re.compile(r" {0,3}\[[^\]\[]{1,100}\]:\s+\S+")
_DIVIDER = re.compile(r"[|:\s-]+")

_PICTURE = re.compile(r"(?<!\\)!\[[^\]\[]{0,500}\]\([^()\s]{0,2000}(?:\s+\"[^\"]{0,300}\")?\)")
_LINK = re.compile(
    r"(?<!\\)\[([^\]\[]{1,500})\](?:\([^()\s]{0,2000}(?:\s+\"[^\"]{0,300}\")?\)|\[[^\]\[]{0,100}\])"
)
_NOTE = re.compile(r"\[\^[^\]\[\s]{1,40}\]")
_ADDRESS = re.compile(r"<(https?://[^<>\s]{1,2000})>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,1000}>")
_CODE = re.compile(r"(`{1,2})([^`]{1,500})\1")
_EMPHASIS = re.compile(
    r"(?<!\\)\*{1,3}(?=\S)([^*]{1,500})(?<=[^\s\\])\*{1,3}"
    r"|(?<![\w\\])_{1,3}(?=\S)([^_]{1,500})(?<=[^\s\\])_{1,3}(?!\w)"
    r"|~~(?=\S)([^~]{1,500})(?<=\S)~~"
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_HIDDEN = [
    (re.compile(opening, re.I), re.compile(closing, re.I))
    for opening, closing in (("<!--", "-->"), ("<script\\b", "</script>"), ("<style\\b", "</style>"))
]
_WIDEST_WRAP = 100


def blocks_of_markdown(text: str) -> list[str]:
    """Blocks of a Markdown text, each without markup: see Document.text for their form."""
    for opening, closing in _HIDDEN:
        text = _without(text, opening, closing)
    return [block for block in (_block(lines) for lines in _grouped(text.split("\n"))) if block]


def blocks_of_text(text: str) -> list[str]:
    """Blocks of a text without markup: wrapped lines are joined, list entries keep their own."""
    wrapped = all(len(line) <= _WIDEST_WRAP for line in text.split("\n"))
    parts = re.split(r"\n\s*\n", text) if wrapped else text.split("\n")
    return [block for block in ("\n".join(_joined(part.split("\n"))) for part in parts) if block]


def _without(text: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> str:
    kept, begin = [], 0
    while (start := opening.search(text, begin)) and (end := closing.search(text, start.end())):
        kept.append(text[begin : start.start()])
        begin = end.end()
    return "".join([*kept, text[begin:]])


def _grouped(lines: Iterable[str]) -> Iterator[list[str]]:
    """Lines that belong together: a heading alone, a fenced block, or what stands between blank lines."""
    group: list[str] = []
    fenced = False
    for line in lines:
        if _FENCE.match(line):
            yield group
            group, fenced = [], not fenced
        elif fenced:
            group.append("\t" + line)
        elif _HEADING.fullmatch(line) or not line.strip() or _RULE.fullmatch(line):
            underlined = len(group) == 1 and _UNDERLINE.fullmatch(line)
            yield [_underlined(group[0], line)] if underlined else group
            group = []
            if _HEADING.fullmatch(line):
                yield [line]
        elif len(group) == 1 and _UNDERLINE.fullmatch(line):
            yield [_underlined(group[0], line)]
            group = []
        else:
            group.append(line.lstrip("> ") if line.lstrip().startswith(">") else line)
    yield group


def _underlined(text: str, line: str) -> str:
    return f"{'#' if line.lstrip().startswith('=') else '##'} {text.strip()}"


def _block(lines: list[str]) -> str:
    if lines and (heading := _HEADING.fullmatch(lines[0])):
        words = inline((heading[2] or "").strip().rstrip("#"))
        return f"{heading[1]} {words}" if words else ""
    if lines and lines[0].startswith("\t"):
        return "\n".join(line[1:].rstrip() for line in lines).strip("\n")
    kept = (line for line in lines if not _DEFINITION.match(line))
    plain = (_row(line) if line.startswith("|") else inline(line) for line in _joined(kept))
    return "\n".join(line for line in plain if line)


def _row(line: str) -> str:
    cells = [inline(cell) for cell in line.strip("|").split("|")]
    return "| " + " | ".join(cells) + " |"


def _joined(lines: Iterable[str]) -> list[str]:
    """One line for each list entry, each table row and each run of other lines."""
    out: list[list[str]] = []
    for line in map(str.strip, lines):
        if entry := _ENTRY.fullmatch(line):
            out.append([f"{entry[1]}. {entry[2]}" if entry[1] else f"- {entry[2]}"])
        elif line.startswith("|"):
            out += [] if _DIVIDER.fullmatch(line) else [[line]]
        elif line and out and not out[-1][0].startswith("|"):
            out[-1].append(line)
        elif line:
            out.append([line])
    return [" ".join(run) for run in out]


def inline(text: str) -> str:
    """One line without the marks of links, pictures, emphasis, code, notes, tags and escapes."""
    text = _LINK.sub(r"\1", _LINK.sub(r"\1", _PICTURE.sub("", _NOTE.sub("", text))))
    text = _CODE.sub(r"\2", _TAG.sub("", _ADDRESS.sub(r"\1", text)))
    for _ in range(2):
        text = _EMPHASIS.sub(lambda found: found[found.lastindex or 0], text)
    return " ".join(html.unescape(_ESCAPED.sub(r"\1", text)).split())
