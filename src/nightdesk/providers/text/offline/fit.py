"""Tells how well a section of the sources fits an article: on its own matter, or on something narrower."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from nightdesk.providers.text.offline.passages import Block
from nightdesk.providers.text.offline.queries import GENERIC, aliases_in
from nightdesk.providers.text.offline.sentences import Sentence
from nightdesk.providers.text.offline.words import listed, stems, subject_stems
from nightdesk.providers.text.questions import ArticleToWrite

MAKES = listed("build diy creat construct own start begin set")
"""Stems of words for making a thing or setting it up, beside `make`, which carries no meaning here."""
_TITLE, _TEXT = 0.85, 0.8
"""What a section is worth whose document's title, or whose sentences, name the matter and not its heading."""
_ASTRAY_HEADING, _ASTRAY_TITLE, _ASTRAY_BROAD = 0.35, 0.3, 0.9
_UNNAMED = 0.4
"""What a section on no part of the matter keeps where the article is on all of it."""
_FEWEST, _DOCUMENTS = 3, 4
"""Sentences a word must stand in to be anybody's; documents under which sections are told apart instead."""
_OFTENER, _SMOOTHED = 3.0, 5
"""How much oftener than elsewhere a word of one's own is said; sentences added to each document's own."""
_UNHEADED = 0.5
"""What a word counts that no heading has."""
_OTHER_NAME = 0.9
_LEAST, _ROOT = 0.05, 4
Place = tuple[int, str]
"""A document, and one of its headings where the documents are few."""
_ONE_OF_MANY = 0.44
"""The same under a title that names several things: most of its sections are on another of them."""
_LISTED = re.compile(r"^[^:]+, [^:]+ and ")
_CLAUSE = re.compile(r"[:;,] ")


