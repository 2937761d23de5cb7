"""A how-to: what is needed, the steps as the sources number them, what decides, what goes wrong."""

import re
from collections.abc import Sequence

from nightdesk.providers.text.offline.compilation import Compilation
from nightdesk.providers.text.offline.draft import Entries, Heading, Part
from nightdesk.providers.text.offline.key_figures import key_figures
from nightdesk.providers.text.offline.lexicon import PITFALL, role_of
from nightdesk.providers.text.offline.passages import Block
from nightdesk.providers.text.offline.sentences import Sentence
from nightdesk.providers.text.offline.shapes.guide import defines
from nightdesk.providers.text.offline.shapes.variants import one_of
from nightdesk.providers.text.offline.statements import subject_of
from nightdesk.providers.text.offline.topics import Topic
from nightdesk.providers.text.offline.words import likeness, overlap, stems, subject_stems

_NEEDED = re.compile(r"\b(?:needs?|tools?|materials?|equipment|ingredients?|supplies|enough space)\b", re.I)
_BEFORE = re.compile(r"\bneeds?\b|where to|before|tools|materials|choos|which|what size|how many", re.I)
_TITLES = ("Step by step", "The steps, in order", "From start to finish", "The order of work")

_MAKES = frozenset({"build", "diy", "creat", "construct", "own"})
_OWN, _CLOSE, _SECOND, _SAME = 0.3, 0.4, 0.75, 0.9


def compile_how_to(work: Compilation) -> list[Part]:
    """Steps at the heart; without a numbered procedure in the sources, their advice by subtopic."""
    steps = _procedures(work)
    topics = [topic for topic in work.topics() if not any(block in steps for block in topic.blocks)]
    share = work.article.words // max(len(topics) + len(steps), 1)
    parts = work.lede(lambda sentence: _opens(sentence, work.article.title), longest=3)
    before = [topic for topic in topics if _BEFORE.search(topic.heading) and role_of(topic.heading) < PITFALL]
    after = [topic for topic in topics if topic not in before]
    for topic in before:
        parts += work.section(topic.heading, topic.blocks, share)
    for place, block in enumerate(steps):
        parts += _steps(work, block, first=place == 0)
    for topic in _troubles_last(after):
        parts += work.section(topic.heading, topic.blocks, share)
    return [*parts, *key_figures(work)]


def _procedures(work: Compilation) -> list[Block]:
    """The numbered lists that are about this title, the closest first; a second one only if close too."""
    first, *others = work.article.keywords[:4] or [work.article.title]
    wanted = [(work.article.title, 1.0), (first, 1.0), *((phrase, 0.5) for phrase in others)]

    def near(block: Block, phrases: Sequence[tuple[str, float]]) -> float:
        return max(weight * _shared(work, _deed(block.heading), _deed(phrase)) for phrase, weight in phrases)

    def close(block: Block) -> float:
        mean = sum(work.scores.get(s, 0.0) for s in block.sentences) / len(block.sentences)
        return 0.25 * mean + near(block, wanted)

    lists = [block for block in work.blocks if block.kind == "steps" and len(block.sentences) > 2]
    lists.sort(key=close, reverse=True)
    if not lists or near(lists[0], wanted[:2]) < _OWN:
        return []
    return [block for block in lists[:2] if close(block) >= max(_CLOSE, _SECOND * close(lists[0]))]


def _deed(phrase: str) -> frozenset[str]:
    """What a phrase wants done: its stems, all words for making being one."""
    return frozenset("build" if word in _MAKES else word for word in stems(phrase.replace("make", "build")))


def _shared(work: Compilation, heading: frozenset[str], wanted: frozenset[str]) -> float:
    """Share of the words of both that both have, 0 to 1, rare words weighing more."""
    either = sum(work.material.rarity(word) for word in sorted(heading | wanted))
    return sum(work.material.rarity(word) for word in sorted(heading & wanted)) / either if either else 0.0


def _steps(work: Compilation, block: Block, first: bool) -> list[Part]:
    work.spent.add(block.sentences)
    same = likeness(_deed(block.heading), _deed(work.article.title)) >= _SAME
    heading = (
        one_of(_TITLES, work.article.title)
        if first and same and work.english
        else work.heading(block.heading)
    )
    entries = Entries(tuple((sentence,) for sentence in block.sentences), ordered=True)
    return [Heading(heading or one_of(_TITLES, work.article.title)), entries]


def _opens(sentence: Sentence, title: str) -> float:
    """What a statement is worth as the opening: about the thing made, what it takes, in figures."""
    found = subject_of(sentence.text)
    about = overlap(subject_stems(found[0]), subject_stems(title)) if found else 0.0
    needed, figures = bool(_NEEDED.search(sentence.text)), bool(sentence.figures)
    return 0.4 * about + 0.3 * needed + 0.2 * figures + 0.3 * defines(sentence, title)


def _troubles_last(topics: list[Topic]) -> list[Topic]:
    return sorted(topics, key=lambda topic: role_of(topic.heading) >= PITFALL)
