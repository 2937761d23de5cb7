"""Readability: how hard a text is to read, by the measure made for its language."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nightdesk.kit.text import sentences, shorten
from nightdesk.quality.report import CheckReport, Finding
from nightdesk.quality.syllables import counter
from nightdesk.quality.words import words

_LONG_SENTENCE = 30
_VERY_LONG_SENTENCE = 45
_LONG_PARAGRAPH = 150
_TOO_MANY_LONG = 0.25
_HARD, _VERY_HARD = 40, 25
_ENOUGH_WORDS = 30


@dataclass(frozen=True)
class _Formula:
    """Reading ease = `start` − `sentence` × words a sentence − `syllable` × syllables a word."""

    start: float
    sentence: float
    syllable: float
    source: str


FORMULAS: Mapping[str, _Formula] = {
    "en": _Formula(206.835, 1.015, 84.6, "Flesch 1948, A new readability yardstick"),
    "de": _Formula(180.0, 1.0, 58.5, "Amstad 1978, Wie verständlich sind unsere Zeitungen?"),
    "es": _Formula(206.84, 1.02, 60.0, "Fernández Huerta 1959, Medidas sencillas de lecturabilidad"),
    "fr": _Formula(207.0, 1.015, 73.6, "Kandel & Moles 1958, Application de l'indice de Flesch au français"),
    "it": _Formula(217.0, 1.3, 60.0, "Franchina & Vacca 1986, Adaptation of Flesch readability index"),
    "nl": _Formula(206.84, 0.93, 77.0, "Douma 1960, De leesbaarheid van landbouwbladen"),
    "pt": _Formula(248.835, 1.015, 84.6, "Martins et al. 1996, Readability formulas applied to Portuguese"),
    "ru": _Formula(206.835, 1.3, 60.1, "Oborneva 2005, automated Flesch for Russian"),
}


def check(text: str, language: str) -> CheckReport:
    """`text`: visible text, paragraphs parted by blank lines; `language`: `en`, `de-AT`, `pt_BR`, …

    The score is the language's reading ease held within 0 and 100 (100 is easiest); None for a language
    without a formula here and for fewer than 30 words. LIX (Björnsson 1968: words a sentence plus the
    percentage of words over six letters) is told for every language.
    """
    code = re.split(r"[-_]", language.lower())[0]
    paragraphs = [part for part in re.split(r"\n\s*\n", text) if part.strip()]
    split = [(sentence, len(words(sentence))) for part in paragraphs for sentence in sentences(part)]
    counted = [(sentence, count) for sentence, count in split if count]
    spoken = words(text)
    ease = _ease(spoken, len(counted), code)
    findings = [*_hard(ease), *_long_sentences(counted), *_long_paragraphs(paragraphs)]
    facts = {
        "language": code,
        "formula": FORMULAS[code].source if ease is not None else None,
        "reading_ease": None if ease is None else round(ease, 1),
        **_sentence_facts(spoken, [count for _, count in counted]),
        "paragraphs": len(paragraphs),
    }
    score = None if ease is None else round(min(max(ease, 0.0), 100.0))
    return CheckReport("readability", score, findings, facts)


def _ease(spoken: Sequence[str], sentence_count: int, code: str) -> float | None:
    formula, count = FORMULAS.get(code), counter(code)
    lettered = [word for word in spoken if word[0].isalpha()]
    if formula is None or count is None or not sentence_count or len(lettered) < _ENOUGH_WORDS:
        return None
    syllables = sum(count(word) for word in lettered) / len(lettered)
    return formula.start - formula.sentence * len(spoken) / sentence_count - formula.syllable * syllables


def _sentence_facts(spoken: Sequence[str], lengths: Sequence[int]) -> dict[str, Any]:
    if not lengths:
        return {"sentences": 0, "words": len(spoken)}
    ordered = sorted(lengths)
    per_sentence = sum(lengths) / len(lengths)
    long_words = sum(len(word) > 6 for word in spoken)
    return {
        "sentences": len(lengths),
        "words": len(spoken),
        "words_per_sentence": round(per_sentence, 1),
        "median_sentence": ordered[len(ordered) // 2],
        "ninth_decile_sentence": ordered[(len(ordered) * 9) // 10],
        "longest_sentence": ordered[-1],
        "long_sentences": sum(length > _LONG_SENTENCE for length in lengths),
        "lix": round(per_sentence + 100 * long_words / len(spoken), 1),
    }


def _hard(ease: float | None) -> Iterable[Finding]:
    if ease is None or ease >= _HARD:
        return
    message = f"Hard to read (reading ease {ease:.0f}): use shorter sentences and shorter words."
    yield Finding("hard_to_read", "serious" if ease < _VERY_HARD else "warning", message)


def _long_sentences(counted: Sequence[tuple[str, int]]) -> Iterable[Finding]:
    for sentence, count in counted:
        if count > _VERY_LONG_SENTENCE:
            message = f"A sentence of {count} words: break it up."
            yield Finding("very_long_sentence", "warning", message, shorten(sentence, 160))
    long = sum(count > _LONG_SENTENCE for _, count in counted)
    if counted and long / len(counted) > _TOO_MANY_LONG:
        message = f"{long} of {len(counted)} sentences have more than {_LONG_SENTENCE} words: shorten some."
        yield Finding("many_long_sentences", "warning", message)


def _long_paragraphs(paragraphs: Sequence[str]) -> Iterable[Finding]:
    for part in paragraphs:
        count = len(words(part))
        if count > _LONG_PARAGRAPH:
            message = f"A paragraph of {count} words: part it in two."
            yield Finding("long_paragraph", "info", message, shorten(part, 80))
