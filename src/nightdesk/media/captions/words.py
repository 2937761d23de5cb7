"""Words with their times, made ready for captions."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nightdesk.media.typesetting.breaking import softened, tokens

_NEVER_SHOWN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Signs that turn the direction of what follows; a caption's direction is its own letters'."""


@dataclass(frozen=True)
class Word:
    """A word and when it is said, in seconds from the start of its scene.

    `joined`: it stands without a space behind the one before, as ideographs and parts of long words do.
    """

    text: str
    start: float
    end: float
    joined: bool = False


def tidied(words: Iterable[Word]) -> list[Word]:
    """The words without control signs, spaces within becoming words of their own, in the order of time."""
    found: list[Word] = []
    for word in words:
        # Letters made of several characters, as some keyboards write hangul, are ones that fonts have.
        text = unicodedata.normalize("NFC", word.text)
        seen = "".join(" " if char.isspace() else char for char in text)
        shown = "".join(c for c in seen if unicodedata.category(c) != "Cc" and c not in _NEVER_SHOWN)
        parts = [part for part in shown.split(" ") if part]
        found += _shared(word, [(part, word.joined and not index) for index, part in enumerate(parts)])
    return found


def parted(words: Iterable[Word], width: float, measure: Callable[[str], float], language: str) -> list[Word]:
    """The same words, those without spaces phrase by phrase, those wider than `width` at their syllables."""
    found: list[Word] = []
    for word in words:
        pieces = softened(tokens(word.text), width, measure, language)
        texts = [
            (piece.text + ("-" if index + 1 < len(pieces) and pieces[index + 1].glue == "-" else ""))
            for index, piece in enumerate(pieces)
        ]
        found += _shared(word, [(text, word.joined or bool(index)) for index, text in enumerate(texts)])
    return found


def _shared(word: Word, parts: list[tuple[str, bool]]) -> list[Word]:
    """A word's time shared out to its parts by their lengths."""
    whole = sum(len(text) for text, _ in parts) or 1
    found, start, span = [], word.start, word.end - word.start
    for text, joined in parts:
        end = start + span * len(text) / whole
        found.append(Word(text, start, end, joined))
        start = end
    return found
