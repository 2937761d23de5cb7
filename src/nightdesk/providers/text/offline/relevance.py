"""Weighs the sentences of the sources for an article: BM25 with the words of title, keywords and plan."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from nightdesk.providers.text.offline.lexicon import aspects_of, manners_of, marks_of
from nightdesk.providers.text.offline.passages import Block
from nightdesk.providers.text.offline.sentences import Sentence
from nightdesk.providers.text.offline.words import FILLER, listed, pairs, subject_stems, terms
from nightdesk.providers.text.questions import ArticleToWrite

_K1, _B = 1.2, 0.6
"""BM25's saturation and length normalisation (Robertson and Zaragoza 2009, section 3.5), the latter a little
below its usual 0.75 because sentences differ less in length than documents."""
_HEADING, _DOCUMENT = 0.5, 0.12
"""What a query term counts where it stands in the heading over the sentence, or in its document's title."""
_ASKED = 0.6
"""What a figure of the kind asked for counts beside a word of the title."""

_COMMON, _MANNER = 0.15, 0.4
"""What a word of the site's subject counts, and an answer in the manner asked for (permission, cause, remedy)."""
_AFFINE = 0.5
"""What a sentence keeps of its weight in a document that has nothing else to say on the matter."""

_ALSO_CALLED = re.compile(
    r"(?:An? |The )?([\w -]{3,40}?),? (?:also|often|sometimes) (?:called|known as) ([\w -]{3,40}?),"
)
_PLAN_WORDS = listed("""
    figur mistak limit need step wrong cost judg siz amount suit work size decid outcom begin order answer ask check
    matter watch count look explain long tak behind short money fact number question known one plain part
""")
"""Words that plans and titles say of anything."""

Weights = Mapping[str, float]


class Material:
    """What the sources offer for one article: its blocks, and a weight from 0 to 1 for each sentence."""

    def __init__(self, blocks: Sequence[Block], titles: Mapping[int, str]) -> None:
        """`titles`: of the documents, by number."""
        self.blocks = list(blocks)
        self._titles = {number: terms(title) | set(marks_of(title)) for number, title in titles.items()}
        self._headings = [terms(block.heading) | set(marks_of(block.heading)) for block in self.blocks]
        every = [sentence for block in self.blocks for sentence in block.sentences]
        self._mean = sum(len(sentence.terms) for sentence in every) / max(len(every), 1)
        self._count = len(every)
        self._within = Counter(term for sentence in every for term in sentence.terms)

    @property
    def sentences(self) -> list[Sentence]:
        return [sentence for block in self.blocks for sentence in block.sentences]

    def rarity(self, term: str) -> float:
        """BM25's inverse document frequency, over sentences; never negative."""
        found = self._within[term]
        return math.log(1 + (self._count - found + 0.5) / (found + 0.5))

    def score(self, sentence: Sentence, query: Weights) -> float:
        """How much of the query the sentence speaks of; headings and document titles count in part."""
        heading = self._headings[sentence.block]
        title = self._titles.get(sentence.document, frozenset())
        spread = 1 - _B + _B * len(sentence.terms) / max(self._mean, 1)
        total = 0.0
        for term, weight in query.items():
            if term in sentence.terms:
                found = 1.0
            elif term in heading:
                found = _HEADING
            elif term in title:
                found = _DOCUMENT
            else:
                continue
            total += weight * self.rarity(term) * found * (_K1 + 1) / (found + _K1 * spread)
        return total

    def scores(self, query: Weights) -> dict[Sentence, float]:
        """Every sentence's score, that of the five best being 1 on average; empty where none has any."""
        raw = self._affine({sentence: self.score(sentence, query) for sentence in self.sentences})
        best = sorted(raw.values(), reverse=True)[:5]
        most = sum(best) / max(len(best), 1)
        return {sentence: min(value / most, 1.0) for sentence, value in raw.items()} if most > 0 else {}

    def _affine(self, raw: dict[Sentence, float]) -> dict[Sentence, float]:
        """Documents with much to say on the query lift their sentences above stray mentions elsewhere."""
        found: dict[int, list[float]] = {}
        for sentence, value in raw.items():
            found.setdefault(sentence.document, []).append(value)
        depth = {number: sum(sorted(values)[-8:]) for number, values in found.items()}
        most = max(depth.values(), default=0.0) or 1.0
        share = {number: _AFFINE + (1 - _AFFINE) * value / most for number, value in depth.items()}
        return {sentence: value * share[sentence.document] for sentence, value in raw.items()}

    def known(self, query: Iterable[str]) -> float:
        """Share of these terms that the sources know at all."""
        wanted = list(query)
        return sum(self._within[term] > 0 for term in wanted) / len(wanted) if wanted else 0.0


