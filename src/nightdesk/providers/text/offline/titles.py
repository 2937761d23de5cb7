"""Titles for planned articles: several patterns a structure, none twice in a row, none that is taken."""

import re
from collections.abc import Iterable, Sequence
from zlib import crc32

from nightdesk.providers.text.offline.asking import as_question
from nightdesk.providers.text.offline.phrases import (
    QUESTION,
    is_plural,
    lower_first,
    plural,
    sentence_case,
)
from nightdesk.providers.text.offline.words import cues, words
from nightdesk.providers.text.questions import Structure

_LONGEST = 90
_PATTERNS: dict[Structure, tuple[str, ...]] = {
    "guide": (
        "{Topic}: a plain guide",
        "{Topic} in plain words",
        "What to know about {topic}",
        "{Topic}, explained with figures",
        "Making sense of {topic}",
        "{Topic}: what is known and what is not",
        "A short guide to {topic}",
    ),
    "comparison": (
        "{A} or {b}: the differences that count",
        "{A} vs. {b}, point by point",
        "{A} against {b}: which one for whom",
        "Choosing between {a} and {b}",
        "{A} and {b}: where they part ways",
    ),
    "list": (
        "{Topic}: what belongs on the list",
        "{Topic}, one by one",
        "A working list: {topic}",
        "{Topic}: the facts, point by point",
        "{Topic} at a glance",
    ),
    "how_to": (
        "{Topic}, step by step",
        "Getting {topic} right",
        "{Topic}: what to do, in order",
        "{Topic} without the usual mistakes",
        "A first go at {topic}",
    ),
    "review": (
        "{Topic}: what to check before you buy",
        "{Topic}, judged by the facts",
        "How to choose {topic}",
        "Who needs {topic}, and what to look for",
        "{Topic}: what you get for the money",
    ),
    "faq": (
        "{Topic}: the questions that keep coming up",
        "What people ask about {topic}",
        "{Topic}, asked and answered",
        "Short answers on {topic}",
        "{Topic}: what readers want to know",
        "Straight answers about {topic}",
    ),
}
_TROUBLES = (
    "{Topic}: causes and cures",
    "{Topic}: why it happens and what helps",
    "{Topic}: what it means and what to do",
)
"""For guides to what goes wrong: it is no thing that one could make sense of."""
_WRONG = cues(r"too \w+|not \w+ing|smells?(?: \w+)*$|troubleshooting|(?:is|are|gets?) (?:too|not) \w+")
_ASKED: dict[Structure, tuple[str, ...]] = {
    "guide": ("{Question} The long answer", "{Question} What the evidence says"),
    "comparison": ("{Question} Both sides",),
    "list": ("{Question} A checklist", "{Question} The signs, one by one"),
    "how_to": ("{Question} And what to do", "{Question} What to do, in order"),
    "review": ("{Question} What to check", "{Question} A sober look"),
    "faq": ("{Question}", "{Question} And what people ask next"),
}
"""For leads that are questions and name no thing of their own."""
_TAILS = ("", ", step by step", "")
_OWN = re.compile(r"^diy (.+)$", re.I)
_WHAT_IS = re.compile(r"^what (?:is|are) (.+)$", re.I)
_WHAT_CAN = re.compile(r"^what (can|should) (you|i) (.+)$", re.I)
_VERSUS = re.compile(r"\s+(?:vs\.?|versus)\s+", re.I)
_BETWEEN = re.compile(r"^differences? between (.+?) and (.+)$", re.I)


class Titles:
    """Gives titles one after another; remembers those given and their patterns."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {_key(title) for title in taken}
        self._recent: list[str] = []

    def title(self, structure: Structure, lead: str, topic: str, known: frozenset[str]) -> str:
        """A title that is not taken, by a pattern that the last ones did not use; the lead phrase decides."""
        own = _from_lead(structure, lead, known)
        named = _TROUBLES if structure == "guide" and _WRONG.search(topic) else _PATTERNS[structure]
        turned = _turned(named if topic else _ASKED[structure], lead)
        fresh = [pattern for pattern in turned if pattern not in self._recent[-3:]]
        filled = [(pattern, _filled(pattern, lead, topic, known)) for pattern in (*fresh, *turned)]
        ways = [*((f"lead {structure}", title) for title in own), *filled]
        for pattern, title in ways:
            if title and len(title) <= _LONGEST and _key(title) not in self._taken:
                return self._given(pattern, title)
        return self._given("", self._numbered(filled[0][1] or sentence_case(lead, known)))

    def _given(self, pattern: str, title: str) -> str:
        self._taken.add(_key(title))
        self._recent.append(pattern)
        return title

    def _numbered(self, title: str) -> str:
        """Where every pattern is taken, the next free part of a series."""
        return next(t for n in range(2, 10_000) if _key(t := f"{title}, part {n}") not in self._taken)


def sides(lead: str) -> tuple[str, str] | None:
    """The two things that a phrase compares."""
    between = _BETWEEN.match(lead)
    if between:
        return between[1], between[2]
    parts = _VERSUS.split(lead, maxsplit=1)
    return (parts[0], parts[1]) if len(parts) == 2 else None


def _from_lead(structure: Structure, lead: str, known: frozenset[str]) -> Sequence[str]:
    """Titles that the phrase itself gives, where it is one that people would read as a title."""
    told, what, can = lead.strip().rstrip("?"), _WHAT_IS.match(lead), _WHAT_CAN.match(lead)
    if structure == "how_to" and told.casefold().startswith("how to"):
        return [sentence_case(told, known) + tail for tail in _turned(_TAILS, told)]
    if structure == "how_to" and (own := _OWN.match(told)):
        return [f"How to make your own {own[1]}"]
    if structure == "guide" and what:
        number = "are" if is_plural(what[1]) else "is"
        return [f"What {what[1]} {number}, and what {'they do' if number == 'are' else 'it does'}"]
    if can and structure in {"list", "guide"}:
        return [sentence_case(f"What you {can[1]} {can[3]}", known)]
    if structure in {"faq", "review", "list"} and QUESTION.match(told):
        question = as_question(told)
        return [sentence_case(question, known)] if question and not question.startswith("How do you") else []
    return []


def _turned(patterns: Sequence[str], lead: str) -> list[str]:
    """The patterns, beginning at a place that depends on the lead."""
    start = crc32(lead.encode()) % len(patterns)
    return [*patterns[start:], *patterns[:start]]


def _filled(pattern: str, lead: str, topic: str, known: frozenset[str]) -> str:
    pair = sides(lead)
    if "{b}" in pattern:
        if pair is None:
            return ""
        a, b = (sentence_case(plural(side), known) for side in pair)
        return pattern.format(A=a, a=lower_first(a), b=lower_first(b))
    name = sentence_case(topic, known)
    many = is_plural(name)
    return pattern.format(
        Question=as_question(lead) or sentence_case(lead, known), Topic=name, topic=lower_first(name),
        it="they" if many else "it", its="their" if many else "its", s="" if many else "s",
    )  # fmt: skip


def _key(title: str) -> tuple[str, ...]:
    return tuple(sorted(word.casefold() for word in words(title)))
