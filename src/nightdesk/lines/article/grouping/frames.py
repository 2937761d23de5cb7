"""Finds modifiers that the lexicon lacks, by how the words of a list keep company."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
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
    split = _split(marked, unmarked)
    around: defaultdict[Core, list[Core]] = defaultdict(list)
    based = Counter(marked) + Counter(unmarked)
    for core, subject in split.items():
        around[core - subject].append(core)
        based[subject] += unmarked[core]
    beside: Counter[str] = Counter()
    for core, count in marked.items():
        for word in core:
            beside[word] += count
    frames: set[Core] = set()
    for frame, cores in around.items():
        if len({split[core] for core in cores}) < SUBJECTS:
            continue
        expected = sum(unmarked[core] * marked[split[core]] / based[split[core]] for core in cores)
        if expected >= EXPECTED and min(beside[word] for word in frame) <= TOLERATED * expected:
            frames.add(frame)
    return {core: subject for core, subject in split.items() if core - subject in frames}


def _split(marked: Mapping[Core, int], unmarked: Mapping[Core, int]) -> dict[Core, Core]:
    """Each unmarked core that contains a marked one, with the largest; of equals the most marked."""
    split: dict[Core, Core] = {}
    for core in unmarked:
        if core in marked or len(core) > LARGEST_CORE:
            continue
        for width in range(1, min(WIDEST, len(core) - 1) + 1):
            within = [part for part in _parts(core, width) if part in marked]
            if within:
                split[core] = min(within, key=lambda part: (-marked[part], sorted(part)))
                break
    return split


def _parts(core: Core, width: int) -> Iterator[Core]:
    return (core.difference(taken) for taken in combinations(core, width))
