"""Weighs the sentences of the sources for an article: BM25 with the words of title, keywords and plan."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from nightdesk.providers.text.offline.lexicon import marks_of
from nightdesk.providers.text.offline.passages import Block
from nightdesk.providers.text.offline.sentences import Sentence
from nightdesk.providers.text.offline.words import stems, terms

_K1, _B = 1.2, 0.6
"""BM25's saturation and length normalisation (Robertson and Zaragoza 2009, section 3.5), the latter a little
below its usual 0.75 because sentences differ less in length than documents."""
_HEADING, _DOCUMENT = 0.5, 0.12
"""What a query term counts where it stands in the heading over the sentence, or in its document's title."""
_ELSEWHERE = 0.3
"""What a sentence keeps of its weight under a heading that is on another thing of the name."""
_AFFINE = 0.4
"""What a sentence keeps of its weight in a document that has nothing else to say on the matter."""

_EVENED = 0.65
"""Exponent that brings middling scores nearer to the best: one perfect heading is no whole article."""
_OFTEN = 0.08
"""Share of all sentences that a word must be in to be what the sources are about."""

Weights = Mapping[str, float]
Heads = Mapping[str, frozenset[str]]
"""Nouns with the words that narrow them down to what is meant."""
NO_HEADS: Heads = {}


class Material:
    """What the sources offer for one article: its blocks, and a weight from 0 to 1 for each sentence."""

    def __init__(self, blocks: Sequence[Block], titles: Mapping[int, str]) -> None:
        """`titles`: of the documents, by number."""
        self.blocks = list(blocks)
        self._titles = {number: terms(title) | set(marks_of(title)) for number, title in titles.items()}
        self._over = {block.heading for block in self.blocks}
        self._headings = [terms(block.heading) | set(marks_of(block.heading)) for block in self.blocks]
        every = [sentence for block in self.blocks for sentence in block.sentences]
        self._mean = sum(len(sentence.terms) for sentence in every) / max(len(every), 1)
        self._count = len(every)
        self._within = Counter(term for sentence in every for term in sentence.terms)
        self._generality = [self._general(block) for block in self.blocks]

    @property
    def sentences(self) -> list[Sentence]:
        return [sentence for block in self.blocks for sentence in block.sentences]

    @property
    def rarities(self) -> dict[str, float]:
        """The rarity of every stem that the sources have."""
        every = {stem for sentence in self.sentences for stem in sentence.stems}
        return {stem: self.rarity(stem) for stem in every.union(*map(stems, self._over))}

    def rarity(self, term: str) -> float:
        """BM25's inverse document frequency, over sentences; never negative."""
        found = self._within[term]
        return math.log(1 + (self._count - found + 0.5) / (found + 0.5))

    def score(self, sentence: Sentence, query: Weights, heads: Heads = NO_HEADS) -> float:
        """How much of the query the sentence speaks of; headings and document titles count in part.

        A noun of `heads` that the sentence or its heading narrows down by another word does not count.
        """
        heading = self._headings[sentence.block]
        elsewhere = _astray(heading, heads)
        astray = _astray(sentence.terms, heads) | elsewhere
        title = self._titles.get(sentence.document, frozenset())
        spread = 1 - _B + _B * len(sentence.terms) / max(self._mean, 1)
        total = 0.0
        for term, weight in query.items():
            if term in astray:
                continue
            if term in sentence.terms:
                found = 1.0
            elif term in heading:
                found = _HEADING
            elif term in title:
                found = _DOCUMENT
            else:
                continue
            total += weight * self.rarity(term) * found * (_K1 + 1) / (found + _K1 * spread)
        return total * (_ELSEWHERE if elsewhere else 1.0)

    def scores(
        self,
        query: Weights,
        general: float = 0.0,
        heads: Heads = NO_HEADS,
        fit: Callable[[Block], float] | None = None,
    ) -> dict[Sentence, float]:
        """Every sentence's score, that of the five best being 1 on average; empty where none has any.

        `general`: what a sentence gains under a heading that names only what the sources are about; `fit`:
        what the sentences of a block keep of their weight, 0 to 1.
        """
        raw = {sentence: self.score(sentence, query, heads) for sentence in self.sentences}
        best = _mean_of_best(raw.values()) or 1.0
        for sentence in raw if general else ():
            raw[sentence] += general * best * self._generality[sentence.block]
        if fit:
            raw = {s: value * fit(self.blocks[s.block]) for s, value in raw.items()}
        raw = self._affine(raw)
        most = _mean_of_best(raw.values())
        return {s: min(value / most, 1.0) ** _EVENED for s, value in raw.items()} if most > 0 else {}

    def _affine(self, raw: dict[Sentence, float]) -> dict[Sentence, float]:
        """Documents with much to say on the query lift their sentences above stray mentions elsewhere."""
        found: dict[int, list[float]] = {}
        for sentence, value in raw.items():
            found.setdefault(sentence.document, []).append(value)
        depth = {number: sum(sorted(values)[-8:]) for number, values in found.items()}
        most = max(depth.values(), default=0.0) or 1.0
        share = {number: _AFFINE + (1 - _AFFINE) * value / most for number, value in depth.items()}
        return {sentence: value * share[sentence.document] for sentence, value in raw.items()}

    def _general(self, block: Block) -> float:
        """Share of a heading's words that the sources use everywhere; 0 for none."""
        named = stems(block.heading)
        often = {term for term, times in self._within.items() if times >= _OFTEN * self._count}
        return sum(stem in often for stem in named) / len(named) if named else 0.0


def _mean_of_best(values: Iterable[float]) -> float:
    best = sorted(values, reverse=True)[:5]
    return sum(best) / max(len(best), 1)


def _astray(found: frozenset[str], heads: Heads) -> frozenset[str]:
    """The nouns that stand here with a narrowing word, and only with others than those meant."""
    out = set()
    for noun, meant in heads.items():
        if noun in found and not any(f"{word} {noun}" in found for word in meant):
            before = {term.split(" ")[0] for term in found if term.endswith(f" {noun}")}
            out |= {noun} if before else set()
    return frozenset(out)
