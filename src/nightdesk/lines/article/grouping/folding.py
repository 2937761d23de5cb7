"""Folds the inflected forms of a word into one, by rules that a lexicon brings."""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field


class Ending(BaseModel):
    """One rule: a word that ends in `cut` ends in `put` instead, if at least `leave` letters stay.

    Of the rules of one step the first that fits is applied; the steps follow one another.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cut: str = Field(min_length=1)
    put: str = ""
    leave: int = Field(default=3, ge=2)
    step: int = 1
    verb: bool = Field(
        default=False,
        description="what stays needs a vowel; a doubled last letter is halved, a dropped e put back",
    )


def fold(word: str, endings: Sequence[Ending], same: Mapping[str, str], vowels: str) -> str:
    """The folded form of `word`. `same` (irregular forms, synonyms) is asked before and after the rules."""
    known = same.get(word)
    if known is not None:
        return known
    if not word.isalpha():
        return word
    done = 0
    for rule in endings:
        if rule.step > done and word.endswith(rule.cut) and len(word) - len(rule.cut) >= rule.leave:
            stem = word[: -len(rule.cut)]
            if rule.verb:
                if not any(letter in vowels for letter in stem):
                    continue
                stem = _restored(stem, vowels)
            word = stem + rule.put
            done = rule.step
    return same.get(word, word)


def _restored(stem: str, vowels: str) -> str:
    """`runn` → `run`, `bak` → `bake`, `clean` as it is.

    After step 1b of Porter, "An algorithm for suffix stripping" (1980).
    """
    if stem[-1] == stem[-2] and stem[-1] not in vowels and stem[-1] not in "lsz":
        return stem[:-1]
    lost_e = stem[-1] not in vowels + "wxy" and stem[-2] in vowels and stem[-3] not in vowels
    one_vowel = sum(letter in vowels for letter in stem) == 1
    return stem + "e" if lost_e and one_vowel else stem
