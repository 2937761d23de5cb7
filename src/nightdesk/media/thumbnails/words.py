"""Says a title in few words, as a thumbnail has room for."""

import re
import unicodedata
from itertools import accumulate

from nightdesk.media.typesetting.eastern import phrases

MOST_WORDS, MOST_LETTERS = 8, 40
"""What four lines of a wide thumbnail hold at the size that can be read at 120 pixels."""

_PARTS = re.compile(r"\s*[:|–—]\s+|\s+[-|–—]\s+|[:|：]\s*(?=\D)")
_FILLING = frozenset(("a", "an", "the", "of", "and", "or", "to", "in", "on", "for", "with", "their", "your"))
"""Words that a cut title may not end with; those of other languages show what the ellipsis says anyway."""

_CLOSING = " .,;:-–—"


def few_words(title: str) -> str:
    """The title where it is short, else its first telling part, else its first words and an ellipsis."""
    title = " ".join(title.split()).rstrip(".")
    if _short(title):
        return title
    parts = [part for part in _PARTS.split(title) if part]
    for part in parts:
        if _short(part) and _telling(part):
            return part.strip(_CLOSING)
    return _cut(parts[0] if parts and _telling(parts[0]) else title)


def _short(text: str) -> bool:
    return len(text.split()) <= MOST_WORDS and _letters(text) <= MOST_LETTERS


def _telling(part: str) -> bool:
    return len(part.split()) >= 2 or len(part) >= 8


def _cut(text: str) -> str:
    words = text.split()
    if len(words) == 1:
        return _cut_unparted(text)
    kept: list[str] = []
    for word in words[:MOST_WORDS]:
        if kept and _letters(" ".join([*kept, word])) > MOST_LETTERS:
            break
        kept.append(word)
    while len(kept) > 2 and kept[-1].casefold() in _FILLING:
        kept.pop()
    said = " ".join(kept).strip(_CLOSING)
    return said if len(kept) == len(words) else said + "…"


def _cut_unparted(text: str) -> str:
    """A text without spaces up to the end of a phrase, or to a letter where it has none so early."""
    if _letters(text) <= MOST_LETTERS:
        return text
    ends = accumulate(map(len, phrases(text)))
    most = max((end for end in ends if _letters(text[:end]) <= MOST_LETTERS), default=0)
    most = most or next(n for n in range(len(text)) if _letters(text[: n + 2]) > MOST_LETTERS)
    return text[:most].strip(_CLOSING + "、。，") + "…"


def _letters(text: str) -> int:
    """How many letters' room a text takes: ideographs are twice as wide as other letters."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
