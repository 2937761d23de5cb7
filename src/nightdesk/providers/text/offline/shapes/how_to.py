"""A how-to: what is needed, the steps as the sources number them, what decides, what goes wrong."""

import re

from nightdesk.providers.text.offline.compilation import Compilation
from nightdesk.providers.text.offline.draft import Entries, Heading, Part
from nightdesk.providers.text.offline.lexicon import PITFALL, role_of
from nightdesk.providers.text.offline.passages import Block
from nightdesk.providers.text.offline.phrases import subject_of
from nightdesk.providers.text.offline.sentences import Sentence
from nightdesk.providers.text.offline.shapes.variants import one_of
from nightdesk.providers.text.offline.topics import Topic
from nightdesk.providers.text.offline.words import overlap, subject_stems

_NEEDED = re.compile(r"\b(?:needs?|tools?|materials?|equipment|ingredients?|supplies|enough space)\b", re.I)
_BEFORE = re.compile(r"\bneeds?\b|where to|before|tools|materials|choos|which|what size|how many", re.I)
_TITLES = ("Step by step", "The steps, in order", "From start to finish", "The order of work")


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
    return parts


def _procedures(work: Compilation) -> list[Block]:
    """The numbered lists that are about this title, the closest first; a second one only if close too."""
    wanted = [frozenset(subject_stems(phrase)) for phrase in (work.article.title, *work.article.keywords[:4])]

    def close(block: Block) -> float:
        heading = frozenset(subject_stems(block.heading))
        mean = sum(work.scores.get(s, 0.0) for s in block.sentences) / len(block.sentences)
        return mean + max(overlap(heading, phrase) if len(heading & phrase) > 1 else 0.0 for phrase in wanted)

    lists = sorted(
        (b for b in work.blocks if b.kind == "steps" and len(b.sentences) > 2), key=close, reverse=True
    )
    close_enough = [block for block in lists if close(block) >= 0.6]
    return close_enough[:1] + [block for block in close_enough[1:2] if close(block) >= 0.75 * close(lists[0])]


def _steps(work: Compilation, block: Block, first: bool) -> list[Part]:
    work.spent.add(block.sentences)
    same = overlap(subject_stems(block.heading), subject_stems(work.article.title)) >= 0.75
    heading = (
        one_of(_TITLES, work.article.title)
        if first and same and work.english
        else work.heading(block.heading)
    )
    entries = Entries(tuple((sentence,) for sentence in block.sentences), ordered=True)
    return [Heading(heading or one_of(_TITLES, work.article.title)), entries]


def _opens(sentence: Sentence, title: str) -> float:
    found = subject_of(sentence.text)
    about = overlap(subject_stems(found[0]), subject_stems(title)) if found else 0.0
    return 0.5 * about + 0.3 * bool(_NEEDED.search(sentence.text)) + 0.2 * bool(sentence.figures)


def _troubles_last(topics: list[Topic]) -> list[Topic]:
    return sorted(topics, key=lambda topic: role_of(topic.heading) >= PITFALL)