def query_of(
    article: ArticleToWrite, common: frozenset[str] = frozenset(), aliases: Mapping[str, str] | None = None
) -> dict[str, float]:
    """The terms an article is about, with their weights: keywords, title, then its plan.

    Words of the title that no keyword has count half: they are as often the editor's turn of phrase. Words
    `common` to all that the site writes count little where there are others, since they tell no two sentences
    apart. `aliases`: other names that the sources give to a term.
    """
    weights: dict[str, float] = {}
    for place, keyword in enumerate(article.keywords[:12]):
        _raise(weights, keyword, max(0.35, 1.0 - 0.1 * place))
    sought = frozenset(weights)
    title = frozenset(subject_stems(article.title)) - _PLAN_WORDS
    _raise(weights, " ".join(title), 0.5 if sought else 1.0)
    weights.update(dict.fromkeys(title & sought, 1.0))
    for section in article.outline:
        for text, weight in ((section.heading, 0.2), *((point, 0.12) for point in section.points)):
            _raise(weights, text, weight)
    weights = {term: weight for term, weight in weights.items() if term in sought or term not in _PLAN_WORDS}
    for term in [term for term in weights if term in (aliases or {})]:
        _raise(weights, (aliases or {})[term], 0.9 * weights[term])
    weights = _without_common(weights, common)
    for aspect in aspects_of(sought):
        weights[aspect.mark] = _ASKED
    for mark in manners_of(" / ".join((article.title, *article.keywords[:4]))):
        weights[mark] = _MANNER
    return weights


def _without_common(weights: dict[str, float], common: frozenset[str]) -> dict[str, float]:
    rest = {term for term in weights if not common.issuperset(term.split(" "))}
    if not any(weights[term] >= 0.3 for term in rest):
        return weights
    return {term: weight if term in rest else weight * _COMMON for term, weight in weights.items()}


def aliases_in(sentences: Iterable[Sentence]) -> dict[str, str]:
    """Other names that the sources state: `Worm composting, also called vermicomposting, is …`, both ways."""
    found: dict[str, str] = {}
    for sentence in sentences:
        stated = _ALSO_CALLED.match(sentence.text)
        if stated:
            for name, other in ((stated[1], stated[2]), (stated[2], stated[1])):
                for term in subject_stems(name)[-1:]:
                    found.setdefault(term, other)
    return found


def phrase_query(phrase: str) -> dict[str, float]:
    """The terms of one phrase, and the marks of the figures that it asks for."""
    weights: dict[str, float] = {}
    _raise(weights, phrase, 1.0)
    for aspect in aspects_of(frozenset(weights) | frozenset(subject_stems(phrase))):
        weights[aspect.mark] = _ASKED
    weights.update(dict.fromkeys(manners_of(phrase), _MANNER))
    return weights


def _raise(weights: dict[str, float], text: str, weight: float) -> None:
    found = subject_stems(text)
    for term in (*found, *pairs(found)):
        if term not in FILLER:
            weights[term] = max(weights.get(term, 0.0), weight)
