"""One article being compiled: its sources weighed, what is spent already, and how a section is filled."""

import re
from collections.abc import Callable, Sequence

from nightdesk.providers.text.offline.draft import Entries, Heading, Paragraph, Part
from nightdesk.providers.text.offline.facts import parallels
from nightdesk.providers.text.offline.fit import Fit
from nightdesk.providers.text.offline.lexicon import PITFALL, role_of
from nightdesk.providers.text.offline.passages import Block, read
from nightdesk.providers.text.offline.phrases import sentence_case
from nightdesk.providers.text.offline.queries import aliases_in, heads_of, is_broad, query_of
from nightdesk.providers.text.offline.relevance import Material
from nightdesk.providers.text.offline.selection import (
    FLOOR,
    Run,
    Scores,
    Spent,
    best_runs,
    says_the_same,
    told,
)
from nightdesk.providers.text.offline.sentences import Sentence
from nightdesk.providers.text.offline.statements import subject_of
from nightdesk.providers.text.offline.topics import Topic, in_order, topics_of
from nightdesk.providers.text.offline.words import cues, stems, subject_stems
from nightdesk.providers.text.questions import ArticleToWrite

_FULL_PARAGRAPH = 75
_SECTION_WORDS = 150
_GENERAL = 0.8
_OPENS, _AT_LEAST, _ASIDE = 0.3, 0.4, 0.4
_ONE_OF_MANY = cues("second|third|fourth|fifth|sixth|seventh|another|also|therefore|such")
"""What shows that something went before, so that an article cannot begin with it."""
_CONTRAST = re.compile(r", (?:while|whereas) ")
"""What the first sentence under a heading is worth as an opening, and the weight that any needs."""
_FITS = 0.45
"""How well a section must fit what the article is about."""
_SCRAP = 28
"""Words under which a heading is not worth having."""
_WHOLE = 0.6
"""How well a section must fit to be told from its beginning."""
_ASTRAY = 0.5
"""How far the subject of an opening may belong to one source alone without being the article's."""
_FOLLOWS = 0.1
"""What a sentence needs to go on with an opening under a heading that fits."""
_ABOUT_IT = 0.5
"""Share of a list's heading that the title or a keyword must name before the list is set whole."""


