"""Judges groups of keywords: merges those on one matter, names each cluster, describes it in a line."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nightdesk.providers.text.offline.naming import cluster_name, frame_of, name_of_frame, topic_of
from nightdesk.providers.text.offline.words import stems, words
from nightdesk.providers.text.questions import Group, GroupsJudged, GroupsToJudge, NamedCluster

_TOGETHER = 0.34
"""Mean cosine between two clusters' groups from which they become one."""
_ONLY_HERE, _COMMON, _FRAME = 0.4, 0.25, 0.45
"""What a word counts that one group has alone, or the subject has; what a shared frame does."""
_FEWEST_IN_FRAME = 3
_OFTEN_ENOUGH = 0.5

_Weights = dict[str, float]


def judge_groups(asked: GroupsToJudge) -> GroupsJudged:
    """A partition of the groups by average linkage: clusters whose groups are alike, never chains."""
    groups = sorted(asked.groups, key=lambda group: (-group.volume, -group.keywords, group.number))
    vectors = _vectors(groups, frozenset(stems(asked.site.subject)))
    together = _linked(_likeness(vectors))
    members = [[groups[place] for place in places] for places in together]
    return GroupsJudged(clusters=_named(members, frozenset(stems(asked.site.subject)), asked.existing))


def _vectors(groups: Sequence[Group], common: frozenset[str]) -> list[_Weights]:
    cores = [_core(group) for group in groups]
    frames = Counter(frame_of(group.representative, common) for group in groups)
    within = Counter(stem for core in cores for stem in core)
    found = []
    for group, core in zip(groups, cores, strict=True):
        weights = {
            stem: share * _weight(stem, within[stem], len(groups), common) for stem, share in core.items()
        }
        frame = frame_of(group.representative, common)
        if frame and frames[frame] >= _FEWEST_IN_FRAME:
            weights[frame] = _FRAME * math.log(1 + len(groups))
        if common.issuperset(core):
            weights |= dict.fromkeys((f"~{word}" for word in group.representative.split()), 1.0)
        found.append(weights)
    return found


def _weight(stem: str, within: int, count: int, common: frozenset[str]) -> float:
    rarity = math.log(1 + count / within)
    if stem in common:
        return _COMMON
    return rarity if within > 1 else _ONLY_HERE * rarity


def _core(group: Group) -> _Weights:
    """Stems of the representative, and those that most of the examples share."""
    own = stems(topic_of(group.representative)) or stems(group.representative)
    weights = dict.fromkeys(own, 1.0)
    shared = Counter(stem for example in group.examples for stem in set(stems(topic_of(example))))
    for stem, times in shared.items():
        if times > _OFTEN_ENOUGH * len(group.examples):
            weights.setdefault(stem, 0.5)
    return weights


def _likeness(vectors: Sequence[_Weights]) -> NDArray[np.float64]:
    """Cosine of each pair; 0 with itself, so that nothing is merged with itself."""
    places = {term: n for n, term in enumerate(sorted({term for vector in vectors for term in vector}))}
    matrix = np.zeros((len(vectors), max(len(places), 1)))
    for row, vector in enumerate(vectors):
        for term, weight in vector.items():
            matrix[row, places[term]] = weight
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    unit = matrix / np.where(lengths > 0, lengths, 1.0)
    alike: NDArray[np.float64] = unit @ unit.T
    np.fill_diagonal(alike, 0.0)
    return alike


def _linked(alike: NDArray[np.float64]) -> list[list[int]]:
    """Places that belong together, each list in order; merges the two nearest until none is near enough."""
    sizes = np.ones(len(alike))
    members = {place: [place] for place in range(len(alike))}
    while len(members) > 1:
        one, other = sorted(divmod(int(np.argmax(alike)), len(alike)))
        if alike[one, other] < _TOGETHER:
            break
        mean = (alike[one] * sizes[one] + alike[other] * sizes[other]) / (sizes[one] + sizes[other])
        alike[one], alike[:, one] = mean, mean
        alike[one, one] = 0.0
        alike[other], alike[:, other] = 0.0, 0.0
        sizes[one] += sizes[other]
        members[one] = sorted(members[one] + members.pop(other))
    return [members[place] for place in sorted(members)]


def _named(
    clusters: Sequence[Sequence[Group]], common: frozenset[str], existing: Sequence[str]
) -> list[NamedCluster]:
    """Clusters with a name each; those that would bear the same name are one."""
    seen = frozenset(
        word.casefold()
        for groups in clusters
        for group in groups
        for word in words(" ".join((group.representative, *group.examples)))
    )
    known = {frozenset(stems(name)): name for name in reversed(existing)}
    by_name: dict[str, list[Group]] = {}
    for groups in clusters:
        name = _name(groups, common, seen)
        by_name.setdefault(known.get(frozenset(stems(name)), name), []).extend(groups)
    return [
        NamedCluster(name=name, description=_described(groups), groups=[group.number for group in groups])
        for name, groups in by_name.items()
    ]


def _name(groups: Sequence[Group], common: frozenset[str], seen: frozenset[str]) -> str:
    """By the frame where most groups share one and little else, else by the most searched group."""
    frame, times = Counter(frame_of(group.representative, common) for group in groups).most_common(1)[0]
    framed = name_of_frame(frame) if times >= _FEWEST_IN_FRAME and times * 2 > len(groups) else ""
    return (framed or cluster_name(groups[0].representative, groups[0].examples, seen))[:120]


def _described(groups: Sequence[Group]) -> str:
    """`5 keywords, 12,300 searches a month: compost tumbler, compost tumbler reviews, …`."""
    phrases = list(dict.fromkeys(p for g in groups for p in (g.representative, *g.examples)))
    count, volume = sum(group.keywords for group in groups), sum(group.volume for group in groups)
    searched = f", {volume:,} searches a month" if volume else ""
    named = ", ".join(phrases[:4]) + (", …" if len(phrases) > 4 else "")
    return f"{count} keyword{'s' if count != 1 else ''}{searched}: {named}."[:400]
