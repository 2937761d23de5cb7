"""Checks and mends a model's answer: every group in exactly one cluster."""

from collections import Counter
from collections.abc import Collection, Mapping

from nightdesk.providers.text.questions import GroupsJudged, NamedCluster

LONGEST_NAME = 120
SHOWN = 20


def check_partition(answer: GroupsJudged, numbers: Collection[int]) -> list[str]:
    """What keeps `answer` from being a partition of `numbers`, in words a model can act on."""
    given = Counter(number for cluster in answer.clusters for number in cluster.groups)
    wanted = set(numbers)
    problems: list[str] = []
    if missing := wanted - given.keys():
        problems.append(f"these groups are in no cluster: {_listed(missing)}")
    if unknown := given.keys() - wanted:
        problems.append(f"there are no groups with these numbers: {_listed(unknown)}")
    if repeated := {number for number, times in given.items() if times > 1 and number in wanted}:
        problems.append(f"these groups come more than once: {_listed(repeated)}")
    names = Counter(cluster.name.casefold().strip() for cluster in answer.clusters)
    if twice := sorted(name for name, times in names.items() if times > 1):
        problems.append(f"these names are given to more than one cluster: {', '.join(twice[:SHOWN])}")
    return problems


def repair_partition(answer: GroupsJudged, names: Mapping[int, str]) -> GroupsJudged:
    """A partition of the groups as close to `answer` as can be; `names` has each group's representative.

    Unknown numbers are dropped; a repeated one stays where it comes first; clusters of one name become one;
    a group left out becomes a cluster of its own under the name of its representative.
    """
    left = dict.fromkeys(names)
    clusters: dict[str, NamedCluster] = {}
    for cluster in answer.clusters:
        kept = [number for number in dict.fromkeys(cluster.groups) if number in left]
        for number in kept:
            del left[number]
        if kept:
            _put(clusters, cluster.name, cluster.description, kept)
    for number in left:
        _put(clusters, names[number].strip() or f"Group {number}", "", [number])
    return GroupsJudged(clusters=list(clusters.values()))


def _put(clusters: dict[str, NamedCluster], name: str, description: str, groups: list[int]) -> None:
    short = name[:LONGEST_NAME]
    known = clusters.get(short.casefold().strip())
    if known:
        groups = [*known.groups, *groups]
        short, description = known.name, known.description or description
    clusters[short.casefold().strip()] = NamedCluster(name=short, description=description, groups=groups)


def _listed(numbers: Collection[int]) -> str:
    shown = ", ".join(map(str, sorted(numbers)[:SHOWN]))
    return shown if len(numbers) <= SHOWN else f"{shown} and {len(numbers) - SHOWN} more"
