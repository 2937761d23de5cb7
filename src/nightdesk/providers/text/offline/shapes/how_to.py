"""A how-to: what is needed, the steps as the sources number them, what decides, what goes wrong."""

import re
from collections.abc import Sequence

from nightdesk.providers.text.offline.compilation import Compilation
from nightdesk.providers.text.offline.draft import Entries, Heading, Part
from nightdesk.providers.text.offline.fit import MAKES
from nightdesk.providers.text.offline.lexicon import COMPARED, PITFALL, WHY, role_of
from nightdesk.providers.text.offline.passages import Block
from nightdesk.providers.text.offline.queries import GENERIC
from nightdesk.providers.text.offline.sentences import Sentence
from nightdesk.providers.text.offline.shapes.guide import defines
from nightdesk.providers.text.offline.shapes.variants import one_of
from nightdesk.providers.text.offline.statements import subject_of
from nightdesk.providers.text.offline.topics import Topic
from nightdesk.providers.text.offline.words import likeness, overlap, stems, subject_stems

_NEEDED = re.compile(r"\b(?:needs?|tools?|materials?|equipment|ingredients?|supplies|enough space)\b", re.I)
_BEFORE = re.compile(r"\bneeds?\b|where to|before|tools|materials|choos|which|what size|how many", re.I)
_TITLES = ("Step by step", "The steps, in order", "From start to finish", "The order of work")

_OWN, _CLOSE, _SECOND, _SAME = 0.3, 0.4, 0.75, 0.9
_MAKING = 0.5
"""What a word for making weighs beside the rarity of others: nearly every procedure makes something."""
_SAID = 0.2
"""What a word of the site's subject, or one that heads nothing, counts where the heading lacks it."""
_NARROWS = 0.3
"""How far any further word makes a procedure a narrower one, at least."""
_LEADS, _EXPLAINS = 0.4, 0.4
"""What a section of the procedure's document gains, and what one keeps that only explains."""
_BEFOREHAND = 2
"""Sections before the procedure: who looks for the steps wants them soon."""


def compile_how_to(work: Compilation) -> list[Part]:
    """What is needed, the steps, then the rest; without a procedure in the sources, advice by subtopic."""
    steps = _procedures(work)
    lead = steps[0].document if steps else None
    found = work.topics(weigh=lambda topic: _serves(work, topic, lead))
    topics = [topic for topic in found if not any(block in steps for block in topic.blocks)]
    share = work.article.words // max(len(topics) + len(steps), 1)
    parts = work.lede(lambda sentence: _opens(sentence, work.article.title), longest=3)
    before = [topic for topic in topics if _comes_before(topic, steps)][:_BEFOREHAND]
    for topic in before:
        parts += work.section(topic.heading, topic.blocks, share)
    for place, block in enumerate(steps):
        parts += _steps(work, block, first=place == 0)
    for topic in _afterwards([topic for topic in topics if topic not in before], steps):
        parts += work.section(topic.heading, topic.blocks, share)
    return parts


def _serves(work: Compilation, topic: Topic, lead: int | None) -> float:
    """What a section is worth to somebody at work: the procedure's own document first, explanations last."""
    own = topic.blocks[0].document == lead
    role = role_of(topic.heading)
    explains = role <= WHY or role == COMPARED
    weight = topic.weight + (_LEADS * work.fit.best(topic.blocks) if own else 0.0)
    return weight * (_EXPLAINS if explains else 1.0)


def _comes_before(topic: Topic, steps: Sequence[Block]) -> bool:
    """True for what is to be known first: in the procedure's own document, what stands before it there."""
    first = topic.blocks[0]
    earlier = not steps or first.document != steps[0].document or first.number < steps[0].number
    asked = bool(_BEFORE.search(topic.heading)) and role_of(topic.heading) < PITFALL
    return asked and earlier and first.kind == "prose"


def _afterwards(topics: list[Topic], steps: Sequence[Block]) -> list[Topic]:
    """The procedure's own document first and in its order, what goes wrong last."""
    lead = steps[0].document if steps else -1

    def place(topic: Topic) -> tuple[bool, bool, int]:
        own = topic.blocks[0].document == lead
        return role_of(topic.heading) >= PITFALL, not own, topic.blocks[0].number if own else 0

    return sorted(topics, key=place)


def _procedures(work: Compilation) -> list[Block]:
    """The numbered lists that are about this title, the closest first; a second one only if close too."""
    first, *others = work.article.keywords[:4] or [work.article.title]
    wanted = [(work.article.title, 1.0), (first, 1.0), *((phrase, 0.5) for phrase in others)]

    def near(block: Block, phrases: Sequence[tuple[str, float]]) -> float:
        found = max(weight * _shared(work, _deed(block.heading), _deed(phrase)) for phrase, weight in phrases)
        return found * work.fit.of(block)

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
    return frozenset("build" if word in MAKES else word for word in stems(phrase.replace("make", "build")))


def _shared(work: Compilation, heading: frozenset[str], wanted: frozenset[str]) -> float:
    """How much of what is wanted the heading names, 0 to 1, less for what makes it something narrower.

    Words that no source has cannot be asked of a heading.
    """

    def weight(word: str) -> float:
        return _MAKING if word == "build" else work.rarities.get(word, 0.0)

    both = sum(weight(word) for word in sorted(heading & wanted))
    missing = sum(
        weight(word) * (_SAID if word in GENERIC | work.common or not work.fit.heads(word) else 1.0)
        for word in sorted(wanted - heading)
    )
    more = sorted(heading - wanted - {"build"})
    extra = sum(weight(word) * max(work.fit.apart(word), _NARROWS) for word in more)
    return both / (both + missing + extra) if both else 0.0


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
