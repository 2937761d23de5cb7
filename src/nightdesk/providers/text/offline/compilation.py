"""One article being compiled: its sources weighed, what is spent already, and how a section is filled."""

import re
from collections.abc import Callable, Sequence

from nightdesk.providers.text.offline.draft import Entries, Heading, Paragraph, Part
from nightdesk.providers.text.offline.facts import parallels
from nightdesk.providers.text.offline.passages import Block, read
from nightdesk.providers.text.offline.phrases import sentence_case
from nightdesk.providers.text.offline.queries import aliases_in, heads_of, is_broad, query_of
from nightdesk.providers.text.offline.relevance import Material
from nightdesk.providers.text.offline.selection import FLOOR, Run, Scores, Spent, best_runs, says_the_same
from nightdesk.providers.text.offline.sentences import Sentence
from nightdesk.providers.text.offline.topics import Topic, in_order, topics_of
from nightdesk.providers.text.offline.words import stems, subject_stems
from nightdesk.providers.text.questions import ArticleToWrite

_FULL_PARAGRAPH = 75
_SECTION_WORDS = 150
_GENERAL = 0.8
_OPENS, _AT_LEAST, _ASIDE = 0.2, 0.4, 0.4
_CONTRAST = re.compile(r", (?:while|whereas) ")
"""What the first sentence under a heading is worth as an opening, and the weight that any needs."""
_ABOUT_IT = 0.5
"""Share of a list's heading that the title or a keyword must name before the list is set whole."""


class Compilation:
    """What every shape of article is compiled with."""

    def __init__(self, article: ArticleToWrite) -> None:
        self.article = article
        self._bar = 0.0
        self.english = article.site.language.casefold().startswith("en")
        self.common = frozenset(stems(article.site.subject))
        """Stems of what the whole site is about: they tell no two sentences apart."""
        titles = {document.number: document.title for document in article.documents}
        self.material = Material(read(article.passages), titles)
        query = query_of(article, self.common, aliases_in(self.material.sentences))
        self.broad = is_broad(article, self.common) and not any(mark in query for mark in ("<may>", "<not>"))
        """True where the article is on all that the site is about rather than on a part."""
        heads = heads_of(article, self.common)
        self.scores: Scores = self.material.scores(query, _GENERAL if self.broad else 0.0, heads)
        self.spent = Spent()

    @property
    def blocks(self) -> list[Block]:
        return self.material.blocks

    def topics(self, most: int | None = None, bar: float | None = None) -> list[Topic]:
        """The subtopics that carry a section, in the order of the plan; at most what the length bears."""
        found = topics_of(self.blocks, self.scores)
        best = found[0].weight if found else 0.0
        worth = [topic for topic in found if topic.weight >= (self._bar if bar is None else bar) * best]
        worth = worth[:1] + [topic for topic in worth[1:] if not self._told_elsewhere(topic.heading)]
        bearable = most or max(3, round(self.article.words / _SECTION_WORDS))
        return in_order(worth[:bearable], self.article.outline)

    def lede(self, liking: Callable[[Sentence], float], longest: int = 3) -> list[Part]:
        """An opening paragraph: the sentence that speaks best for the whole, and what follows it."""
        liked = {
            s: 0.5 * score + 0.5 * liking(s) + (_OPENS if s.place == 0 else 0.0) - self._aside(s)
            for s, score in self.scores.items()
            if score >= _AT_LEAST and not s.leans and self.blocks[s.block].kind == "prose"
        }
        free = [sentence for sentence in liked if sentence not in self.spent]
        if not free:
            return []
        first = max(free, key=lambda sentence: liked[sentence])
        said = self.with_what_follows(first, self.scores, longest, _AT_LEAST)
        self.spent.add(said)
        return [Paragraph(said)]

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
        """What speaks against an opening: a comparison with something else, where none is promised."""
        return _ASIDE * (self.article.structure != "comparison" and bool(_CONTRAST.search(sentence.text)))

    def section(
        self, heading: str, blocks: Sequence[Block], words: int, scores: Scores | None = None
    ) -> list[Part]:
        """A heading and what the blocks say, about `words` words; nothing where they say too little."""
        body = self.body(blocks, words, scores)
        return [Heading(self.heading(heading)), *body] if body else []

    def body(
        self, blocks: Sequence[Block], words: int, scores: Scores | None = None, longest: int = 4
    ) -> list[Part]:
        """Lists and tables first found whole, then paragraphs of runs, until about `words` words."""
        weights = scores or self.scores
        lists = [block for block in blocks if block.kind != "prose" and self.is_about(block.heading)]
        listed = [part for block in lists for part in self.entries(block, weights)]
        prose = [block for block in blocks if block.kind == "prose"]
        tables = [part for block in prose for part in self._tables(block, weights)]
        left = words - sum(_words_of(part) for part in (*listed, *tables))
        runs = best_runs(prose, weights, self.spent, max(left, 1), longest) if left > 0 else []
        return [*paragraphs(runs), *tables, *listed]

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

    def start_again(self, bar: float | None = None) -> None:
        """Forgets what is spent. `bar`: share of the weightiest subtopic's weight that a section needs."""
        self.spent = Spent()
        self._bar = self._bar if bar is None else bar

    def is_about(self, heading: str) -> bool:
        """True where the title or one of the first keywords names most of what the heading does."""
        named = [term for term in subject_stems(heading) if term not in self.common]
        phrases = (self.article.title, *self.article.keywords[:4])
        wanted = frozenset(term for phrase in phrases for term in subject_stems(phrase))
        return not named or sum(term in wanted for term in named) >= _ABOUT_IT * len(named)

    def _tables(self, block: Block, scores: Scores) -> list[Part]:
        free = [sentence for sentence in block.sentences if sentence not in self.spent]
        out: list[Part] = []
        for family in parallels(free) if self.english else []:
            if sum(scores.get(s, 0.0) for s in family.sentences) / len(family.sentences) >= FLOOR:
                self.spent.add(family.sentences)
                out.append(family.table)
        return out

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


def _words_of(part: Part) -> int:
    match part:
        case Entries(entries, _):
            return sum(sentence.length for entry in entries for sentence in entry)
        case Paragraph(sentences):
            return sum(sentence.length for sentence in sentences)
        case Heading() | _:
            return sum(len(cell.text.split()) for row in getattr(part, "rows", ()) for cell in row)
