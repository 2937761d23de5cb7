"""Gives the words of a script the times of those that were recognised in its sound."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nightdesk.providers.speech.contract import WordTime
from nightdesk.providers.speech.timing import Span, shared

ENOUGH = 0.5
"""Of a word's letters, and of a script's words: where fewer were recognised, they are not those."""

QUICKEST, SLOWEST = 0.02, 0.3
"""Seconds that a letter takes, where only its word's neighbours tell when it is said."""

_SPREAD = 2
_MOST_CELLS = 6_000_000
_BEST, _ADDED, _LEFT_OUT = range(3)
_REPLACED, _BEGUN, _LONGER = 2, 1, 2
_NEVER = 1 << 29


@dataclass(frozen=True)
class _Letters:
    """Letters and digits as they are compared, a space where a word begins, and which word each is of."""

    text: str
    owner: Sequence[int]


@dataclass(frozen=True)
class _Heard:
    """Where a word was recognised: the first and the last of the heard letters, and when they are said."""

    first: int
    last: int
    start: float
    end: float


def times_heard(words: Sequence[str], heard: Sequence[WordTime], seconds: float) -> list[Span | None] | None:
    """When each of `words` is said in `seconds` of sound; None for those that share a neighbour's time.

    `heard` are the words that were recognised, in order, with a space ahead of each where they are written
    with spaces. None as a whole where less than half of the words are among them.
    """
    ours, theirs = _letters([f" {word}" for word in words]), _letters([word.text for word in heard])
    if len(ours.text) * len(theirs.text) > _MOST_CELLS:
        return None
    sizes = Counter(word for word, letter in zip(ours.owner, ours.text, strict=True) if letter != " ")
    found = _recognised(ours, theirs, sizes)
    if not found or len(found) < ENOUGH * len(sizes):
        return None
    moments = _moments(theirs, heard)
    known = {word: _Heard(at[0], at[1], moments[at[0]][0], moments[at[1]][1]) for word, at in found.items()}
    spans: list[Span | None] = [None] * len(words)
    for word, one in known.items():
        spans[word] = (one.start, one.end)
    edges = {-1: _Heard(-1, -1, 0.0, 0.0), len(words): _Heard(len(theirs.text), 0, seconds, seconds)}
    for before, after in pairwise([-1, *known, len(words)]):
        missed = [word for word in range(before + 1, after) if word in sizes]
        ahead, behind = (known.get(each) or edges[each] for each in (before, after))
        loose = [moments[at] for at in range(ahead.last + 1, behind.first) if theirs.text[at] != " "]
        letters = sum(sizes[word] for word in missed)
        # What was heard there instead is what they sounded like.
        place: Span | None = (loose[0][0], loose[-1][1]) if loose else None
        place = place or _room(ahead.end, behind.start, letters, late=before < 0)
        for word, span in _put(missed, words, place):
            spans[word] = span
    return spans


def _put(missed: Sequence[int], words: Sequence[str], place: Span | None) -> Iterator[tuple[int, Span]]:
    if missed and place:
        yield from zip(missed, shared([words[word] for word in missed], *place), strict=True)


def _room(start: float, stop: float, letters: int, *, late: bool) -> Span | None:
    """Where so many letters may be said between two words, next to the one there is; None without room."""
    if stop - start < QUICKEST * letters:
        return None
    most = min(stop - start, SLOWEST * letters)
    return (stop - most, stop) if late else (start, start + most)


def _letters(words: Sequence[str]) -> _Letters:
    """Without case, accents and punctuation; a word without letters has none."""
    text: list[str] = []
    owner: list[int] = []
    for number, word in enumerate(words):
        mine = [char for char in unicodedata.normalize("NFKD", word.casefold()) if char.isalnum()]
        if mine and word[:1].isspace():
            mine.insert(0, " ")
        text += mine
        owner += [number] * len(mine)
    return _Letters("".join(text), owner)


