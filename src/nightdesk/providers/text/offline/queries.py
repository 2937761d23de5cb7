"""Turns what an article is to be about, or a question, into weighted terms to search the sources with."""

import re
from collections.abc import Iterable, Mapping

from nightdesk.providers.text.offline.lexicon import aspects_of, manners_of
from nightdesk.providers.text.offline.sentences import Sentence
from nightdesk.providers.text.offline.words import listed, pairs, subject_stems
from nightdesk.providers.text.questions import ArticleToWrite

_ASKED, _MANNER, _MANNER_ALONE = 0.6, 0.4, 1.2
"""What counts beside a word of the title: a figure of the kind asked for, an answer in the manner asked for
(permission, cause, remedy), alone where the words of the search tell nothing apart."""
_COMMON, _ALIAS, _ASTRAY = 0.15, 0.9, 0.6
"""What counts: a word of the site's subject, another name for a thing, one word of a longer search."""
_ALSO_CALLED = re.compile(
    r"(?:An? |The )?([\w -]{3,40}?),? (?:also|often|sometimes) (?:called|known as) ([\w -]{3,40}?),"
)
_PLAN_WORDS = listed("""
    figur mistak limit need step wrong cost judg siz amount suit work size decid outcom begin order
    answer ask check matter watch count look explain long tak behind short money fact number
    question known one plain part allow condition first test found problem choos compar
""")
"""Words that plans and titles say of anything."""
_BROAD = listed("beginner start hom basic everyon easy guid begin")
"""Words of searches that want all of a subject rather than a part."""
_SAYS_LITTLE = listed("""
    best top good fast quick add right detail recip household example work point glanc answer short tak know
    mean happen find need tell rul common kind typ way method
""")
GENERIC = _PLAN_WORDS | _BROAD | _SAYS_LITTLE
"""Words that name no thing of their own, in titles, searches and headings."""


def query_of(article: ArticleToWrite, common: frozenset[str], aliases: Mapping[str, str]) -> dict[str, float]:
    """The terms an article is about, with their weights: keywords, title, then its plan.

    Words of the title that no keyword has count half: they are as often the editor's turn of phrase. Words
    `common` to all that the site writes count little where there are others, since they tell no two sentences
    apart. `aliases`: other names that the sources give to a term.
    """
    weights: dict[str, float] = {}
    for place, keyword in enumerate(article.keywords[:12]):
        weight = max(0.35, 1.0 - 0.1 * place)
        _raise(weights, keyword, weight, alone=weight if place == 0 else weight * _ASTRAY)
    sought = frozenset(weights)
    title = [stem for stem in subject_stems(article.title) if stem not in _PLAN_WORDS]
    _raise(weights, " ".join(title), 0.5 if sought else 1.0)
    weights.update({term: 1.0 for term in title if term in sought})
    for section in article.outline:
        for text, weight in ((section.heading, 0.2), *((point, 0.12) for point in section.points)):
            _raise(weights, text, weight)
    weights = {term: weight for term, weight in weights.items() if term in sought or term not in _PLAN_WORDS}
    for term in [term for term in weights if term in aliases]:
        _raise(weights, aliases[term], _ALIAS * weights[term])
    return _without_common(weights, common) | _marks(article, sought, is_broad(article, common))


def heads_of(article: ArticleToWrite, common: frozenset[str]) -> dict[str, frozenset[str]]:
    """Nouns that the first searches narrow down, and by what: `worm composter` → composter: {worm}.

    An `electric composter` is another thing then. What the whole site is about narrows nothing down.
    """
    found: dict[str, frozenset[str]] = {}
    for phrase in article.keywords[:2] or [article.title]:
        for pair in pairs(subject_stems(phrase)):
            narrowing, noun = pair.split(" ")
            if narrowing not in common and noun not in common:
                found[noun] = found.get(noun, frozenset()) | {narrowing}
    return found


def is_broad(article: ArticleToWrite, common: frozenset[str]) -> bool:
    """True where the searches name nothing but what the whole site is about (`composting for beginners`)."""
    phrases = article.keywords[:2] or [article.title]
    return all(common | _BROAD >= frozenset(subject_stems(phrase)) for phrase in phrases)


def phrase_query(phrase: str) -> dict[str, float]:
    """The terms of one phrase, and the marks of the figures that it asks for."""
    weights: dict[str, float] = {}
    _raise(weights, phrase, 1.0)
    for aspect in aspects_of(frozenset(weights)):
        weights[aspect.mark] = _ASKED
    return weights | dict.fromkeys(manners_of(phrase), _MANNER)


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


def _marks(article: ArticleToWrite, sought: frozenset[str], broad: bool) -> dict[str, float]:
    asked = {aspect.mark: _ASKED for aspect in aspects_of(sought)}
    manners = manners_of(" / ".join(article.keywords[:4] or [article.title]))
    return asked | dict.fromkeys(manners, _MANNER_ALONE if broad else _MANNER)


def _without_common(weights: dict[str, float], common: frozenset[str]) -> dict[str, float]:
    rest = {term for term in weights if not common.issuperset(term.split(" "))}
    if not any(weights[term] >= 0.3 for term in rest):
        return weights
    return {term: weight if term in rest else weight * _COMMON for term, weight in weights.items()}


def _raise(weights: dict[str, float], text: str, weight: float, alone: float | None = None) -> None:
    """Raises the text's words and pairs to the weight; words that stand `alone` to another."""
    found = subject_stems(text)
    single = weight if alone is None or len(found) == 1 else alone
    for term, value in (*((stem, single) for stem in found), *((pair, weight) for pair in pairs(found))):
        weights[term] = max(weights.get(term, 0.0), value)
