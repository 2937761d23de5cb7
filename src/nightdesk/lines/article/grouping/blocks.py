"""Lays groups out in blocks small enough to show to a model, near groups in one block."""

from collections import Counter
from collections.abc import Sequence

from nightdesk.lines.article.grouping.phrases import Group, read_key


def blocks(groups: Sequence[Group], at_most: int = 150) -> list[list[Group]]:
    """All of `groups`, each once, in blocks of at most `at_most`; raises `ValueError` if that is below 1.

    Groups are laid out like the branches of a tree: first by the word of their core that most groups have,
    then by the next. A branch that fits into a block is never cut, so groups that differ in one rarer word,
    or only in their intent, are seen together.
    """
    if at_most < 1:
        raise ValueError(f"a block of {at_most} groups")
    cores = [read_key(group.key)[1] for group in groups]
    common = Counter(word for core in cores for word in core)
    paths = [tuple(sorted(core, key=lambda word: (-common[word], word))) for core in cores]
    order = sorted(range(len(groups)), key=lambda at: (paths[at], groups[at].key))
    parts = _parts([paths[at] for at in order], 0, len(order), at_most)
    return [[groups[at] for at in order[start:end]] for start, end in _packed(parts, at_most)]


def _parts(paths: Sequence[tuple[str, ...]], start: int, end: int, at_most: int) -> list[tuple[int, int]]:
    """The largest branches of the sorted `paths` that fit, as ranges in order."""
    parts: list[tuple[int, int]] = []
    waiting = [(start, end, 0)]
    while waiting:
        first, last, depth = waiting.pop()
        if last - first <= at_most:
            parts.append((first, last))
            continue
        if depth >= len(paths[first]) and depth >= len(paths[last - 1]):
            parts.extend((at, min(at + at_most, last)) for at in range(first, last, at_most))
            continue
        waiting.extend((*branch, depth + 1) for branch in reversed(_branches(paths, first, last, depth)))
    return [part for part in parts if part[0] < part[1]]


def _branches(paths: Sequence[tuple[str, ...]], first: int, last: int, depth: int) -> list[tuple[int, int]]:
    edges = [first]
    for at in range(first + 1, last):
        if paths[at][depth : depth + 1] != paths[at - 1][depth : depth + 1]:
            edges.append(at)
    return list(zip(edges, [*edges[1:], last], strict=True))


def _packed(parts: Sequence[tuple[int, int]], at_most: int) -> list[tuple[int, int]]:
    """Neighbouring ranges put together while they fit."""
    packed: list[tuple[int, int]] = []
    for start, end in parts:
        if packed and end - packed[-1][0] <= at_most:
            packed[-1] = (packed[-1][0], end)
        else:
            packed.append((start, end))
    return packed
