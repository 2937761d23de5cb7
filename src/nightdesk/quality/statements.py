"""What the documents say, sentence by sentence, with the figures and the subject of each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from nightdesk.kit.text import sentences
from nightdesk.quality.figures import Figure, figures
from nightdesk.quality.words import content_words, words

_LIST_MARK = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+")
_HEADING = re.compile(r"^\s*#{1,6}\s+(.*?)\s*#*\s*$")


@dataclass
class Statement:
    """One sentence of a document."""

    document: int
    sentence: str
    context: str
    """The sentence before it and the heading over it."""
    language: str

    @cached_property
    def figures(self) -> list[Figure]:
        return figures(self.sentence, self.language)

    @cached_property
    def subject(self) -> frozenset[str]:
        return content_words(self.sentence)

    @cached_property
    def wider(self) -> frozenset[str]:
        return self.subject | content_words(self.context)


class Documents:
    """The documents that an article may cite; each is read when it is first asked for."""

    def __init__(self, texts: Mapping[int, str], language: str) -> None:
        self._texts = texts
        self._language = language
        self._statements: dict[int, list[Statement]] = {}
        self._figured: dict[int, list[Statement]] = {}
        self._words: dict[int, str] = {}

    @property
    def numbers(self) -> list[int]:
        return list(self._texts)

    def statements(self, document: int) -> list[Statement]:
        """The document's sentences; empty for a number that no document has."""
        if document not in self._statements:
            self._statements[document] = self._read(document)
        return self._statements[document]

    def figured(self, document: int) -> list[Statement]:
        """Those of the document's sentences that have a figure in them."""
        if document not in self._figured:
            self._figured[document] = [s for s in self.statements(document) if s.figures]
        return self._figured[document]

    def said(self, document: int) -> str:
        """The document's words, folded, parted and enclosed by single spaces."""
        if document not in self._words:
            self._words[document] = f" {' '.join(words(self._texts.get(document, '')))} "
        return self._words[document]

    def _read(self, document: int) -> list[Statement]:
        found: list[Statement] = []
        heading, before = "", ""
        for sentence in sentences(self._texts.get(document, "")):
            if match := _HEADING.match(sentence):
                heading, before = match[1], ""
                continue
            plain = _LIST_MARK.sub("", sentence)
            found.append(Statement(document, plain, f"{heading} {before}", self._language))
            before = plain
        return found
