"""Decides which nodes are near enough to be one group: by their words, and by vectors where there are any."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nightdesk.lines.article.grouping.nodes import Core, Node
from nightdesk.lines.article.grouping.slots import COMPARED, DIRECTED, OPEN

CONTAINED_FROM = 3
"""A core of so many words may take in one that has a single word more (Jaccard .75 and above)."""
FEW = 2
"""A core with more one-word extensions than this is a subject with aspects: each stays apart."""
LARGEST_CORE = 24
"""Longer phrases are near to none but their equals: comparing them would take the square of their length."""
SAMPLE = 500
"""So many nodes are enough to learn how alike different nodes are."""
ENOUGH = 20
"""Pairs from which a quantile can be learnt."""
CHANCE_MERGES = 0.1
"""How many different neighbours of a node may be taken for the same by their vectors."""
COMMON = 500
"""Words of more nodes than this are no reason to compare two of them."""


class ByWords:
    """Nearness by the words of the cores alone."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._at: defaultdict[Core, list[int]] = defaultdict(list)
        for index, node in enumerate(nodes):
            self._at[node.core].append(index)
        self._nodes = nodes
        self._extensions: defaultdict[Core, set[str]] = defaultdict(set)
        for core in self._at:
            for word in core if 1 < len(core) <= LARGEST_CORE else ():
                if (shorter := core - {word}) in self._at:
                    self._extensions[shorter].add(word)

    def near(self, index: int) -> Iterator[int]:
        """Compatible nodes whose core is the same, or has one word more or less that adds no aspect."""
        core = self._nodes[index].core
        cores = [core]
        cores.extend(core | {word} for word in self._absorbed(core))
        if len(core) <= LARGEST_CORE:
            cores.extend(core - {word} for word in core if word in self._absorbed(core - {word}))
        for found in cores:
            for other in self._at[found]:
                if other != index and compatible(self._nodes[index], self._nodes[other]):
                    yield other

    def _absorbed(self, core: Core) -> set[str]:
        words = self._extensions.get(core, set())
        if len(core) < CONTAINED_FROM or len(words) > FEW:
            return set()
        return {word for word in words if not self._distinct(word, core | {word})}

    def _distinct(self, word: str, core: Core) -> bool:
        """A number, a direction, or a word that was searched as an aspect of its own."""
        if word.startswith(DIRECTED) or any(letter.isdigit() for letter in word):
            return True
        return any(word in self._nodes[index].alone for index in self._at[core])


class ByVectors:
    """Nearness by words, vetoed and widened by the cosine of the nodes' vectors.

    Both limits are taken from the list, since every model has a scale of its own: phrases that share a slot
    key show how alike the same is, nodes that share a word show how alike the different is.
    """

    def __init__(self, nodes: Sequence[Node], vectors: NDArray[np.float32]) -> None:
        """`vectors`: shape (phrases, d), rows of unit length."""
        self._nodes = nodes
        self._by_words = ByWords(nodes)
        self._means = _means(nodes, vectors)
        self._posting: defaultdict[str, list[int]] = defaultdict(list)
        for index, node in enumerate(nodes):
            for word in node.core:
                self._posting[word].append(index)
        same = [float(vectors[a] @ vectors[b]) for node in nodes for a, b in pairwise(sorted(node.positions))]
        self.veto = float(np.quantile(same, 0.05)) if len(same) >= ENOUGH else 0.3
        self.confirm = self._confirm(float(np.median(same)) if len(same) >= ENOUGH else 0.9)

    def _confirm(self, typical: float) -> float:
        """At least the cosine that is typical of the same, and one that few different nodes reach."""
        sampled = range(0, len(self._nodes), 1 + len(self._nodes) // SAMPLE)
        cosines = np.concatenate([self._cosines(index)[1] for index in sampled])
        if not len(cosines):
            return typical
        neighbours = max(len(cosines) / len(sampled), 1.0)
        return max(typical, float(np.quantile(cosines, 1 - CHANCE_MERGES / neighbours)))

    def near(self, index: int) -> Iterator[int]:
        for other in self._by_words.near(index):
            if self._nodes[other].core == self._nodes[index].core or self._cosine(index, other) >= self.veto:
                yield other
        others, cosines = self._cosines(index)
        for other, cosine in zip(others, cosines, strict=True):
            if cosine >= self.confirm and not _numbers_differ(self._nodes[index], self._nodes[other]):
                yield other

    def _cosine(self, one: int, other: int) -> float:
        return float(self._means[one] @ self._means[other])

    def _cosines(self, index: int) -> tuple[list[int], NDArray[np.float32]]:
        """The compatible nodes that share a word with this one, and how alike they are."""
        node = self._nodes[index]
        found = {
            other
            for word in node.core
            if len(self._posting[word]) <= COMMON
            for other in self._posting[word]
            if other != index and compatible(node, self._nodes[other])
        }
        others = sorted(found)
        return others, self._means[others] @ self._means[index]


def compatible(one: Node, other: Node) -> bool:
    """Whether the slots allow one group: equal, or one of them open and the other no comparison."""
    slots = {one.slot, other.slot}
    return len(slots) == 1 or (OPEN in slots and COMPARED not in slots)


def _means(nodes: Sequence[Node], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    means = np.stack([vectors[node.positions].mean(axis=0) for node in nodes])
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    unit: NDArray[np.float32] = (means / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)
    return unit


def _numbers_differ(one: Node, other: Node) -> bool:
    apart = one.core ^ other.core
    return any(word.startswith(DIRECTED) or any(letter.isdigit() for letter in word) for word in apart)
