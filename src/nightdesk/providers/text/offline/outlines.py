"""Outlines for planned articles: sections that fit the structure and the keywords they have to answer."""

from collections.abc import Sequence

from nightdesk.providers.text.offline.answers import as_question
from nightdesk.providers.text.offline.naming import topic_of
from nightdesk.providers.text.offline.phrases import QUESTION, is_plural, lower_first, sentence_case
from nightdesk.providers.text.offline.titles import sides
from nightdesk.providers.text.offline.words import likeness, stems
from nightdesk.providers.text.questions import OutlineSection, Structure

_SKELETONS: dict[Structure, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "guide": (
        ("What {topic} {are}", "How {topic} work{s}"),
        ("Figures to remember for {topic}", "Mistakes and limits"),
    ),
    "comparison": (
        ("{a} and {b} side by side", "{A}", "{B}"),
        ("Cost, time and effort", "Which one suits whom"),
    ),
    "list": ((), ("What to leave out",)),
    "how_to": (
        ("What is needed before the start", "The steps"),
        ("How long it takes", "What goes wrong and how to fix it"),
    ),
    "review": (
        ("How to judge {topic}", "What size is needed"),
        ("What {topic} cost{s}", "Who {topic} suit{s}"),
    ),
    "faq": ((), ()),
}
_FEWEST, _MOST, _POINTS = 4, 8, 4
_SAME = 0.6
_ASIDES = {
    "list": ("The ones that come first", "With conditions", "What each one needs"),
    "faq": ("How does it work?", "How long does it take?", "What can go wrong?", "Who is it for?"),
}


def outline(structure: Structure, lead: str, topic: str, keywords: Sequence[str]) -> list[OutlineSection]:
    """Four to eight sections: the structure's own, and between them the matters the keywords add."""
    opening, closing = (_headings(patterns, lead, topic) for patterns in _SKELETONS[structure])
    room = _MOST - len(opening) - len(closing)
    own = _from_keywords(structure, keywords, (*opening, *closing), room)
    headings = [*opening, *own, *closing]
    for aside in _ASIDES.get(
        structure, ("What the sources measured", "When to start", "Where to learn more")
    ):
        if len(headings) < _FEWEST:
            headings.append(aside)
    return [OutlineSection(heading=heading[:160], points=_points(heading, keywords)) for heading in headings]


def _headings(patterns: Sequence[str], lead: str, topic: str) -> list[str]:
    a, b = sides(lead) or (topic, "the alternatives")
    many = is_plural(topic)
    words = {
        "topic": lower_first(sentence_case(topic)), "are": "are" if many else "is", "s": "" if many else "s",
        "a": lower_first(sentence_case(a)), "b": lower_first(sentence_case(b)),
        "A": sentence_case(a), "B": sentence_case(b),
    }  # fmt: skip
    return [sentence_case(pattern.format(**words)) for pattern in patterns]


def _from_keywords(
    structure: Structure, keywords: Sequence[str], there: Sequence[str], room: int
) -> list[str]:
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
