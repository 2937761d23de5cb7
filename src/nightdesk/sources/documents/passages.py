"""Cuts a document into passages of about equal length, whole sentences each, to be cited one by one."""

import math
from collections.abc import Iterator

from nightdesk.kit.text import count_words, sentences
from nightdesk.sources.documents.document import Document

# What runs on for so many times the wanted length without an end mark is no sentence: it is cut.
_NO_SENTENCE = 8
_TOLERATED = 1.25


def split_passages(document: Document, words: int = 120) -> list[str]:
    """Passages of about `words` words, in order; no sentence, list entry or table row is cut.

    A passage holds whole paragraphs where they fit and never crosses a heading; it begins with the heading
    that it stands under, as a line of its own.
    """
    found: list[str] = []
    heading = ""
    held = _Held(words * _TOLERATED)
    for block in document.text.split("\n\n"):
        if block.startswith("#"):
            found += _passage(heading, held.let_go())
            heading = block
            continue
        for piece in _pieces(block, words):
            found += _passage(heading, held.take(piece))
    return found + _passage(heading, held.let_go())


class _Held:
    """Pieces gathered until another would make too many words."""

    def __init__(self, most: float) -> None:
        self._most = most
        self._pieces: list[str] = []
        self._count = 0

    def take(self, piece: str) -> list[str]:
        """Adds a piece; gives up those held before where it does not fit with them."""
        length = count_words(piece)
        given = self.let_go() if self._pieces and self._count + length > self._most else []
        self._pieces.append(piece)
        self._count += length
        return given

    def let_go(self) -> list[str]:
        """Gives up what is held."""
        given, self._pieces, self._count = self._pieces, [], 0
        return given


def _passage(heading: str, pieces: list[str]) -> list[str]:
    return ["\n\n".join([heading, *pieces] if heading else pieces)] if pieces else []


def _pieces(block: str, words: int) -> Iterator[str]:
    """The block itself where it is short enough, else runs of its sentences or lines."""
    joint = "\n" if "\n" in block else " "
    units = block.split("\n") if joint == "\n" else sentences(block)
    held = _Held(words if count_words(block) > words * _TOLERATED else math.inf)
    for unit in (part for whole in units for part in _bearable(whole, words)):
        if given := held.take(unit):
            yield joint.join(given)
    if given := held.let_go():
        yield joint.join(given)


def _bearable(sentence: str, words: int) -> list[str]:
    pieces = sentence.split(" ")
    if len(pieces) <= words * _NO_SENTENCE:
        return [sentence]
    return [" ".join(pieces[at : at + words]) for at in range(0, len(pieces), words)]
