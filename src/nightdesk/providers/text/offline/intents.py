"""Reads search phrases by their form: the structure of article they ask for, and the searcher's intent."""

import re
from collections.abc import Mapping

from nightdesk.providers.text.offline.words import cues
from nightdesk.providers.text.questions import Intent, Structure

_STRUCTURES: Mapping[Structure, re.Pattern[str]] = {
    "comparison": cues(r"vs|versus|differences? between|compared (?:to|with)"),
    "review": cues(
        r"""best (?!way|time|ph|soil|place|temperature)\w+|top \d+|reviews?|worth (?:it|buying)
        costs?|prices?|cheap|cheapest|buy|for sale|near me|test kit"""
    ),
    "how_to": cues(r"^how to|^how do (?:you|i)|recipe|diy|tutorial|step by step|instructions?"),
    "list": cues(
        r"""list|(?:types?|kinds?) of|ideas|examples|alternatives?|^things|ways to|tips
        ^what (?:can|not to|should not)"""
    ),
    "guide": cues(r"^what (?:is|are)|guide|explained|beginners?|basics|meaning|definition"),
    "faq": cues(r"^(?:can|could|does|do|is|are|was|why|when|where|who|which|should|will|what|how)"),
}
_INTENTS: Mapping[Intent, re.Pattern[str]] = {
    "transactional": cues("buy|for sale|near me|prices?|cheap|cheapest|coupon|calculator|download|order"),
    "commercial": cues(r"best (?!way|time)\w+|top \d+|reviews?|vs|versus|worth|costs?|alternatives?|kit"),
    "navigational": cues(r"log ?in|website|official|\w+\.(?:com|org|gov|net)"),
}


def structure_of(phrase: str) -> Structure | None:
    """What the phrase's form asks for; None where its form says nothing (`compost tumbler`)."""
    return next((structure for structure, form in _STRUCTURES.items() if form.search(phrase)), None)


def intent_of(phrase: str) -> Intent:
    """What the searcher is after, informational where no word says otherwise."""
    return next((intent for intent, form in _INTENTS.items() if form.search(phrase)), "informational")
