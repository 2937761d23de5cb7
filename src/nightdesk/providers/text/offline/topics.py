"""Groups the blocks of the sources into the subtopics that an article's sections are made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from nightdesk.providers.text.offline.lexicon import role_of
from nightdesk.providers.text.offline.passages import Block
from nightdesk.providers.text.offline.selection import Scores
from nightdesk.providers.text.offline.words import likeness, overlap, stem, stems, words
from nightdesk.providers.text.questions import OutlineSection

_SAME = 0.8
_BEST, _LEAST = 4, 3
_SMALL = frozenset({"a", "an", "the", "of", "in", "on", "for", "and", "to"})
_NEAR_ENOUGH = 0.5


@dataclass
class Topic:
    """What the sources say under one heading."""

    heading: str
    blocks: list[Block] = field(default_factory=list)
    weight: float = 0.0
    said: frozenset[str] = frozenset()
    """All words of the heading but the smallest: `what to keep out` is not `where to put`."""

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(stems(self.heading))


def topics_of(blocks: Sequence[Block], scores: Scores) -> list[Topic]:
    """Topics, the weightiest first; blocks under like headings are one topic.

    A topic weighs what its four best sentences weigh on average; one that lacks to three counts nothing.
    """
    found: list[Topic] = []
    for block in blocks:
        said = frozenset(stem(word) for word in words(block.heading)) - _SMALL
        home = next((topic for topic in found if _belongs(block, said, topic)), None)
        if home is None:
            home = Topic(block.heading, said=said)
            found.append(home)
        home.blocks.append(block)
    for topic in found:
        best = sorted((scores.get(s, 0.0) for block in topic.blocks for s in block.sentences), reverse=True)
        topic.weight = sum(best[:_BEST]) / max(len(best[:_BEST]), _LEAST)
    return sorted(found, key=lambda topic: -topic.weight)


def _belongs(block: Block, said: frozenset[str], topic: Topic) -> bool:
    if block.heading == topic.heading:
        return bool(block.heading) or block.document == topic.blocks[0].document
    # One document's author parted them on purpose.
    if any(block.document == other.document for other in topic.blocks):
        return False
    return likeness(said, topic.said) >= _SAME


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
