"""Decides which articles a cluster's searches ask for: structure, lead phrase and keywords of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from nightdesk.providers.text.offline.intents import intent_of, structure_of
from nightdesk.providers.text.offline.naming import as_thing
from nightdesk.providers.text.offline.phrases import is_deed, is_plural
from nightdesk.providers.text.offline.words import overlap, stems
from nightdesk.providers.text.questions import Structure

_ORDER: tuple[Structure, ...] = ("guide", "faq", "how_to", "list", "review")
_OF_THINGS: tuple[Structure, ...] = ("guide", "faq", "list", "how_to", "review")
_OF_GOODS: tuple[Structure, ...] = ("guide", "review", "faq", "list", "how_to")
_SPLITS = frozenset({"comparison", "how_to"})
"""Structures of which a cluster may get two: another pair to compare, another thing to do."""
_SAME_MATTER = 0.6
_FEWEST_KEYWORDS, _MOST_KEYWORDS = 3, 8


@dataclass(frozen=True)
class Lead:
    """One article to plan: the phrase it answers first, and the others it is to be found by."""

    structure: Structure
    phrase: str
    keywords: tuple[str, ...]
    asked: int
    """How many of the keywords have the structure's own form."""


def leads(keywords: Sequence[str], wanted: int) -> list[Lead]:
    """As many as wanted, the most searched for first; then structures that the thing itself suggests.

    `keywords` come most searched first; a phrase counts by its rank.
    """
    matters = _matters(keywords)
    rank = {keyword: 1 / (1 + place) for place, keyword in enumerate(keywords)}
    matters.sort(key=lambda matter: -sum(rank[keyword] for keyword in matter[1]))
    found = [_lead(structure, own, keywords) for structure, own in matters[:wanted]]
    there = {lead.structure for lead in found}
    for structure in _suggested(keywords):
        if len(found) < wanted and structure not in there:
            found.append(_lead(structure, (), keywords))
    return found + _again(keywords, found, wanted - len(found))


def _matters(keywords: Sequence[str]) -> list[tuple[Structure, list[str]]]:
    """The keywords that have a form of their own, by form, and by matter where a form may come twice."""
    found: list[tuple[Structure, list[str]]] = []
    for keyword in keywords:
        structure = structure_of(keyword)
        if structure is None:
            continue
        same = (own for form, own in found if form == structure and _one_matter(structure, keyword, own[0]))
        home = next(same, None)
        if home is None:
            found.append((structure, [keyword]))
        else:
            home.append(keyword)
    return found


def _one_matter(structure: Structure, keyword: str, lead: str) -> bool:
    return structure not in _SPLITS or overlap(stems(keyword), stems(lead)) >= _SAME_MATTER


def _lead(structure: Structure, own: Sequence[str], keywords: Sequence[str]) -> Lead:
    """Keywords of the form first, then those of no form, then what is nearest to the lead."""
    plain = [keyword for keyword in keywords if structure_of(keyword) is None]
    phrase = next(iter((*own, *plain, *keywords)))
    near = sorted(keywords, key=lambda keyword: -overlap(stems(keyword), stems(phrase)))
    fitting = [keyword for keyword in near if structure_of(keyword) in {None, structure}]
    ordered = list(dict.fromkeys((phrase, *own, *plain[:2], *([] if structure in _SPLITS else fitting))))
    ordered += [keyword for keyword in near if keyword not in ordered][
        : max(_FEWEST_KEYWORDS - len(ordered), 0)
    ]
    return Lead(structure, phrase, tuple(ordered[:_MOST_KEYWORDS]), len(own))


def _suggested(keywords: Sequence[str]) -> tuple[Structure, ...]:
    """Structures for keywords whose form asks for none: what is bought is reviewed, what is done is shown."""
    thing = next((name for name in map(as_thing, keywords) if name), "")
    if is_plural(thing) and any(intent_of(keyword) != "informational" for keyword in keywords):
        return _OF_GOODS
    return _ORDER if is_deed(thing) else _OF_THINGS


def _again(keywords: Sequence[str], found: Sequence[Lead], wanted: int) -> list[Lead]:
    """More articles than structures: the phrases that lead none yet lead one each."""
    led = {lead.phrase for lead in found}
    spare = [keyword for keyword in keywords if keyword not in led] or list(keywords)
    more = []
    for number in range(max(wanted, 0)):
        phrase = spare[number % len(spare)]
        more.append(_lead(structure_of(phrase) or _ORDER[number % len(_ORDER)], [phrase], keywords))
    return more
