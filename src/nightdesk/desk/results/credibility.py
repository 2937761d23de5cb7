"""How far a group's mean is to be believed: Bühlmann's credibility, which shrinks what rests on little.

H. Bühlmann, "Experience rating and credibility", ASTIN Bulletin 4 (1967) 199-207; its unbiased estimators
for groups of unequal size as in S. Klugman, H. Panjer and G. Willmot, "Loss Models" (4th ed., 2012), 19.2. It
is the best linear estimate of a group's true mean, and an empirical Bayes one: both variances come from the
data.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

LEAST_WITHIN = 0.25
"""Variance within groups that is reckoned with at least: pieces of one kind differ by a factor of 1.6 (a
standard deviation of 0.5 of the logarithm), however alike a few of them came out."""


@dataclass(frozen=True)
class Believed:
    """A group: its own mean, over how many, what is believed of it, and by what share its own mean counts."""

    mean: float
    count: int
    estimate: float
    weight: float


def believed(groups: Mapping[Key, Sequence[float]]) -> dict[Key, Believed]:
    """What is believed of each group's mean, relative to that of all.

    With `s²` the variance within groups and `a` that between them, a group of `n` counts by `n / (n + s²/a)`.
    Where chance alone explains how the groups differ (`a` comes out at 0 or less), none is believed at all.
    """
    groups = {key: values for key, values in groups.items() if values}
    total = sum(len(values) for values in groups.values())
    if not total:
        return {}
    overall = sum(sum(values) for values in groups.values()) / total
    means = {key: sum(values) / len(values) for key, values in groups.items()}
    k = _k(groups, means, overall, total)
    found = {}
    for key, values in groups.items():
        weight = 0.0 if k is None else len(values) / (len(values) + k)
        own = means[key] - overall
        found[key] = Believed(own, len(values), weight * own, weight)
    return found


def _k(
    groups: Mapping[Key, Sequence[float]], means: Mapping[Key, float], overall: float, total: int
) -> float | None:
    """`s²/a`; None where the groups do not differ by more than chance, or nothing can be told."""
    if len(groups) < 2 or total <= len(groups):
        return None
    squares = sum((value - means[key]) ** 2 for key, values in groups.items() for value in values)
    within = max(squares / (total - len(groups)), LEAST_WITHIN)
    spread = sum(len(values) * (means[key] - overall) ** 2 for key, values in groups.items())
    room = total - sum(len(values) ** 2 for values in groups.values()) / total
    between = (spread - within * (len(groups) - 1)) / room
    return within / between if between > 0 else None
