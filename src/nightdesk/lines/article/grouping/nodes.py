"""Gathers the phrases of a list into nodes, one a slot key, using what the list itself teaches."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from nightdesk.lines.article.grouping.compounds import one_way
from nightdesk.lines.article.grouping.frames import unknown_frames
from nightdesk.lines.article.grouping.lexicon import Lexicon
from nightdesk.lines.article.grouping.phrases import Phrase, spell_key
from nightdesk.lines.article.grouping.slots import DIRECTED, OPEN, UNKNOWN, Reading, Slot, read_words
from nightdesk.lines.article.grouping.spelling import misspelt
from nightdesk.lines.article.grouping.words import words

Core = frozenset[str]


@dataclass
class Node:
    """All phrases of a list with one slot key; `positions` in the list."""

    slot: Slot
    core: Core
    positions: list[int] = field(default_factory=list)
    volume: int = 0
    alone: set[str] = field(default_factory=set)

    @property
    def key(self) -> str:
        return spell_key(self.slot, self.core)


def gather(phrases: Sequence[Phrase], lexicon: Lexicon) -> list[Node]:
    """The nodes of `phrases`, in the order of their keys."""
    readings = _readings(phrases, lexicon)
    cores = [frozenset(reading.core) for reading in readings]
    cores = _respelt(cores, lexicon)
    slots = _settled(readings, cores)
    nodes: dict[tuple[Slot, Core], Node] = {}
    for position, (slot, core) in enumerate(slots):
        node = nodes.get((slot, core))
        if node is None:
            node = nodes[slot, core] = Node(slot, core)
        node.positions.append(position)
        node.volume += phrases[position].volume
        node.alone.update(readings[position].alone)
    return sorted(_homed(nodes), key=lambda node: node.key)


def _readings(phrases: Sequence[Phrase], lexicon: Lexicon) -> list[Reading]:
    cut = [words(phrase.text) for phrase in phrases]
    return [read_words(found, lexicon) for found in one_way(cut, lexicon)]


def _respelt(cores: list[Core], lexicon: Lexicon) -> list[Core]:
    known = set(lexicon.terms) | set(lexicon.variants.values())
    corrected = misspelt(Counter(cores), known)
    if not corrected:
        return cores
    corrected |= {DIRECTED + wrong: DIRECTED + right for wrong, right in corrected.items()}
    wrongs = corrected.keys()
    return [
        core if wrongs.isdisjoint(core) else frozenset(corrected.get(word, word) for word in core)
        for core in cores
    ]


def _settled(readings: Sequence[Reading], cores: Sequence[Core]) -> Iterable[tuple[Slot, Core]]:
    """The slot and core of each phrase, with unknown modifiers taken off."""
    marked: Counter[Core] = Counter()
    unmarked: Counter[Core] = Counter()
    for reading, core in zip(readings, cores, strict=True):
        (unmarked if reading.slot == OPEN else marked)[core] += 1
    framed = unknown_frames(marked, unmarked)
    for reading, core in zip(readings, cores, strict=True):
        if reading.slot == OPEN and core in framed:
            yield UNKNOWN, framed[core]
        else:
            yield reading.slot, core


def _homed(nodes: Mapping[tuple[Slot, Core], Node]) -> list[Node]:
    """The nodes, each open one put into the most searched node of the same core where there is one."""
    of_core: defaultdict[Core, list[Node]] = defaultdict(list)
    for node in nodes.values():
        if node.slot not in (OPEN, UNKNOWN):
            of_core[node.core].append(node)
    homed: list[Node] = []
    for node in nodes.values():
        siblings = of_core.get(node.core)
        if node.slot != OPEN or not siblings:
            homed.append(node)
            continue
        home = min(siblings, key=lambda sibling: (-sibling.volume, -len(sibling.positions), sibling.key))
        # Its volume is left out: a second open node must not find another home because of the first.
        home.positions.extend(node.positions)
        home.alone |= node.alone
    return homed
