"""The parts of an article under way, and how they become Markdown with a citation behind every statement."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nightdesk.providers.text.offline.flow import flowing
from nightdesk.providers.text.offline.sentences import Sentence

_MARKED = re.compile(r"([\\`*_\[\]|~])")
_LINE_START = re.compile(r"^(\s*)([#>+-]|\d{1,9}[.)])(?=\s)")


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Entries:
    """A list, each entry one or more sentences."""

    entries: tuple[tuple[Sentence, ...], ...]
    ordered: bool = False


@dataclass(frozen=True)
class Cell:
    text: str
    documents: tuple[int, ...] = ()


@dataclass(frozen=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Link:
    """A pointer to a piece of the site's own."""

    title: str
    slug: str


Part = Heading | Paragraph | Entries | Table | Link


def escaped(text: str) -> str:
    """Text that Markdown shows as it is: no mark, no tag, no list or heading can begin in it."""
    return _LINE_START.sub(lambda found: f"{found[1]}{_disarmed(found[2])}", _inline(text))


def _inline(text: str) -> str:
    return _MARKED.sub(r"\\\1", text).replace("<", "&lt;")


def _disarmed(mark: str) -> str:
    return f"{mark[:-1]}\\{mark[-1]}" if mark[0].isdigit() else f"\\{mark}"


def cited(sentences: Sequence[Sentence], english: bool) -> str:
    """The sentences in a row: a marker behind each that has a figure and behind the last of each document."""
    said = flowing([sentence.text for sentence in sentences]) if english else [s.text for s in sentences]
    out = []
    for place, (sentence, text) in enumerate(zip(sentences, said, strict=True)):
        last = place + 1 == len(sentences) or sentences[place + 1].document != sentence.document
        out.append(escaped(text) + (f"[^{sentence.document}]" if last or sentence.figures else ""))
    return " ".join(out)


def markdown(parts: Sequence[Part], english: bool) -> str:
    """The whole in Markdown, parts divided by empty lines."""
    return "\n\n".join(_rendered(part, english) for part in parts) + "\n"


def _rendered(part: Part, english: bool) -> str:
    match part:
        case Heading(text, level):
            return f"{'#' * level} {_inline(text)}"
        case Paragraph(sentences):
            return cited(sentences, english)
        case Entries(entries, ordered):
            marks = (f"{n}." if ordered else "-" for n in range(1, len(entries) + 1))
            return "\n".join(f"{m} {cited(e, english)}" for m, e in zip(marks, entries, strict=True))
        case Table(header, rows):
            lines = [_row(header), _row(["---"] * len(header))]
            return "\n".join([*lines, *(_row([_cell(cell) for cell in row]) for row in rows)])
        case Link(title, slug):
            return f"→ [{escaped(title)}](/{slug.lstrip('/')})"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    return escaped(cell.text) + "".join(f"[^{number}]" for number in cell.documents)
