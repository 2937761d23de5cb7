"""Gathers the phrases of a list into nodes, one a slot key, using what the list itself teaches."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from nightdesk.lines.article.grouping.compounds import one_way
from nightdesk.lines.article.grouping.frames import tied_frames, unknown_frames
from nightdesk.lines.article.grouping.lexicon import Lexicon
from nightdesk.lines.article.grouping.phrases import Phrase, spell_key
from nightdesk.lines.article.grouping.slots import DIRECTED, OPEN, UNKNOWN, Slot, read_words
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
    nodes: dict[tuple[Slot, Core], Node] = {}
    for position, seen in enumerate(_seen(phrases, lexicon)):
        node = nodes.get((seen.slot, seen.core))
        if node is None:
            node = nodes[seen.slot, seen.core] = Node(seen.slot, seen.core)
        node.positions.append(position)
        node.volume += phrases[position].volume
        node.alone.update(seen.alone)
    return sorted(_homed(nodes), key=lambda node: node.key)


@dataclass(frozen=True)
class _Seen:
    """A phrase as it is understood so far."""

    words: Sequence[str]
    slot: Slot
    core: Core
    alone: tuple[str, ...]
    task: bool
    """It asks how to do something: what is to be done is no wording."""


def _seen(phrases: Sequence[Phrase], lexicon: Lexicon) -> list[_Seen]:
    seen: list[_Seen] = []
    for found in one_way([words(phrase.text) for phrase in phrases], lexicon):
        reading = read_words(found, lexicon)
        task = reading.structure == "how_to"
        seen.append(_Seen(found, reading.slot, frozenset(reading.core), reading.alone, task))
    return _unworded(_unframed(_respelt(_undirected(seen), lexicon)), lexicon)


def _undirected(seen: list[_Seen]) -> list[_Seen]:
    """Directions are kept where the list has both (`pdf to word`, `word to pdf`)."""
    directions: defaultdict[Core, set[Core]] = defaultdict(set)
    directed = {one.core for one in seen if any(word.startswith(DIRECTED) for word in one.core)}
    for core in directed:
        directions[_plain(core)].add(core)
    plain = {core: _plain(core) for core in directed if len(directions[_plain(core)]) == 1}
    return _changed(seen, plain)


def _plain(core: Core) -> Core:
    return frozenset(word for word in core if not word.startswith(DIRECTED))


def _respelt(seen: list[_Seen], lexicon: Lexicon) -> list[_Seen]:
    known = set(lexicon.terms) | set(lexicon.variants.values())
    corrected = misspelt(Counter(one.core for one in seen), known)
    corrected |= {DIRECTED + wrong: DIRECTED + right for wrong, right in corrected.items()}
    wrongs = corrected.keys()
    return _changed(
        seen,
        {
            one.core: frozenset(corrected.get(word, word) for word in one.core)
            for one in seen
            if not wrongs.isdisjoint(one.core)
        },
    )


def _unframed(seen: list[_Seen]) -> list[_Seen]:
    marked = Counter(one.core for one in seen if one.slot != OPEN)
    unmarked = Counter(one.core for one in seen if one.slot == OPEN)
    framed = unknown_frames(marked, unmarked)
    return [
        replace(one, slot=UNKNOWN, core=framed[one.core]) if one.slot == OPEN and one.core in framed else one
        for one in seen
    ]


def _unworded(seen: list[_Seen], lexicon: Lexicon) -> list[_Seen]:
    def content(one: _Seen) -> frozenset[str]:
        return frozenset(lexicon.fold(word) for word in one.words if word not in lexicon.dropped)

    asked = {one.core for one in seen if one.slot in (OPEN, UNKNOWN) or one.task}
    marked = ((one.core, content(one)) for one in seen if one.core not in asked)
    return _changed(seen, tied_frames(marked, Counter(one.core for one in seen)))


def _changed(seen: list[_Seen], cores: Mapping[Core, Core]) -> list[_Seen]:
    if not cores:
        return seen
    return [replace(one, core=cores[one.core]) if one.core in cores else one for one in seen]


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
