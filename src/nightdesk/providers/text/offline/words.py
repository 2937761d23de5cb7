"""Words as the offline provider compares them: stems, terms of one and two words, what carries no meaning."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

_WORD = re.compile(r"[^\W_]+(?:[.,:’'][^\W_]+)*")


def listed(words_in_a_row: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(words_in_a_row.split())


def cues(lines: str) -> re.Pattern[str]:
    """Finds any of these expressions, one or more (`a|b`) a line, as whole words in any case."""
    return re.compile(
        rf"\b(?:{'|'.join(line.strip() for line in lines.split(chr(10)) if line.strip())})\b", re.I
    )


STOP = listed("""
    a about above after again all also although am an and any are as at be because been before being
    below between both but by can cannot could did do does doing down during each either else even ever
    every few for from further get gets getting give gives go goes had has have having he her here him
    his how however i if in into is it its itself just keep like less made make makes making many may me
    might more most much must my need needs neither no nor not of off on once one only or other our out
    over own per put rather same say says she should since so some such than that the their them then
    there these they thing things this those though through thus to too toward under until up upon us
    use used uses using usually very via was we well were what when where whether which while who whom
    whose why will with within without would you your
""")
"""English words that carry no subject of their own."""

FILLER = listed("""
    best top good great guide tip idea review basic complete ultimate simple easy easily quick
    explained essential list type kind way work near sale buy vs versus difference worth know
""")
"""Words of titles and searches that say what form is wanted, not what about (stems)."""


_IRREGULAR = {
    "leaves": "leaf", "halves": "half", "shelves": "shelf", "knives": "knife", "mice": "mouse",
    "feet": "foot", "teeth": "tooth", "mould": "mold", "litre": "liter", "metre": "meter",
    "colour": "color", "fibre": "fiber",
}  # fmt: skip


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """A light English stem; words of other languages come through nearly whole."""
    word = word.casefold().replace("’", "'").removesuffix("'s")
    word = _IRREGULAR.get(word, word)
    if word[:1].isdigit() or len(word) <= 3:
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("ches", "shes", "sses", "xes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return _without_ending(word)


def _without_ending(word: str) -> str:
    for ending, shortest in (("ing", 6), ("ed", 5)):
        if word.endswith(ending) and len(word) >= shortest and not word.endswith("eed"):
            word = word.removesuffix(ending)
            if word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word.removesuffix("e") if len(word) > 3 else word


def words(text: str) -> list[str]:
    """Every word and number, as written."""
    return _WORD.findall(text)


def stems(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order."""
    return [stem(word) for word in words(text) if word.casefold() not in STOP]


def subject_stems(text: str) -> list[str]:
    """Stems without the words that only say what form is wanted (`best`, `guide`, `vs`)."""
    return [found for found in stems(text) if found not in FILLER]


def pairs(found: list[str]) -> list[str]:
    """Neighbouring stems as one term each: `compost tea` weighs more than compost and tea far apart."""
    return [f"{a} {b}" for a, b in pairwise(found)]


def terms(text: str) -> frozenset[str]:
    """Stems and neighbouring pairs of stems."""
    found = stems(text)
    return frozenset(found) | frozenset(pairs(found))


def overlap(a: Iterable[str], b: Iterable[str]) -> float:
    """Share of the smaller set that the other holds too, 0 to 1."""
    first, second = frozenset(a), frozenset(b)
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller else 0.0


def likeness(a: Iterable[str], b: Iterable[str]) -> float:
    """Jaccard's index of two sets, 0 to 1."""
    first, second = frozenset(a), frozenset(b)
    either = len(first | second)
    return len(first & second) / either if either else 0.0
