"""Writes a compound one way throughout a list: `smart phone` or `smartphone`, whichever is commoner there."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nightdesk.lines.article.grouping.lexicon import Lexicon

SHORTEST = 5
LONGEST = 40

Pair = tuple[str, str]
"""The first part as written, the second folded."""


def one_way(phrases: Sequence[Sequence[str]], lexicon: Lexicon) -> Sequence[Sequence[str]]:
    """The phrases, as words, with each compound that the list writes both ways written its commoner way.

    A phrase in which nothing changes comes back as the same object.
    """
    compounds = _compounds(phrases, lexicon)
    if not compounds.joined and not compounds.parted:
        return phrases
    return [_written(found, compounds, lexicon) for found in phrases]


@dataclass(frozen=True)
class _Compounds:
    joined: frozenset[Pair]
    parted: dict[str, Pair]
    """By the folded compound."""


def _compounds(phrases: Sequence[Sequence[str]], lexicon: Lexicon) -> _Compounds:
    together: Counter[str] = Counter()
    for found in phrases:
        together.update(found)
    pairs = _pairs(set(together), lexicon)
    firsts = {first for first, _ in pairs}
    apart: Counter[Pair] = Counter()
    for found in phrases:
        for word, after in pairwise(found):
            if word in firsts and (pair := (word, lexicon.fold(after))) in pairs:
                apart[pair] += 1
    folded: Counter[str] = Counter()
    for word, count in together.items():
        folded[lexicon.fold(word)] += count
    ways: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in sorted(apart, key=lambda pair: (-apart[pair], pair)):
        ways[pairs[pair]].append(pair)
    joined = frozenset(pair for one, found in ways.items() for pair in found if folded[one] > apart[pair])
    parted = {one: found[0] for one, found in ways.items() if folded[one] <= apart[found[0]]}
    return _Compounds(joined, parted)


def _pairs(vocabulary: set[str], lexicon: Lexicon) -> dict[Pair, str]:
    """Every way to part a word of the vocabulary into two others, with the word, folded."""
    folded = {lexicon.fold(word) for word in vocabulary} - lexicon.dropped
    parts = vocabulary - lexicon.dropped
    pairs: dict[Pair, str] = {}
    for word in sorted(vocabulary):
        if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
            continue
        for at in range(1, len(word)):
            if word[:at] in parts and (rest := lexicon.fold(word[at:])) in folded:
                pairs[word[:at], rest] = lexicon.fold(word)
    return pairs


def _written(found: Sequence[str], compounds: _Compounds, lexicon: Lexicon) -> Sequence[str]:
    written: list[str] = []
    for word in found:
        if written and (written[-1], lexicon.fold(word)) in compounds.joined:
            written[-1] += word
        elif (pair := compounds.parted.get(lexicon.fold(word))) and word.startswith(pair[0]):
            written.extend((pair[0], word[len(pair[0]) :]))
        else:
            written.append(word)
    return written if len(written) != len(found) else found
