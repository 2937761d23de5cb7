"""Groups the blocks of the sources into the subtopics that an article's sections are made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from nightdesk.providers.text.offline.lexicon import role_of
from nightdesk.providers.text.offline.passages import Block
from nightdesk.providers.text.offline.selection import Scores
from nightdesk.providers.text.offline.words import likeness, overlap, stem, stems, words
from nightdesk.providers.text.questions import OutlineSection

_SAME = 0.8
_SMALL = frozenset({"a", "an", "the", "of", "in", "on", "for", "and", "to"})
_NEAR_ENOUGH = 0.5


@dataclass
class Topic:
    """What the sources say under one heading."""

    heading: str
    blocks: list[Block] = field(default_factory=list)
    weight: float = 0.0

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(stems(self.heading))


def topics_of(blocks: Sequence[Block], scores: Scores) -> list[Topic]:
    """Topics, the weightiest first; blocks under like headings are one topic.

    A topic weighs as much as its four best sentences do on average, a missing one counting nothing.
    """
    found: list[Topic] = []
    for block in blocks:
        home = next((topic for topic in found if _belongs(block, topic)), None)
        if home is None:
            home = Topic(block.heading)
            found.append(home)
        home.blocks.append(block)
    for topic in found:
        best = sorted((scores.get(s, 0.0) for block in topic.blocks for s in block.sentences), reverse=True)
        topic.weight = sum(best[:4]) / 4
    return sorted(found, key=lambda topic: -topic.weight)


def _belongs(block: Block, topic: Topic) -> bool:
    if block.heading == topic.heading:
        return bool(block.heading) or block.document == topic.blocks[0].document
    if any(block.document == other.document for other in topic.blocks):
        return False
    return likeness(_said(block.heading), _said(topic.heading)) >= _SAME


def _said(heading: str) -> frozenset[str]:
    """All words of a heading but the smallest: `what to keep out` is not `where to put`."""
    return frozenset(stem(word) for word in words(heading)) - _SMALL


def in_order(topics: Sequence[Topic], outline: Sequence[OutlineSection]) -> list[Topic]:
    """The topics as the plan has them; those that it does not foresee, as an explanation unfolds."""
    plan = [frozenset(stems(" ".join((section.heading, *section.points)))) for section in outline]

    def place(topic: Topic) -> tuple[float, float]:
        alike = [overlap(topic.stems, wanted) for wanted in plan]
        best = max(alike, default=0.0)
        if best >= _NEAR_ENOUGH and plan:
            return alike.index(best) / len(plan), -topic.weight
        return role_of(topic.heading), -topic.weight

    return sorted(topics, key=place)
