"""Writes an article's nodes as Markdown that reads back as the same nodes."""

import re
from collections.abc import Sequence

from nightdesk.lines.article.rendering.nodes import (
    Block,
    Break,
    Cite,
    Code,
    CodeBlock,
    Heading,
    Inline,
    Link,
    Listing,
    Paragraph,
    Quote,
    Rule,
    Styled,
    Table,
    Text,
)

_SPECIAL = re.compile(r"([\\`*\[\]<|]|(?<!\w)_|_(?!\w)|~(?=~)|&(?=#?\w+;))")
_LINE_START = re.compile(r"^(\s*)([#>+=-]|\d{1,9}(?=[.)](?:\s|$)))", re.MULTILINE)
_STYLE = {"em": "*", "strong": "**", "del": "~~"}


def write(blocks: Sequence[Block]) -> str:
    """The whole article, blocks parted by blank lines; citations as `[^number of the document]`."""
    written: list[str] = []
    other = False
    for before, block in zip([None, *blocks], blocks, strict=False):
        # Two lists in a row stay two only where their marks differ.
        other = isinstance(before, Listing) and isinstance(block, Listing) and not other
        written.append(_listing(block, other) if isinstance(block, Listing) else _block(block))
    return "\n\n".join(written) + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading():
            return "#" * block.level + " " + re.sub(r"(#+)$", r"\\\1", _one_line(block.parts))
        case Paragraph():
            return _LINE_START.sub(_escaped_start, _inlines(block.parts))
        case CodeBlock():
            fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", block.text)), default=0))
            return f"{fence}{block.language}\n{block.text}\n{fence}"
        case Rule():
            return "***"
        case Quote():
            return "\n".join(
                f"> {line}" if line else ">" for line in write(block.blocks).rstrip("\n").split("\n")
            )
        case Listing():
            return _listing(block, other=False)
        case Table():
            return _table(block)


def _escaped_start(match: re.Match[str]) -> str:
    """A line that begins like a list, a quotation or a heading is kept from becoming one."""
    blank, start = match.groups()
    return f"{blank}{start}\\" if start[0].isdigit() else f"{blank}\\{start}"


def _listing(listing: Listing, other: bool) -> str:
    written = []
    for number, item in enumerate(listing.items, start=listing.start or 0):
        mark = ("* " if other else "- ") if listing.start is None else f"{number}{')' if other else '.'} "
        joint = "\n" if listing.tight else "\n\n"
        lines = joint.join(_block(block) for block in item).split("\n")
        margin = " " * len(mark)
        written.append(
            mark + "\n".join([lines[0], *(f"{margin}{line}" if line else "" for line in lines[1:])])
        )
    return ("\n" if listing.tight else "\n\n").join(written)


def _table(table: Table) -> str:
    rule = {"left": ":--", "right": "--:", "center": ":-:"}
    columns = [rule.get(align, "---") for align in table.align] or ["---"] * len(table.head)
    rows = [_row(table.head), "| " + " | ".join(columns) + " |", *map(_row, table.rows)]
    return "\n".join(rows)


def _row(cells: Sequence[Sequence[Inline]]) -> str:
    return "| " + " | ".join(map(_one_line, cells)) + " |"


def _one_line(parts: Sequence[Inline]) -> str:
    return _inlines([Text(" ") if isinstance(part, Break) else part for part in parts])


def _inlines(parts: Sequence[Inline]) -> str:
    """The parts in a row, kept apart where they would mean something else: `!` before a link."""
    written = ""
    for before, part in zip([None, *parts], parts, strict=False):
        spelled = _inline(part)
        if isinstance(before, Cite) and spelled[:1] in {"(", ":"}:
            spelled = "\\" + spelled
        if isinstance(part, Link | Cite) and written.endswith("!"):
            written = written[:-1] + "\\!"
        written += spelled
    return written


def _inline(part: Inline) -> str:
    match part:
        case Text():
            return _SPECIAL.sub(r"\\\1", part.text)
        case Code():
            fence = "`" * (1 + max((len(run) for run in re.findall("`+", part.text)), default=0))
            pad = " " if part.text.strip() and ({part.text[:1], part.text[-1:]} & {"`", " "}) else ""
            return f"{fence}{pad}{part.text}{pad}{fence}"
        case Break():
            return "\\\n"
        case Cite():
            return f"[^{part.document}]"
        case Styled():
            mark = _STYLE[part.kind]
            return f"{mark}{_inlines(part.parts)}{mark}"
        case Link():
            return f"[{_inlines(part.parts)}](<{part.href}>)"
