"""Outlines for planned articles: sections that fit the structure and the keywords they have to answer."""

from collections.abc import Sequence

from nightdesk.providers.text.offline.asking import as_question
from nightdesk.providers.text.offline.naming import topic_of
from nightdesk.providers.text.offline.phrases import QUESTION, is_deed, is_plural, lower_first, sentence_case
from nightdesk.providers.text.offline.titles import sides
from nightdesk.providers.text.offline.words import likeness, stems
from nightdesk.providers.text.questions import OutlineSection, Structure

# Headings are searched with, so they hold few words beside the topic's own.
_OPENING: dict[Structure, tuple[str, ...]] = {
    "guide": ("What {topic} {are}", "How {topic} work{s}"),
    "comparison": ("{a} compared with {b}", "{A}", "{B}"),
    "list": (),
    "how_to": ("What {topic} need{s}", "How to do it"),
    "review": ("How to choose {topic}", "What size is needed"),
    "faq": (),
}
_OF_DEEDS: dict[Structure, tuple[str, ...]] = {
    "guide": ("Why {topic} works", "How {topic} is done"),
    "how_to": ("What {topic} needs", "How to do it"),
}
"""Openings where the topic is something done rather than a thing."""
_CLOSING: dict[Structure, tuple[str, ...]] = {
    "guide": ("Problems with {topic}",),
    "comparison": ("Cost and time", "Which one suits whom"),
    "list": ("What to leave out",),
    "how_to": ("How long it takes", "What goes wrong"),
    "review": ("What {topic} cost{s}", "Whom {topic} suit{s}"),
    "faq": ("What goes wrong with {topic}?",),
}
_MORE: dict[Structure, tuple[str, ...]] = {
    "guide": ("How to use {topic}",),
    "comparison": ("Where both do well",),
    "list": ("What comes first", "What is allowed with conditions", "How each one is used"),
    "how_to": ("When to do it",),
    "review": ("What tests found",),
    "faq": ("What {topic} need{s}", "How long {topic} take{s}", "How {topic} work{s}"),
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
    added = [as_question(heading) or heading for heading in more] if structure == "faq" else more
    headings = [*opening, *own, *added[:short], *closing]
    return [OutlineSection(heading=heading[:160], points=_points(heading, keywords)) for heading in headings]


def _headings(patterns: Sequence[str], lead: str, topic: str) -> list[str]:
    a, b = sides(lead) or (topic or "the one", "the other")
    many = is_plural(topic)
    words = {
        "topic": lower_first(sentence_case(topic)) or "it", "its": "their" if many else "its",
        "are": "are" if many else "is", "s": "" if many else "s",
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
