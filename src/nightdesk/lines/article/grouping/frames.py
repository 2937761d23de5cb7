"""Finds modifiers that the lexicon lacks, by how the words of a list keep company."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

Core = frozenset[str]

WIDEST = 3
LARGEST_CORE = 8
SUBJECTS = 5
"""A frame is seen around at least so many subjects."""
EXPECTED = 5.0
"""How many marked phrases a word must have missed: by chance that happens once in e^5, some 150 times."""
TOLERATED = 0.02


def unknown_frames(marked: Mapping[Core, int], unmarked: Mapping[Core, int]) -> dict[Core, Core]:
    """Unmarked cores that are a known subject within an unknown modifier, with that subject.

    Modifiers exclude one another (nobody searches `best cheapest`), subjects and aspects take any of them. So
    words that stand around many subjects which take marks, and that were never seen beside a mark although by
    the subjects' own rate they should have been, are a modifier (`clearance`, `pick of the bunch`). Both
    arguments say how many phrases have each core.
    """
    split = _split((core for core in unmarked if core not in marked), marked)
    around: defaultdict[Core, list[Core]] = defaultdict(list)
    based = Counter(marked) + Counter(unmarked)
    for core, subject in split.items():
        around[core - subject].append(core)
        based[subject] += unmarked[core]
    beside = _uses(marked)
    frames: set[Core] = set()
    for frame, cores in around.items():
        if len({split[core] for core in cores}) < SUBJECTS:
            continue
        expected = sum(unmarked[core] * marked[split[core]] / based[split[core]] for core in cores)
        if expected >= EXPECTED and min(beside[word] for word in frame) <= TOLERATED * expected:
            frames.add(frame)
    return {core: subject for core, subject in split.items() if core - subject in frames}


@dataclass
class _Seen:
    wordings: set[frozenset[str]] = field(default_factory=set)
    subjects: set[Core] = field(default_factory=set)
    times: int = 0


def tied_frames(marked: Iterable[tuple[Core, frozenset[str]]], known: Mapping[Core, int]) -> dict[Core, Core]:
    """Marked cores that are a known subject within a fixed wording, with that subject.

    A topic is asked about in many wordings. Words that come around many subjects and only ever in one
    (`what are common mistakes with …`) belong to the wording. `marked` gives each phrase's core and all words
    of its own that are no stop words, folded; `known` how many phrases of the list have each core.
    """
    wordings: defaultdict[Core, list[frozenset[str]]] = defaultdict(list)
    for core, wording in marked:
        wordings[core].append(wording)
    split = _split(wordings, known)
    seen: defaultdict[Core, _Seen] = defaultdict(_Seen)
    for core, subject in split.items():
        frame = seen[core - subject]
        frame.wordings.update(wording - subject for wording in wordings[core])
        frame.subjects.add(subject)
        frame.times += known[core]
    uses = _uses(known)
    tied = {
        words
        for words, frame in seen.items()
        if len(frame.wordings) == 1
        and len(frame.subjects) >= SUBJECTS
        and min(uses[word] for word in words) <= (1 + TOLERATED) * frame.times
    }
    return {core: subject for core, subject in split.items() if core - subject in tied}


def _uses(cores: Mapping[Core, int]) -> Counter[str]:
    uses: Counter[str] = Counter()
    for core, count in cores.items():
        for word in core:
            uses[word] += count
    return uses


def _split(cores: Iterable[Core], subjects: Mapping[Core, int]) -> dict[Core, Core]:
    """Each core that contains a smaller one of `subjects`, with the largest; of equals the most frequent."""
    split: dict[Core, Core] = {}
    for core in cores:
        if len(core) > LARGEST_CORE:
            continue
        for width in range(1, min(WIDEST, len(core) - 1) + 1):
            within = [part for part in _parts(core, width) if part in subjects]
            if within:
                split[core] = min(within, key=lambda part: (-subjects[part], sorted(part)))
                break
    return split


def _parts(core: Core, width: int) -> Iterator[Core]:
    return (core.difference(taken) for taken in combinations(core, width))