class Fit:
    """Weighs sections from 0 to 1 by what their heading, their document's title and their sentences name."""

    def __init__(
        self,
        article: ArticleToWrite,
        blocks: Sequence[Block],
        common: frozenset[str],
        titles: Mapping[int, str],
    ) -> None:
        """`common`: stems of what the whole site is about; `titles`: of the documents, by number."""
        self._blocks = blocks
        self._titles = {number: _CLAUSE.split(title)[0] for number, title in titles.items()}
        self._mixed = frozenset(number for number, title in titles.items() if _LISTED.search(title))
        self._whole = {number: frozenset(stems(title)) for number, title in titles.items()}
        self._said = common | GENERIC | MAKES
        phrases = [article.title, *article.keywords[:2]]
        self._meant = frozenset(stem for phrase in phrases for stem in stems(phrase))
        self._aliases = aliases_in(s for block in blocks for s in block.sentences)
        self.own = self._own(article)
        """What the article is about and the site is not: stems with other names; empty where it is broad."""
        self._asked = self._meant & common
        self._known: dict[int, float] = {}

    def of(self, block: Block) -> float:
        """How well the block's section fits."""
        if block.number not in self._known:
            found = self._narrow(block) if self.own else self._broad(block)
            self._known[block.number] = max(found, _LEAST)
        return self._known[block.number]

    def best(self, blocks: Iterable[Block]) -> float:
        """The best of these."""
        return max((self.of(block) for block in blocks), default=0.0)

    def names(self, sentence: Sentence) -> bool:
        """True where the sentence itself speaks of what the article is about."""
        return self.covers(sentence.stems) >= 0.5 if self.own else bool(self._asked & sentence.stems)

    def widened(self, query: Mapping[str, float]) -> dict[str, float]:
        """The query with the other names of what it asks for."""
        asked = {stem: names for stem, names in self.own.items() if stem in query}
        more = {name: _OTHER_NAME * query[stem] for stem, names in asked.items() for name in names}
        return {**more, **query}

    def heads(self, stem: str) -> bool:
        """True where a heading or a title has the word."""
        return stem in self._over

    def covers(self, said: frozenset[str]) -> float:
        """Share of what the article is about that these stems name, 0 to 1."""
        every = sum(self._weight(stem) for stem in self.own)
        named = sum(self._weight(stem) for stem, names in self.own.items() if names & said)
        return named / every if every else 0.0

    def astray(self, text: str, home: int | None = None) -> float:
        """1 where the text names a thing that only one source is about and the article is not, else less.

        What is the own matter of the document `home` does not count.
        """
        extra = frozenset(stems(text)) - self._said - self._meant - self._other_names
        return max(
            (self.apart(stem) for stem in extra if home is None or self._home(stem) != home), default=0.0
        )

    def apart(self, stem: str) -> float:
        """How far a word belongs to one source alone, 0 to 1: `tea` rather than `pile`."""
        times = self._where.get(stem, Counter())
        if times.total() < _FEWEST:
            return 0.0
        rates = sorted(
            (times[place] / (said + _SMOOTHED) for place, said in self._sizes.items()), reverse=True
        )
        others = sum(rates[1:]) / max(len(rates) - 1, 1)
        return max(1 - _OFTENER * others / rates[0], 0.0)

    def _home(self, stem: str) -> int | None:
        """The document that a word belongs to."""
        times = self._where.get(stem)
        place = (
            max(times, key=lambda place: times[place] / (self._sizes[place] + _SMOOTHED)) if times else None
        )
        return place[0] if place else None

    def _narrow(self, block: Block) -> float:
        over, title = frozenset(stems(block.heading)), self._whole.get(block.document, frozenset())
        named = sum(self.covers(s.stems | over) >= 0.5 for s in block.sentences) / len(block.sentences)
        by_title = self.covers(over | title) * (_ONE_OF_MANY if block.document in self._mixed else _TITLE)
        found = max(self.covers(over), by_title, _TEXT * min(2 * named, 1.0))
        found *= 1 - _ASTRAY_HEADING * self.astray(block.heading, block.document)
        return found if self.covers(title) >= 0.5 else found * (1 - _ASTRAY_TITLE * self._title_astray(block))

    def _broad(self, block: Block) -> float:
        named = self._asked & (frozenset(stems(block.heading)) | self._whole.get(block.document, frozenset()))
        found = 1.0 if named else _UNNAMED
        astray = max(self.astray(block.heading), self._title_astray(block))
        return found * (1 - _ASTRAY_BROAD * astray)

    def _title_astray(self, block: Block) -> float:
        return self.astray(self._titles.get(block.document, ""))

    def _own(self, article: ArticleToWrite) -> dict[str, frozenset[str]]:
        first = article.keywords[0] if article.keywords else article.title
        searched = frozenset(stem for keyword in article.keywords for stem in subject_stems(keyword))
        title = [stem for stem in subject_stems(article.title) if stem in searched]
        found = [s for s in dict.fromkeys((*subject_stems(first), *title)) if s not in self._said]
        held = [stem for stem in found if self._weight(stem) > 0 or self._kin(stem)]
        return {stem: frozenset({stem, *self._called(stem), *self._kin(stem)}) for stem in held}

    def _kin(self, stem: str) -> list[str]:
        """Words of headings that differ in their ending alone: `sift` for `sifter`."""

        def alike(other: str) -> bool:
            shorter, longer = sorted((stem, other), key=len)
            return len(shorter) >= _ROOT and longer.startswith(shorter) and len(longer) - len(shorter) <= 2

        return [other for other in self._over - self._said if other != stem and alike(other)]

    def _weight(self, stem: str) -> float:
        """What a word counts among those that the article is about: most where it stands in a heading."""
        if stem in self._over or stem in self._aliases or self._kin(stem):
            return 1.0
        return _UNHEADED if self.apart(stem) >= 0.5 else 0.0

    def _called(self, stem: str) -> list[str]:
        """The head of another name: one word of a longer name is not the thing yet."""
        return [s for s in subject_stems(self._aliases.get(stem, "")) if s not in self._said][-1:]

    @cached_property
    def _other_names(self) -> frozenset[str]:
        return frozenset().union(*self.own.values())

    @cached_property
    def _over(self) -> frozenset[str]:
        """The stems of all headings and titles."""
        headings = {stem for block in self._blocks for stem in stems(block.heading)}
        return frozenset(headings).union(*self._whole.values())

    @cached_property
    def _sizes(self) -> Counter[Place]:
        """How many sentences each document has; each section, where the documents are few."""
        sizes: Counter[Place] = Counter()
        for block in self._blocks:
            sizes[self._place(block)] += len(block.sentences)
        return sizes

    @cached_property
    def _where(self) -> dict[str, Counter[Place]]:
        """In how many sentences and headings of each place a stem stands."""
        found: defaultdict[str, Counter[Place]] = defaultdict(Counter)
        for block in self._blocks:
            for said in (frozenset(stems(block.heading)), *(s.stems for s in block.sentences)):
                for stem in said:
                    found[stem][self._place(block)] += 1
        return dict(found)

    def _place(self, block: Block) -> Place:
        return block.document, block.heading if self._few else ""

    @cached_property
    def _few(self) -> bool:
        return len({block.document for block in self._blocks}) < _DOCUMENTS
