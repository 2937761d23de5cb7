"""Finds the existing cluster to which a new group clearly belongs, so that what is mapped stays."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from nightdesk.lines.article.grouping.lexicon import Lexicon
from nightdesk.lines.article.grouping.phrases import Group, read_key, spell_key
from nightdesk.lines.article.grouping.slots import COMPARED, OPEN, Slot, read

K = TypeVar("K", bound=Hashable)
Core = frozenset[str]


def slot_keys(phrases: Iterable[str], lexicon: Lexicon) -> set[str]:
    """The keys under which `match_existing` knows a cluster with these phrases."""
    return {spell_key(reading.slot, reading.core) for reading in (read(text, lexicon) for text in phrases)}


def match_existing(groups: Sequence[Group], existing: Mapping[K, Collection[str]]) -> dict[int, K]:
    """The place in `groups` of each group that clearly belongs to a cluster, with that cluster.

    `existing` has each cluster's slot keys: its groups' `keys` as they were, or `slot_keys` of its keywords.
    A group belongs to the one cluster that has a key of its; failing that, to the one cluster that has the
    same words where either side does not say how it is meant (and neither compares). Where several clusters
    would do, the one with most of the group's keys; where that is not one either, none: let the model decide.
    """
    exact: defaultdict[str, set[K]] = defaultdict(set)
    by_core: defaultdict[Core, defaultdict[Slot, set[K]]] = defaultdict(lambda: defaultdict(set))
    for cluster, keys in existing.items():
        for key in keys:
            slot, core = read_key(key)
            exact[key].add(cluster)
            by_core[core][slot].add(cluster)
    matched: dict[int, K] = {}
    for place, group in enumerate(groups):
        found = _most(Counter(one for key in group.keys for one in exact.get(key, ())))
        found = found or _most(Counter(one for key in group.keys for one in _open(key, by_core)))
        if len(found) == 1:
            matched[place] = found[0]
    return matched


def _open(key: str, by_core: Mapping[Core, Mapping[Slot, set[K]]]) -> set[K]:
    slot, core = read_key(key)
    slots = by_core.get(core, {})
    if slot == OPEN:
        return {one for other, clusters in slots.items() if other != COMPARED for one in clusters}
    return set(slots.get(OPEN, ())) if slot != COMPARED else set()


def _most(votes: Counter[K]) -> list[K]:
    return [one for one, count in votes.items() if count == max(votes.values())]
