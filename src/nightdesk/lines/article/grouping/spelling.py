"""Finds the misspelt words of a list by the list itself."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import combinations

Core = frozenset[str]

SHORTEST = 5
LONGEST = 40
LONG = 7
"""In words of so many letters any wrong letter counts; in shorter ones only one lost, added or swapped."""
RARER = 5
"""The right spelling of a shorter word is at least so many times as frequent."""


def misspelt(cores: Mapping[Core, int], known: Collection[str]) -> dict[str, str]:
    """Misspelt words of `cores` with the spelling that the list prefers.

    A word counts as misspelt if it differs by one letter from one that is more frequent, and if in at least
    half of its cores the other word in its place gives a core that exists too. `cores` come with how many
    phrases have them; words in `known` are never touched.
    """
    uses: Counter[str] = Counter()
    places: defaultdict[str, list[Core]] = defaultdict(list)
    for core, count in cores.items():
        for word in core:
            uses[word] += count
            places[word].append(core)
    corrected: dict[str, str] = {}
    for wrong, right in sorted(_neighbours(uses)):
        if (uses[wrong], right) > (uses[right], wrong):
            wrong, right = right, wrong
        if wrong in known or wrong in corrected or right in corrected or not _plausible(wrong, right, uses):
            continue
        fitting = sum(core - {wrong} | {right} in cores for core in places[wrong])
        if 2 * fitting >= len(places[wrong]):
            corrected[wrong] = right
    return corrected


def _plausible(wrong: str, right: str, uses: Mapping[str, int]) -> bool:
    if min(len(wrong), len(right)) >= LONG:
        return True
    replaced = len(wrong) == len(right) and Counter(wrong) != Counter(right)
    return not replaced and uses[wrong] * RARER <= uses[right]


def _neighbours(vocabulary: Iterable[str]) -> set[tuple[str, str]]:
    """Pairs of words with the same first letter that are one replaced, lost or swapped letter apart.

    Found by their common deletions, after W. Garbe's SymSpell.
    """
    shared: defaultdict[str, set[str]] = defaultdict(set)
    for word in vocabulary:
        if SHORTEST <= len(word) <= LONGEST and word.isalpha() and word.isascii():
            shared[word].add(word)
            for at in range(1, len(word)):
                shared[word[:at] + word[at + 1 :]].add(word)
    pairs = {pair for alike in shared.values() if len(alike) > 1 for pair in combinations(sorted(alike), 2)}
    return {pair for pair in pairs if _one_apart(*pair)}


def _one_apart(one: str, other: str) -> bool:
    if len(one) != len(other):
        return True
    different = [at for at in range(len(one)) if one[at] != other[at]]
    if len(different) == 1:
        return True
    if len(different) != 2 or different[1] != different[0] + 1:
        return False
    at = different[0]
    return one[at] == other[at + 1] and one[at + 1] == other[at]
