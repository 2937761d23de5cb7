"""Reads a phrase as a slot: how it is meant, and what about."""

from collections.abc import Sequence
from typing import NamedTuple

from nightdesk.lines.article.grouping.lexicon import Lexicon, Modifier
from nightdesk.lines.article.grouping.words import words
from nightdesk.providers.text.questions import Intent, Structure

# Where a phrase carries marks of several intents, the one nearest to an act decides.
PRECEDENCE: tuple[Intent, ...] = ("navigational", "transactional", "commercial", "informational")

Slot = str
"""An intent, or one of the three below."""
COMPARED: Slot = "comparison"
OPEN: Slot = "open"
UNKNOWN: Slot = "unknown"

DIRECTED = ">"
"""Opens the extra word of the core that keeps `pdf to word` apart from `word to pdf`."""


class Reading(NamedTuple):
    """A phrase as read: `core` in the order of the phrase, each folded word once; empty if the text is.

    `slot` is `open` where nothing in the phrase says how it is meant. `alone` are the words of the core that
    are an aspect of their own (`allergies` in `air purifier for allergies`).
    """

    slot: Slot
    core: tuple[str, ...]
    structure: Structure | None = None
    alone: tuple[str, ...] = ()


def read(text: str, lexicon: Lexicon) -> Reading:
    return read_words(words(text), lexicon)


def read_words(found: Sequence[str], lexicon: Lexicon) -> Reading:
    """As `read`, of words already cut."""
    marks, left = _marks(found, lexicon)
    firm = [mark for mark in marks if mark.modifier.strength == "firm"]
    meant = firm or [mark for mark in marks if mark.modifier.strength != "aid"]
    intent = min((mark.modifier.intent for mark in meant), key=PRECEDENCE.index, default=None)
    for mark in marks:
        strength = mark.modifier.strength
        if strength == "kept" or (strength != "firm" and mark.modifier.intent != intent):
            left.extend(range(mark.start, mark.end))
    core, alone = _core(found, sorted(left), lexicon)
    if not core:
        return Reading(
            intent or OPEN, tuple(dict.fromkeys(map(lexicon.fold, found))), _structure(meant, intent)
        )
    compared = intent == "commercial" and len(core) > 1 and _two_sides(meant)
    return Reading(COMPARED if compared else intent or OPEN, core, _structure(meant, intent), alone)


class _Mark(NamedTuple):
    modifier: Modifier
    start: int
    end: int


def _marks(found: Sequence[str], lexicon: Lexicon) -> tuple[list[_Mark], list[int]]:
    """The longest terms that count where they stand, and the positions of all other words."""
    marks: list[_Mark] = []
    left: list[int] = []
    terms, dropped = lexicon.terms, lexicon.dropped
    at, size = 0, len(found)
    inner = False
    while at < size:
        mark = None
        for term, modifier in terms.get(found[at], ()):
            end = at + len(term)
            if tuple(found[at:end]) == term and _stands(modifier, inner, found, end, lexicon):
                mark = _Mark(modifier, at, end)
                break
        if mark:
            marks.append(mark)
            at = mark.end
        else:
            left.append(at)
            inner = inner or found[at] not in dropped
            at += 1
    return marks, left


def _stands(modifier: Modifier, inner: bool, found: Sequence[str], end: int, lexicon: Lexicon) -> bool:
    """Whether a term that ends at `end` stands where it counts; `inner`: after a word of the subject."""
    if modifier.at == "any":
        return True
    if modifier.at == "start":
        return not inner
    if not inner:
        return False
    last = all(
        word in lexicon.dropped or _is_year(word, lexicon) or word in lexicon.terms for word in found[end:]
    )
    return last if modifier.at == "end" else not last


def _core(
    found: Sequence[str], left: Sequence[int], lexicon: Lexicon
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The core, and those of its words that make up a whole aspect each."""
    core: dict[str, None] = {}
    aspects: list[list[str]] = [[]]
    directed = False
    for at in left:
        word = found[at]
        if core and word in lexicon.joints:
            aspects.append([])
        directed = directed or (bool(core) and word in lexicon.directed)
        if word in lexicon.dropped or (word.isdecimal() and _only_counts(found, at, lexicon)):
            continue
        folded = lexicon.fold(word)
        core[folded] = None
        aspects[-1].append(folded)
        if directed:
            core[DIRECTED + folded] = None
            directed = False
    return tuple(core), tuple(aspect[0] for aspect in aspects[1:] if len(aspect) == 1)


def _only_counts(found: Sequence[str], at: int, lexicon: Lexicon) -> bool:
    if _is_year(found[at], lexicon):
        return True
    beside = (*found[max(at - 1, 0) : at], *found[at + 1 : at + 2])
    return any(word in lexicon.counted or lexicon.fold(word) in lexicon.counted for word in beside)


def _is_year(word: str, lexicon: Lexicon) -> bool:
    if lexicon.years is None or len(word) != 4 or not word.isdecimal():
        return False
    return lexicon.years[0] <= int(word) <= lexicon.years[1]


def _two_sides(meant: Sequence[_Mark]) -> bool:
    """Whether the phrase names both sides: by a mark between two words, or one of several words."""
    return any(
        mark.modifier.structure == "comparison"
        and (mark.modifier.at == "inside" or mark.end - mark.start > 1)
        for mark in meant
    )


def _structure(meant: Sequence[_Mark], intent: Intent | None) -> Structure | None:
    own = [
        mark.modifier.structure
        for mark in meant
        if mark.modifier.intent == intent and mark.modifier.structure
    ]
    if not own:
        return None
    return "comparison" if "comparison" in own else own[0]