class Compilation:
    """What every shape of article is compiled with."""

    def __init__(self, article: ArticleToWrite) -> None:
        self.article = article
        self._bar, self._least_fit = 0.0, _FITS
        self.english = article.site.language.casefold().startswith("en")
        self.common = frozenset(stems(article.site.subject))
        """Stems of what the whole site is about: they tell no two sentences apart."""
        titles = {document.number: document.title for document in article.documents}
        self.material = Material(read(article.passages), titles)
        query = query_of(article, self.common, aliases_in(self.material.sentences))
        self.broad = is_broad(article, self.common) and not any(mark in query for mark in ("<may>", "<not>"))
        """True where the article is on all that the site is about rather than on a part."""
        heads = heads_of(article, self.common)
        self.rarities = self.material.rarities
        self.fit = Fit(article, self.blocks, self.common, titles)
        query = self.fit.widened(query)
        general = _GENERAL if self.broad else 0.0
        self.scores: Scores = self.material.scores(query, general, heads, self.fit.of)
        self.spent = Spent()

    @property
    def blocks(self) -> list[Block]:
        return self.material.blocks

    def topics(
        self,
        most: int | None = None,
        bar: float | None = None,
        weigh: Callable[[Topic], float] | None = None,
    ) -> list[Topic]:
        """The subtopics that carry a section, in the order of the plan; at most what the length bears.

        `weigh`: what a subtopic counts, where its weight by the sources alone is not enough.
        """
        found = [topic for topic in topics_of(self.blocks, self.scores) if self.fits(topic)]
        for topic in found if weigh else ():
            topic.weight = weigh(topic) if weigh else 0.0
        found.sort(key=lambda topic: -topic.weight)
        best = found[0].weight if found else 0.0
        least = (self._bar if bar is None else bar) * best
        worth = [topic for topic in found if topic.weight >= least or self._on_it(topic)]
        worth = worth[:1] + [topic for topic in worth[1:] if not self._told_elsewhere(topic.heading)]
        bearable = most or max(3, round(self.article.words / _SECTION_WORDS))
        return in_order(worth[:bearable], self.article.outline)

    def _on_it(self, topic: Topic) -> bool:
        """True, where the article would be too short otherwise, for any topic on its very matter."""
        return self._least_fit < _FITS and not self.broad and self.fit.best(topic.blocks) >= _WHOLE

    def fits(self, topic: Topic) -> bool:
        """True where the topic is on the article's own matter; lower bars let in what lies beside it."""
        return self.fit.best(topic.blocks) >= self._least_fit

    def lede(self, liking: Callable[[Sentence], float], longest: int = 3) -> list[Part]:
        """An opening paragraph: the sentence that speaks best for the whole, and what follows it."""
        liked = {
            s: 0.5 * score + 0.5 * liking(s) + (_OPENS if s.place == 0 else 0.0) - self._aside(s)
            for s, score in self.scores.items()
            if score >= _AT_LEAST and not s.leans and self.blocks[s.block].kind == "prose"
        }
        rows = frozenset(s for block in self.blocks for family in self._families(block) for s in family)
        free = [s for s in liked if s not in self.spent and s not in rows and self.opens(s)]
        if not free:
            return []
        first = max(free, key=lambda sentence: liked[sentence])
        whole = self.fit.of(self.blocks[first.block]) >= _WHOLE
        said = self.with_what_follows(first, self.scores, longest, _FOLLOWS if whole else _AT_LEAST)
        self.spent.add(said)
        return [Paragraph(said)]

    def opens(self, sentence: Sentence) -> bool:
        """True for a sentence that is on the article's own matter and under a heading that is too."""
        block = self.blocks[sentence.block]
        found = subject_of(sentence.text)
        subject = found[0] if found else sentence.text
        fitting = self.fit.of(block) >= _FITS and self.fit.names(sentence)
        return fitting and not _ONE_OF_MANY.search(sentence.text) and self.fit.astray(subject) < _ASTRAY

    def with_what_follows(
        self, first: Sentence, scores: Scores, longest: int, floor: float
    ) -> tuple[Sentence, ...]:
        """The sentence and those after it in its block that are worth `floor` or lean on it."""
        said = [first]
        for sentence in self.blocks[first.block].sentences[first.place + 1 :]:
            belongs = scores.get(sentence, 0.0) >= floor or sentence.leans
            repeats = sentence in self.spent or any(says_the_same(sentence, other) for other in said)
            if len(said) >= longest or not belongs or repeats:
                break
            said.append(sentence)
        return tuple(said)

    def _aside(self, sentence: Sentence) -> float:
        """What speaks against an opening: a comparison where none is promised, a section on troubles."""
        contrast = self.article.structure != "comparison" and bool(_CONTRAST.search(sentence.text))
        trouble = role_of(self.blocks[sentence.block].heading) >= PITFALL
        return _ASIDE * (contrast + trouble)

    def section(
        self, heading: str, blocks: Sequence[Block], words: int, scores: Scores | None = None
    ) -> list[Part]:
        """A heading and what the blocks say, about `words` words; nothing where they say too little."""
        body = self.body(blocks, words, scores)
        if not body or _is_scrap(body):
            return []
        return [Heading(self.heading(heading)), *body]

    def body(
        self, blocks: Sequence[Block], words: int, scores: Scores | None = None, longest: int = 4
    ) -> list[Part]:
        """Lists and tables first found whole, then paragraphs of runs, until about `words` words."""
        weights = scores or self.scores
        lists = [block for block in blocks if block.kind != "prose" and self._lists(block)]
        listed = [part for block in lists for part in self.entries(block, weights)]
        prose = [block for block in blocks if block.kind == "prose"]
        tables = [part for block in prose for part in self._tables(block, weights)]
        left = words - sum(_words_of(part) for part in (*listed, *tables))
        runs = self._runs(prose, weights, left, longest)
        return [*paragraphs(runs), *tables, *listed]

    def _runs(self, prose: Sequence[Block], weights: Scores, words: int, longest: int) -> list[Run]:
        """A section that fits is told from its beginning; of another, what is worth most."""
        if words <= 0:
            return []
        enough = _WHOLE if self._least_fit >= _FITS else self._least_fit
        whole = [block for block in prose if self.fit.of(block) >= enough]
        runs: list[Run] = []
        for block in whole:
            left = words - sum(run.words for run in runs)
            runs += told(block, weights, self.spent, left) if left > 0 else []
        left = words - sum(run.words for run in runs)
        rest = [block for block in prose if block not in whole]
        return runs + (best_runs(rest, weights, self.spent, left, longest) if left > 0 and rest else [])

    def entries(self, block: Block, scores: Scores, floor: float = FLOOR) -> list[Part]:
        """The block's list, whole, where it is relevant on the whole and not spent; else nothing."""
        free = [sentence for sentence in block.sentences if sentence not in self.spent]
        mean = sum(scores.get(s, 0.0) for s in free) / max(len(free), 1)
        if len(free) < max(2, len(block.sentences) * 0.7) or mean < floor:
            return []
        self.spent.add(free)
        return [Entries(tuple((sentence,) for sentence in free), ordered=block.kind == "steps")]

    def touches(self, heading: str) -> bool:
        """True where the heading names something that the title or the first keywords are about."""
        phrases = (self.article.title, *self.article.keywords[:4])
        wanted = frozenset(term for phrase in phrases for term in subject_stems(phrase)) - self.common
        return self.broad or not wanted or bool(wanted & frozenset(subject_stems(heading)))

    def _told_elsewhere(self, heading: str) -> bool:
        """True where another piece of the site is on this very matter, more than this article is."""
        named = frozenset(subject_stems(heading)) - self.common
        here = (
            frozenset(subject_stems(" ".join((self.article.title, *self.article.keywords[:2])))) - self.common
        )
        pieces = (frozenset(subject_stems(piece.title)) - self.common for piece in self.article.own_pieces)
        return any(named and piece and piece <= named and piece - here for piece in pieces if piece != here)

    def start_again(self, bar: float | None = None, least_fit: float | None = None) -> None:
        """Forgets what is spent.

        `bar`: share of the weightiest subtopic's weight that a section needs; `least_fit`: how well it must
        fit what the article is about.
        """
        self.spent = Spent()
        self._least_fit = self._least_fit if least_fit is None else least_fit
        self._bar = self._bar if bar is None else bar

    def is_about(self, heading: str) -> bool:
        """True where the title or one of the first keywords names most of what the heading does."""
        named = [term for term in subject_stems(heading) if term not in self.common]
        phrases = (self.article.title, *self.article.keywords[:4])
        wanted = frozenset(term for phrase in phrases for term in subject_stems(phrase))
        return not named or sum(term in wanted for term in named) >= _ABOUT_IT * len(named)

    def _lists(self, block: Block) -> bool:
        """True for a list that is set whole: under a heading that fits or is on the very matter."""
        return self.fit.of(block) >= _WHOLE or self.is_about(block.heading)

    def _tables(self, block: Block, scores: Scores) -> list[Part]:
        free = [sentence for sentence in block.sentences if sentence not in self.spent]
        out: list[Part] = []
        for family in parallels(free) if self.english else []:
            if sum(scores.get(s, 0.0) for s in family.sentences) / len(family.sentences) >= FLOOR:
                self.spent.add(family.sentences)
                out.append(family.table)
        return out

    def _families(self, block: Block) -> list[tuple[Sentence, ...]]:
        """The statements of a block that belong in a table."""
        return [family.sentences for family in parallels(block.sentences)] if self.english else []

    def heading(self, text: str) -> str:
        """A heading of the sources as ours: sentence case, no closing mark but a question's."""
        return sentence_case(text.strip().rstrip(".:;,")) if self.english else text.strip()


def paragraphs(runs: Sequence[Run]) -> list[Paragraph]:
    """Runs as paragraphs; short ones that stand together in a source share one."""
    out: list[list[Sentence]] = []
    for run in runs:
        room = bool(out) and sum(s.length for s in out[-1]) + run.words <= _FULL_PARAGRAPH
        if room and out[-1][-1].document == run.sentences[0].document:
            out[-1] += run.sentences
        else:
            out.append(list(run.sentences))
    return [Paragraph(tuple(sentences)) for sentences in out]


def _is_scrap(body: Sequence[Part]) -> bool:
    """True for prose too short to stand under a heading of its own."""
    prose = all(isinstance(part, Paragraph) for part in body)
    return prose and sum(_words_of(part) for part in body) < _SCRAP


def _words_of(part: Part) -> int:
    match part:
        case Entries(entries, _):
            return sum(sentence.length for entry in entries for sentence in entry)
        case Paragraph(sentences):
            return sum(sentence.length for sentence in sentences)
        case Heading() | _:
            return sum(len(cell.text.split()) for row in getattr(part, "rows", ()) for cell in row)
