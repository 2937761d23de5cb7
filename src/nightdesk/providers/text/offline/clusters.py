"""Judges groups of keywords: merges those that mean the same, names each cluster, describes it in a line."""

import math
from collections import Counter
from collections.abc import Sequence

from nightdesk.providers.text.offline.naming import cluster_name, topic_of
from nightdesk.providers.text.offline.words import stems, words
from nightdesk.providers.text.questions import Group, GroupsJudged, GroupsToJudge, NamedCluster

_SAME = 0.8
"""Cosine of two groups' words, rare ones weighing more, from which they are one cluster."""

_ARTICLES = frozenset({"a", "an", "the", "to", "of", "i", "you"})

_Weights = dict[str, float]


def judge_groups(asked: GroupsToJudge) -> GroupsJudged:
    """A partition of the groups: stars around the most searched ones, never chains."""
    vectors = _vectors(asked.groups, frozenset(stems(asked.site.subject)))
    order = sorted(asked.groups, key=lambda group: (-group.volume, -group.keywords, group.number))
    stars: list[list[Group]] = []
    for group in order:
        near = [(_cosine(vectors[group.number], vectors[star[0].number]), -n) for n, star in enumerate(stars)]
        best, place = max(near, default=(0.0, 0))
        if best >= _SAME:
            stars[-place].append(group)
        else:
            stars.append([group])
    return GroupsJudged(clusters=_named(stars, asked.existing))


def _vectors(groups: Sequence[Group], common: frozenset[str]) -> dict[int, _Weights]:
    found = {group.number: _core(group, common) for group in groups}
    within = Counter(stem for core in found.values() for stem in core)
    count = len(groups)
    return {
        number: {stem: share * (0.3 + math.log(1 + count / within[stem])) for stem, share in core.items()}
        for number, core in found.items()
    }


def _core(group: Group, common: frozenset[str]) -> _Weights:
    """Stems of the representative, and those that most of the examples share.

    Where they only name the site's subject, the small words (`what`, `not`, `much`) make the difference.
    """
    own = stems(topic_of(group.representative)) or stems(group.representative)
    if common.issuperset(own):
        own += [
            f"~{word.casefold()}" for word in words(group.representative) if word.casefold() not in _ARTICLES
        ]
    weights = dict.fromkeys(own, 1.0)
    shared = Counter(stem for example in group.examples for stem in set(stems(topic_of(example))))
    for stem, times in shared.items():
        if times * 2 > len(group.examples):
            weights.setdefault(stem, 0.5)
    return weights


def _cosine(one: _Weights, other: _Weights) -> float:
    product = sum(weight * other.get(stem, 0.0) for stem, weight in one.items())
    return product / (math.hypot(*one.values()) * math.hypot(*other.values())) if product else 0.0


def _named(stars: Sequence[Sequence[Group]], existing: Sequence[str]) -> list[NamedCluster]:
    """Clusters with a name each; stars that would bear the same name are one."""
    seen = frozenset(
        word.casefold()
        for star in stars
        for group in star
        for word in words(" ".join((group.representative, *group.examples)))
    )
    taken = {name.casefold(): name for name in existing}
    by_name: dict[str, list[Group]] = {}
    for star in stars:
        name = cluster_name(star[0].representative, star[0].examples, seen)[:120]
        by_name.setdefault(taken.get(name.casefold(), name), []).extend(star)
    return [
        NamedCluster(name=name, description=_described(groups), groups=[group.number for group in groups])
        for name, groups in by_name.items()
    ]


def _described(groups: Sequence[Group]) -> str:
    """`5 keywords, 12,300 searches a month: compost tumbler, compost tumbler reviews, …`."""
    phrases = list(dict.fromkeys(p for g in groups for p in (g.representative, *g.examples)))
    count, volume = sum(group.keywords for group in groups), sum(group.volume for group in groups)
    searched = f", {volume:,} searches a month" if volume else ""
    named = ", ".join(phrases[:4]) + (", …" if len(phrases) > 4 else "")
    return f"{count} keyword{'s' if count != 1 else ''}{searched}: {named}."[:400]
