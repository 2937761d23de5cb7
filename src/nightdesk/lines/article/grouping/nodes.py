"""Gathers the phrases of a list into nodes, one a slot key, using what the list itself teaches."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nightdesk.lines.article.grouping.compounds import one_way
from nightdesk.lines.article.grouping.frames import tied_frames, unknown_frames
from nightdesk.lines.article.grouping.lexicon import Lexicon
from nightdesk.lines.article.grouping.phrases import Phrase, spell_key
from nightdesk.lines.article.grouping.slots import (
    DIRECTED,
    OPEN,
    PRECEDENCE,
    UNKNOWN,
    Reading,
    Slot,
    read_words,
)
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


def gather(phrases: Sequence[Phrase], lexicon: Lexicon) -> tuple[list[Node], list[Reading]]:
    """The nodes of `phrases`, in the order of their keys, and how each phrase reads alone."""
    seen, readings = _seen(phrases, lexicon)
    nodes: dict[tuple[Slot, Core], Node] = {}
    for position, one in enumerate(seen):
        node = nodes.get((one.slot, one.core))
        if node is None:
            node = nodes[one.slot, one.core] = Node(one.slot, one.core)
        node.positions.append(position)
        node.volume += phrases[position].volume
        node.alone.update(one.alone)
    return sorted(_homed(nodes), key=lambda node: node.key), readings


class _Seen(NamedTuple):
    """A phrase as it is understood so far."""

    words: Sequence[str]
    slot: Slot
    core: Core
    alone: tuple[str, ...]
    task: bool
    """It asks how to do something: what is to be done is no wording."""


def _seen(phrases: Sequence[Phrase], lexicon: Lexicon) -> tuple[list[_Seen], list[Reading]]:
    cut = [words(phrase.text) for phrase in phrases]
    alone = [read_words(found, lexicon) for found in cut]
    seen: list[_Seen] = []
    for raw, found, reading in zip(cut, one_way(cut, lexicon), alone, strict=True):
        understood = reading if found is raw else read_words(found, lexicon)
        task = understood.structure == "how_to"
        seen.append(_Seen(found, understood.slot, frozenset(understood.core), understood.alone, task))
    return _unworded(_unframed(_respelt(_undirected(seen), lexicon), lexicon), lexicon), alone


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


def _unframed(seen: list[_Seen], lexicon: Lexicon) -> list[_Seen]:
    marked = Counter(one.core for one in seen if one.slot != OPEN)
    unmarked = Counter(one.core for one in seen if one.slot == OPEN)
    framed = unknown_frames(marked, unmarked)
    return [
        one._replace(slot=_guessed(one, framed[one.core], lexicon), core=framed[one.core])
        if one.slot == OPEN and one.core in framed
        else one
        for one in seen
    ]


def _guessed(one: _Seen, subject: Core, lexicon: Lexicon) -> Slot:
    """The slot of a phrase with an unknown modifier; who asks about something of a subject wants to learn."""
    inside = [at for at, word in enumerate(one.words) if lexicon.fold(word) in subject] or [0]
    named = any(word in lexicon.topical for word in one.words[: inside[0]])
    return "informational" if named else UNKNOWN


def _unworded(seen: list[_Seen], lexicon: Lexicon) -> list[_Seen]:
    def content(one: _Seen) -> frozenset[str]:
        return frozenset(lexicon.fold(word) for word in one.words if word not in lexicon.dropped)

    asked = {one.core for one in seen if one.slot in (OPEN, UNKNOWN) or one.task}
    marked = ((one.core, content(one)) for one in seen if one.core not in asked)
    return _changed(seen, tied_frames(marked, Counter(one.core for one in seen)))


def _changed(seen: list[_Seen], cores: Mapping[Core, Core]) -> list[_Seen]:
    if not cores:
        return seen
    return [one._replace(core=cores[one.core]) if one.core in cores else one for one in seen]


def _homed(nodes: Mapping[tuple[Slot, Core], Node]) -> list[Node]:
    """The nodes, each open one put into the most searched node of one intent and the same core."""
    of_core: defaultdict[Core, list[Node]] = defaultdict(list)
    for node in nodes.values():
        if node.slot in PRECEDENCE:
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
