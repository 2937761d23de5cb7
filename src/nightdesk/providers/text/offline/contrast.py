"""Two things set against each other: which two, what is said of which, and the criteria they share."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nightdesk.providers.text.offline.draft import Cell, Table
from nightdesk.providers.text.offline.facts import value_in
from nightdesk.providers.text.offline.lexicon import ASPECTS, Aspect
from nightdesk.providers.text.offline.phrases import sentence_case
from nightdesk.providers.text.offline.sentences import Sentence
from nightdesk.providers.text.offline.statements import base_form, complement, subject_of
from nightdesk.providers.text.offline.words import stems, subject_stems
from nightdesk.providers.text.questions import ArticleToWrite

_VERSUS = re.compile(r"\s+(?:vs\.?|versus)\s+", re.I)
_BETWEEN = re.compile(r"\bbetween\s+(.+?)\s+and\s+(.+?)(?=[:,?]|$)", re.I)
_OR = re.compile(r"^(?:.*:\s*)?(.{3,40}?)\s+(?:or|and|against)\s+(.{3,40}?)(?=[:,?]|$)", re.I)
_HALVES = re.compile(r",? (?:while|whereas|but|and) ")


@dataclass(frozen=True)
class Side:
    """One of the two: its name, and the stems by which a sentence is known to speak of it alone."""

    name: str
    stems: frozenset[str]
    full: tuple[str, ...]
    """All stems of its name: where both sides share a noun, only the whole name tells them apart."""
    shares_noun: bool
    is_common: bool
    """True where it is what the whole site is about, so that nearly every sentence names it."""

    def within(self, text: str) -> bool:
        """True where the text names this side."""
        found = stems(text)
        if not self.shares_noun:
            return self.stems <= set(found)
        return any(tuple(found[n : n + len(self.full)]) == self.full for n in range(len(found)))


def sides_of(article: ArticleToWrite, common: frozenset[str]) -> tuple[Side, Side] | None:
    """The two things compared, from the keywords and the title; None where no two are named.

    Stems `common` to the whole site tell neither side from the other.
    """
    for phrase in (*article.keywords, article.title):
        parts = _VERSUS.split(phrase)
        found = re.search(_BETWEEN, phrase) or (re.search(_OR, phrase) if phrase == article.title else None)
        pair = parts[:2] if len(parts) >= 2 else list(found.groups()) if found else []
        if len(pair) == 2:
            sides = _sides(*_completed(pair[0].strip(), pair[1].strip(), article.keywords), common)
            if sides:
                return sides
    return None


def _sides(first: str, second: str, common: frozenset[str]) -> tuple[Side, Side] | None:
    one, other = frozenset(subject_stems(first)), frozenset(subject_stems(second))
    if not one or not other or one == other:
        return None
    shared = one & other

    def side(name: str, own: frozenset[str], others: frozenset[str]) -> Side:
        alone = (own - others - common) or (own - others) or own
        return Side(
            sentence_case(name), alone, tuple(subject_stems(name)), bool(shared - common), own <= common
        )

    return side(first, one, other), side(second, other, one)


def _completed(first: str, second: str, keywords: Sequence[str]) -> tuple[str, str]:
    """Sides with the word they share, where searches say so: `hot`, `cold composting` → `hot composting`."""
    a, b = first.split(), second.split()
    searched = {word for keyword in keywords for word in _VERSUS.split(keyword.casefold())}
    if len(a) == 1 and len(b) > 1 and f"{first} {b[-1]}".casefold() in searched:
        return f"{first} {b[-1]}", second
    if len(b) == 1 and len(a) > 1 and f"{a[0]} {second}".casefold() in searched:
        return first, f"{a[0]} {second}"
    return first, second


def speaks_of(sentence: Sentence, heading: str, side: Side, other: Side) -> float:
    """1 where the side is the subject, 0.6 where it is mentioned, 0.4 where only the heading has it."""
    names, names_other = side.within(sentence.text), other.within(sentence.text)
    if names_other and not names:
        return 0.0
    found = subject_of(sentence.text)
    if found and side.within(found[0]):
        return 1.0
    if names:
        return 0.0 if names_other else 0.6
    return 0.4 if side.within(heading) and not other.within(heading) else 0.0


def halves(sentence: Sentence, one: Side, other: Side) -> tuple[str, str] | None:
    """What a sentence says of the one and of the other, in that order, where it opposes them."""
    for mark in _HALVES.finditer(sentence.text):
        first, second = sentence.text[: mark.start()], sentence.text[mark.end() :].rstrip(".")
        a, b = subject_of(first), subject_of(second)
        if not a or not b:
            continue
        left, right = a[0], b[0]
        said = _predicate(first, a), _predicate(second, b)
        if one.within(left) and other.within(right) and not one.within(right):
            return said
        if other.within(left) and one.within(right) and not other.within(right):
            return said[1], said[0]
    return None


def _predicate(half: str, found: tuple[str, str]) -> str:
    """What is said of the subject; a bare value where the verb only links."""
    rest = half[len(found[0]) + 1 :]
    bare = complement(half, found)
    value = value_in(bare)
    return value if value and bare.startswith(value) else rest


def contrast_table(
    sentences: Sequence[Sentence], one: Side, other: Side
) -> tuple[Table, list[Sentence]] | None:
    """Criteria for which both sides have a figure; with the sentences that the table takes up whole."""
    rows: dict[str, tuple[Cell, ...]] = {}
    taken: list[Sentence] = []
    for sentence in sentences:
        said = halves(sentence, one, other)
        aspect = _shared_aspect(sentence, said) if said else None
        if said and aspect and aspect.label not in rows:
            cells = (Cell(text, (sentence.document,)) for text in said)
            rows[aspect.label] = (Cell(aspect.label), *cells)
            taken.append(sentence)
    for aspect in ASPECTS:
        pair = _pair_for((one, other), aspect, sentences) if aspect.label not in rows else None
        if pair:
            rows[aspect.label] = (Cell(aspect.label), *pair)
    if len(rows) < 2:
        return None
    return Table(("", one.name, other.name), tuple(rows.values())), taken


def _shared_aspect(sentence: Sentence, said: tuple[str, str]) -> Aspect | None:
    both = [aspect for aspect in ASPECTS if all(aspect.units.search(half) for half in said)]
    either = [aspect for aspect in ASPECTS if any(aspect.units.search(half) for half in said)]
    cued = [aspect for aspect in either if sentence.stems & aspect.cues]
    return next(iter((*both, *cued)), None)


def _pair_for(
    sides: tuple[Side, Side], aspect: Aspect, sentences: Sequence[Sentence]
) -> tuple[Cell, ...] | None:
    """A figure for each side from statements with the same verb: weights are not set beside volumes."""
    said = [_values_for(side, aspect, sentences) for side in sides]
    verb = next((verb for verb in said[0] if verb in said[1]), None)
    return (said[0][verb], said[1][verb]) if verb else None


def _values_for(side: Side, aspect: Aspect, sentences: Sequence[Sentence]) -> dict[str, Cell]:
    """The side's figures of this kind by the verb they stand with, the most relevant statement first."""
    values: dict[str, Cell] = {}
    for sentence in sentences:
        found = subject_of(sentence.text)
        if sentence.leans or not found or not side.within(found[0]):
            continue
        value = value_in(complement(sentence.text, found))
        if value and aspect.units.search(value):
            values.setdefault(base_form(found[1]), Cell(value, (sentence.document,)))
    return values
