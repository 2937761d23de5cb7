"""Reads an article's Markdown as sentences, each with the documents it cites and its heading."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from markdown_it import MarkdownIt
from markdown_it.token import Token

from nightdesk.kit.text import sentences
from nightdesk.quality.words import content_words

CITATION = re.compile(r"\s*\[\^(\d{1,6})\]")
_MARK_AFTER_STOP = re.compile(r"([.!?…][\"”’»)]*)((?:\s*\[\^\d{1,6}\])+)")


@dataclass(frozen=True)
class Claim:
    """A sentence as the reader sees it; `documents` are those cited in it, or else in its paragraph."""

    sentence: str
    documents: tuple[int, ...]
    cited_itself: bool
    heading: str = ""
    before: str = ""
    """The sentence before it in the same paragraph."""

    @cached_property
    def subject(self) -> frozenset[str]:
        """Stems of what the sentence is about."""
        return content_words(self.sentence)

    @cached_property
    def wider(self) -> frozenset[str]:
        """The same with the sentence before and the heading over it."""
        return self.subject | content_words(f"{self.before} {self.heading}")


@dataclass
class Passage:
    """A paragraph, a list item or a table row of an article."""

    text: str
    heading: str
    claims: list[Claim] = field(default_factory=list)

    @property
    def documents(self) -> tuple[int, ...]:
        return cited(self.text)

    @property
    def plain(self) -> str:
        return CITATION.sub("", self.text)


def cited(text: str) -> tuple[int, ...]:
    """The numbers of the documents cited in a text, each once, in order."""
    return tuple(dict.fromkeys(int(number) for number in CITATION.findall(text)))


def passages(markdown: str) -> list[Passage]:
    """The article's passages without headings, code and pictures."""
    found = list(_passages(MarkdownIt("commonmark", {"html": False}).enable("table").parse(markdown)))
    for passage in found:
        passage.claims.extend(_claims(passage))
    return found


def _claims(passage: Passage) -> Iterator[Claim]:
    # A mark after the full stop belongs to the sentence before it.
    moved = _MARK_AFTER_STOP.sub(r"\2\1", passage.text)
    whole, before = passage.documents, ""
    for sentence in sentences(moved):
        own = cited(sentence)
        plain = CITATION.sub("", sentence).strip()
        if plain:
            yield Claim(plain, own or whole, bool(own), passage.heading, before)
            before = plain


def _passages(tokens: Sequence[Token]) -> Iterator[Passage]:
    heading, head, row = "", list[str](), list[str]()
    for at, token in enumerate(tokens):
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            if row and head:
                yield Passage(_row(head, row), heading)
            head = head or row
        elif token.type == "table_close":
            head = []
        elif token.type == "inline":
            text, opened = _visible(token), tokens[at - 1].type
            if opened == "heading_open":
                heading = CITATION.sub("", text)
            elif opened in {"th_open", "td_open"}:
                row.append(text)
            elif text.strip():
                yield Passage(text, heading)


def _row(head: Sequence[str], row: Sequence[str]) -> str:
    """A row as one sentence, each cell said after the head of its column."""
    cells = [f"{name} {cell}" if name else cell for name, cell in zip(head, row, strict=False)]
    return ", ".join(cells) + "."


def _visible(token: Token) -> str:
    said = []
    for child in token.children or []:
        if child.type in {"text", "code_inline"}:
            said.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            said.append(" ")
    return "".join(said)
