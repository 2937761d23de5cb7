"""Groups keywords that mean the same: slot keys, then a star merge of near ones."""

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nightdesk.lines.article.grouping.intents import wanted
from nightdesk.lines.article.grouping.lexicon import Lexicon
from nightdesk.lines.article.grouping.likeness import ByVectors, ByWords
from nightdesk.lines.article.grouping.nodes import Node, gather
from nightdesk.lines.article.grouping.phrases import Group, Phrase, spell_key
from nightdesk.lines.article.grouping.slots import OPEN, Reading, Slot
from nightdesk.providers.text.questions import Structure


def group(
    phrases: Sequence[Phrase], lexicon: Lexicon, *, vectors: NDArray[np.float32] | None = None
) -> list[Group]:
    """A partition of `phrases`, most searched group first; the same whatever their order.

    `vectors` (shape (len(phrases), d), rows of unit length, from a model that knows meanings) veto merges
    of phrases that only look alike and add merges of phrases that only mean alike. Raises `ValueError` if
    their number differs from that of the phrases.
    """
    if vectors is not None and len(vectors) != len(phrases):
        raise ValueError(f"{len(vectors)} vectors for {len(phrases)} phrases")
    if not phrases:
        return []
    # In a fixed order, sums of vectors round alike and ties fall alike.
    order = sorted(range(len(phrases)), key=lambda position: phrases[position])
    nodes, sorted_readings = gather([phrases[position] for position in order], lexicon)
    readings = [reading for _, reading in sorted(zip(order, sorted_readings, strict=True), key=itemgetter(0))]
    likeness = ByWords(nodes) if vectors is None else ByVectors(nodes, vectors[order])
    for node in nodes:
        node.positions = [order[position] for position in node.positions]
    groups = [_group(star, phrases, readings) for star in _stars(nodes, likeness)]
    return sorted(groups, key=lambda found: (-found.volume, found.key))


class _Likeness(Protocol):
    def near(self, index: int) -> Iterator[int]: ...


def _stars(nodes: Sequence[Node], likeness: _Likeness) -> Iterator[list[Node]]:
    """Stars of nodes: a centre and those near it. No node is reached through another, so no star grows long.

    Marked nodes are centres before open ones: an open one may join any intent and must not bring
    two together.
    """
    free = [True] * len(nodes)

    def rank(index: int) -> tuple[bool, int, int, str]:
        node = nodes[index]
        return node.slot == OPEN, -node.volume, -len(node.positions), node.key

    for centre in sorted(range(len(nodes)), key=rank):
        if free[centre]:
            free[centre] = False
            star = [nodes[centre]]
            for other in likeness.near(centre):
                if free[other]:
                    free[other] = False
                    star.append(nodes[other])
            yield star


def _group(star: Sequence[Node], phrases: Sequence[Phrase], readings: Sequence[Reading]) -> Group:
    positions = [position for node in star for position in node.positions]
    positions.sort(key=lambda at: (-phrases[at].volume, len(phrases[at].text), phrases[at].text, at))
    centre = star[0]
    fit = wanted(centre.slot, _structure(centre.slot, positions, readings))
    return Group(
        key=centre.key,
        keys=tuple(sorted({spell_key(readings[at].slot, readings[at].core) for at in positions})),
        members=tuple(phrases[position] for position in positions),
        positions=tuple(positions),
        intent=fit.intent,
        structure=fit.structure,
    )


def _structure(slot: Slot, positions: Sequence[int], readings: Sequence[Reading]) -> Structure | None:
    """That of the most searched member which says how it is meant."""
    for at in positions:
        if readings[at].slot == slot and readings[at].structure:
            return readings[at].structure
    return None
