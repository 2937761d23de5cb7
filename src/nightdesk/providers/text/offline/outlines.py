"""Outlines for planned articles: sections that fit the structure and the keywords they have to answer."""

from collections.abc import Sequence

from nightdesk.providers.text.offline.answers import as_question
from nightdesk.providers.text.offline.naming import topic_of
from nightdesk.providers.text.offline.phrases import QUESTION, is_deed, is_plural, lower_first, sentence_case
from nightdesk.providers.text.offline.titles import sides
from nightdesk.providers.text.offline.words import likeness, stems
from nightdesk.providers.text.questions import OutlineSection, Structure

_OPENING: dict[Structure, tuple[str, ...]] = {
    "guide": ("What {topic} {are}", "How {topic} work{s}"),
    "comparison": ("{a} and {b} side by side", "{A}", "{B}"),
    "list": (),
    "how_to": ("What is needed for {topic}", "The steps of {topic}"),
    "review": ("How to judge {topic}", "What size or amount is needed"),
    "faq": (),
}
_CLOSING: dict[Structure, tuple[str, ...]] = {
    "guide": ("The figures behind {topic}", "Mistakes with {topic}, and {its} limits"),
    "comparison": ("Cost, time and effort", "Which one suits whom"),
    "list": ("What stays off the list",),
    "how_to": ("How long {topic} take{s}", "What goes wrong with {topic}"),
    "review": ("What {topic} cost{s}", "Whom {topic} suit{s}"),
    "faq": ("What goes wrong with {topic}?",),
}
_OF_DEEDS: dict[Structure, tuple[str, ...]] = {
    "guide": ("When {topic} makes sense", "What decides the outcome of {topic}"),
    "how_to": ("What is needed before {topic}", "The steps, in order"),
    "faq": ("What does {topic} need?",),
}
"""Openings where the topic is something done rather than a thing."""
_MORE: dict[Structure, tuple[str, ...]] = {
    "guide": ("Where to begin with {topic}",),
    "comparison": ("Where both do equally well",),
    "list": ("What comes first in {topic}", "What is allowed only with conditions", "How each one is used"),
    "how_to": ("When to do it",),
    "review": ("What independent tests found",),
    "faq": (
        "How {do} {topic} work?",
        "How long {do} {topic} take?",
        "What {do} {topic} cost?",
    ),
}
"""Asked where the keywords leave room."""
_FEWEST, _MOST, _POINTS = 4, 8, 4
_SAME = 0.6


def outline(structure: Structure, lead: str, topic: str, keywords: Sequence[str]) -> list[OutlineSection]:
    """Four to eight sections: the structure's own, and between them the matters that the keywords add."""
    first = _OF_DEEDS.get(structure, ()) if is_deed(topic) else _OPENING[structure]
    opening, closing, more = (
        _headings(patterns, lead, topic) for patterns in (first, _CLOSING[structure], _MORE[structure])
    )
    own = _from_keywords(structure, keywords, (*opening, *closing), _MOST - len(opening) - len(closing))
    short = max(_FEWEST - len(opening) - len(own) - len(closing), 0)
    headings = [*opening, *own, *more[:short], *closing]
    return [OutlineSection(heading=heading[:160], points=_points(heading, keywords)) for heading in headings]


def _headings(patterns: Sequence[str], lead: str, topic: str) -> list[str]:
    a, b = sides(lead) or (topic or "the one", "the other")
    many = is_plural(topic)
    words = {
        "topic": lower_first(sentence_case(topic)) or "it", "its": "their" if many else "its",
        "are": "are" if many else "is", "do": "do" if many else "does", "s": "" if many else "s",
        "a": lower_first(sentence_case(a)), "b": lower_first(sentence_case(b)),
        "A": sentence_case(a), "B": sentence_case(b),
    }  # fmt: skip
    return [sentence_case(pattern.format(**words)) for pattern in patterns]


def _from_keywords(
    structure: Structure, keywords: Sequence[str], there: Sequence[str], room: int
) -> list[str]:
    """A heading for each keyword that says something the headings so far do not."""
    found: list[str] = []
    for keyword in keywords:
        question = as_question(keyword) if structure == "faq" or QUESTION.match(keyword) else ""
        heading = question or sentence_case(topic_of(keyword))
        alike = max((likeness(stems(heading), stems(other)) for other in (*there, *found)), default=0.0)
        if alike < _SAME and len(found) < room:
            found.append(heading)
    return found


def _points(heading: str, keywords: Sequence[str]) -> list[str]:
    """The keywords that this section has to answer."""
    near = [(likeness(stems(heading), stems(keyword)), keyword) for keyword in keywords]
    return [keyword for share, keyword in sorted(near, key=lambda pair: -pair[0])[:_POINTS] if share >= 0.4]
