"""Counts syllables, by hyphenation patterns and by groups of vowels, whichever hears more of them."""

import re
from collections.abc import Callable
from functools import lru_cache

import pyphen

# An accented i or u in a Romance language is a syllable of its own (`pa-ís`).
_VOWELS = re.compile(r"[íúìù]|[aeiouyäöüáéóàèòâêîôûëïãõåæøœ]+")
_SILENT = re.compile(r"(?<=[^aeiouylszxcgh])es$|(?<=[^aeiouyltd])(?:e|ed)$|(?<=[aeiouy]l)e$")


def counter(language: str) -> Callable[[str], int] | None:
    """A function from a lower-case word to its syllables (at least 1); None for a language without patterns.

    A hyphenation pattern never parts the first letter of a word, which alone would undercount
    (`a-re-a`); groups of vowels alone would miss a hiatus (`cre-ate`).
    """
    if language not in pyphen.LANGUAGES:
        return None
    patterns = pyphen.Pyphen(lang=language, left=1)

    @lru_cache(maxsize=20_000)
    def count(word: str) -> int:
        heard = _SILENT.sub("", word) if language == "en" and len(word) > 3 else word
        return max(len(patterns.positions(word)) + 1, len(_VOWELS.findall(heard)), 1)

    return count