def _moments(theirs: _Letters, heard: Sequence[WordTime]) -> list[Span]:
    """When each letter is said: those of a word share its time evenly."""
    sizes = Counter(word for word, letter in zip(theirs.owner, theirs.text, strict=True) if letter != " ")
    nth: Counter[int] = Counter()
    moments: list[Span] = []
    for word, letter in zip(theirs.owner, theirs.text, strict=True):
        one = heard[word]
        step = (one.end - one.start) / sizes[word]
        start = one.start + step * nth[word]
        moments.append((start, start if letter == " " else start + step))
        nth[word] += letter != " "
    return moments


def _recognised(ours: _Letters, theirs: _Letters, sizes: Mapping[int, int]) -> dict[int, tuple[int, int]]:
    """Of each word that was recognised the first and the last of its letters among theirs, in order.

    It reaches to the edges of the heard word that it lies in, as far as no other does: `colour`, heard as
    `color`, ends where that ends.
    """
    claimed: dict[int, list[int]] = {}
    for mine, other in _pairs(ours.text, theirs.text):
        if ours.text[mine] != " ":
            claimed.setdefault(ours.owner[mine], []).append(other)
    known = {
        word: (at[0], at[-1])
        for word, at in claimed.items()
        if len(at) >= ENOUGH * sizes[word] and at[-1] - at[0] < _SPREAD * sizes[word] + 1
    }
    for before, word in pairwise([None, *known]):
        assert word is not None
        first, last = known[word]
        least = known[before][1] + 1 if before is not None else 0
        while (
            first > least and theirs.owner[first - 1] == theirs.owner[first] and theirs.text[first - 1] != " "
        ):
            first -= 1
        known[word] = (first, last)
    for word, after in pairwise([*known, None]):
        assert word is not None
        first, last = known[word]
        most = known[after][0] if after is not None else len(theirs.text)
        while last + 1 < most and theirs.owner[last + 1] == theirs.owner[last]:
            last += 1
        known[word] = (first, last)
    return known


def _pairs(ours: str, theirs: str) -> list[tuple[int, int]]:
    """The letters of two texts that are the same letter, in order.

    Aligned as is cheapest, where a gap costs to begin and for each letter, after Gotoh, "An improved
    algorithm for matching biological sequences" (1982): so that letters of a word stay together.
    """
    costs = _costs(_codes(ours), _codes(theirs))
    pairs = []
    mine, other, within = len(ours), len(theirs), _BEST
    while mine and other:
        here = costs[within, mine, other]
        same = ours[mine - 1] == theirs[other - 1]
        if within == _BEST:
            if here == costs[_BEST, mine - 1, other - 1] + _REPLACED * (not same):
                mine, other = mine - 1, other - 1
                if same:
                    pairs.append((mine, other))
            else:
                within = _ADDED if here == costs[_ADDED, mine, other] else _LEFT_OUT
            continue
        if within == _ADDED:
            other -= 1
        else:
            mine -= 1
        if here == costs[_BEST, mine, other] + _BEGUN + _LONGER:
            within = _BEST
    return pairs[::-1]


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


def _costs(ours: NDArray[np.uint32], theirs: NDArray[np.uint32]) -> NDArray[np.int32]:
    """The least cost of making the first letters of the one of those of the other: in whatever way, where the
    last of theirs is added, and where the last of ours is left out.
    """
    grown = _LONGER * np.arange(len(theirs) + 1, dtype=np.int32)
    costs = np.full((3, len(ours) + 1, len(theirs) + 1), _NEVER, np.int32)
    costs[_BEST, 0, 1:] = costs[_ADDED, 0, 1:] = _BEGUN + grown[1:]
    costs[_BEST, 0, 0] = 0
    for row, letter in enumerate(ours, 1):
        best, added, left_out = costs[:, row]
        ahead = costs[_BEST, row - 1]
        np.minimum(costs[_LEFT_OUT, row - 1], ahead + _BEGUN, out=left_out)
        left_out += _LONGER
        best[:] = left_out
        np.minimum(best[1:], ahead[:-1] + _REPLACED * (theirs != letter), out=best[1:])
        # A gap never begins where another ends, so its cheapest beginning is among what is known already.
        added[1:] = np.minimum.accumulate(best - grown)[:-1] + grown[1:] + _BEGUN
        np.minimum(best, added, out=best)
    return costs
