"""Says what a searcher wants: the intent of a phrase and the structure of the piece that would answer it."""

from dataclasses import dataclass

from nightdesk.lines.article.grouping.lexicon import Lexicon
from nightdesk.lines.article.grouping.slots import COMPARED, OPEN, UNKNOWN, Slot, read
from nightdesk.providers.text.questions import Intent, Structure

_USUAL: dict[Intent, Structure] = {
    "informational": "guide",
    "commercial": "list",
    "transactional": "list",
    "navigational": "faq",
}
_INTENTS: dict[Slot, Intent] = {
    COMPARED: "commercial",
    OPEN: "informational",
    UNKNOWN: "commercial",
    "informational": "informational",
    "commercial": "commercial",
    "transactional": "transactional",
    "navigational": "navigational",
}


@dataclass(frozen=True)
class Wanted:
    """`marked`: something in the phrase says so; without it intent and structure are what is usual."""

    intent: Intent
    structure: Structure
    marked: bool


def classify_intent(phrase: str, lexicon: Lexicon) -> Wanted:
    """The intent and the fitting structure of `phrase`."""
    reading = read(phrase, lexicon)
    return wanted(reading.slot, reading.structure)


def wanted(slot: Slot, structure: Structure | None) -> Wanted:
    """As `classify_intent`, of a phrase already read."""
    if slot == COMPARED:
        return Wanted("commercial", "comparison", True)
    intent = _INTENTS[slot]
    return Wanted(intent, structure or _USUAL[intent], slot not in (OPEN, UNKNOWN))
