"""What an article consists of once it is read: the only constructs that can ever be written out again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias


@dataclass
class Text:
    text: str


@dataclass
class Code:
    text: str


@dataclass
class Break:
    """A line break inside a paragraph."""


@dataclass
class Cite:
    """Refers to one of the item's documents by its number."""

    document: int


@dataclass
class Styled:
    kind: Literal["em", "strong", "del"]
    parts: "list[Inline]"


@dataclass
class Link:
    """A link whose address is one of the item's documents or one of the site's own pieces."""

    href: str
    parts: "list[Inline]"
    own: bool


Inline: TypeAlias = Text | Code | Break | Cite | Styled | Link


@dataclass
class Paragraph:
    parts: list[Inline]


@dataclass
class Heading:
    level: int
    parts: list[Inline]
    anchor: str = ""


@dataclass
class CodeBlock:
    text: str
    language: str = ""


@dataclass
class Rule:
    """A horizontal line."""


@dataclass
class Quote:
    blocks: "list[Block]"


@dataclass
class Listing:
    items: "list[list[Block]]"
    start: int | None = None
    """Number of the first item; None for bullets."""
    tight: bool = True


@dataclass
class Table:
    head: list[list[Inline]]
    rows: list[list[list[Inline]]] = field(default_factory=list)
    align: list[str] = field(default_factory=list)
    """`left`, `right`, `center` or nothing, for each column."""


Block: TypeAlias = Paragraph | Heading | CodeBlock | Rule | Quote | Listing | Table


def plain(parts: Sequence[Inline]) -> str:
    """The visible text of a run of inlines; citations are not part of it."""
    said: list[str] = []
    for part in parts:
        match part:
            case Text() | Code():
                said.append(part.text)
            case Break():
                said.append(" ")
            case Styled() | Link():
                said.append(plain(part.parts))
            case Cite():
                pass
    return "".join(said)


def plain_blocks(blocks: Iterable[Block]) -> Iterator[str]:
    """The visible text, one piece for each paragraph, heading, table row and block of code."""
    for block in blocks:
        match block:
            case Paragraph() | Heading():
                yield " ".join(plain(block.parts).split())
            case CodeBlock():
                yield block.text
            case Quote():
                yield from plain_blocks(block.blocks)
            case Listing():
                for item in block.items:
                    yield from plain_blocks(item)
            case Table():
                for row in [block.head, *block.rows]:
                    yield " | ".join(plain(cell) for cell in row)
            case Rule():
                pass


def citations(blocks: Iterable[Block]) -> Iterator[Cite]:
    """Every citation, in reading order."""
    for block in blocks:
        match block:
            case Paragraph() | Heading():
                yield from _cited(block.parts)
            case Quote():
                yield from citations(block.blocks)
            case Listing():
                for item in block.items:
                    yield from citations(item)
            case Table():
                for row in [block.head, *block.rows]:
                    for cell in row:
                        yield from _cited(cell)
            case CodeBlock() | Rule():
                pass


def _cited(parts: Iterable[Inline]) -> Iterator[Cite]:
    for part in parts:
        if isinstance(part, Cite):
            yield part
        elif isinstance(part, Styled | Link):
            yield from _cited(part.parts)
