"""Stands in for an article when the sources say nothing on it: a brief for whoever gathers or writes."""

from collections.abc import Iterable

from nightdesk.providers.text.offline.asking import questions_in
from nightdesk.providers.text.offline.draft import escaped
from nightdesk.providers.text.offline.lexicon import ASPECTS, aspects_of
from nightdesk.providers.text.offline.meta import DESCRIPTION, cut, meta_title
from nightdesk.providers.text.offline.phrases import sentence_case
from nightdesk.providers.text.offline.words import stems
from nightdesk.providers.text.questions import ArticleToWrite, ArticleWritten, Structure

_LOOK_UP: dict[Structure, tuple[str, ...]] = {
    "guide": (
        "a definition from a named authority",
        "the two or three figures everybody quotes, at their origin",
    ),
    "comparison": (
        "the same measure for both sides, from one test",
        "a case in which each side is the wrong choice",
    ),
    "list": ("one checkable fact for each entry", "what was left off the list, and why"),
    "how_to": ("a procedure from a body that answers for it", "quantities, times and what can go wrong"),
    "review": ("prices with the day they were seen", "an independent test, and who paid for it"),
    "faq": ("one source that answers each question outright", "answers on which the sources disagree"),
}


def write_brief(article: ArticleToWrite) -> ArticleWritten:
    """The questions to answer, the facts to look up and the plan, marked as a brief from its first line."""
    lines = [*_opening(article), *_questions(article), *_facts(article), *_plan(article)]
    description = cut(f"Brief, not an article: questions and facts to gather on {article.keywords[0]}."
                      if article.keywords else "Brief, not an article.", DESCRIPTION)  # fmt: skip
    return ArticleWritten(
        title=article.title,
        meta_title=meta_title(f"Brief: {article.title}", ""),
        meta_description=description,
        markdown="\n".join(lines).rstrip() + "\n",
    )


def _opening(article: ArticleToWrite) -> list[str]:
    gathered = len(article.documents)
    why = (
        f"the {gathered} documents gathered say too little on it"
        if gathered
        else "no document has been gathered on it"
    )
    return [
        f"**This is a brief, not an article: {why}.** Add sources on “{escaped(article.title)}” "
        "and write it again, or hand this to a writer.",
        "",
        *([escaped(article.angle), ""] if article.angle else []),
    ]


def _questions(article: ArticleToWrite) -> list[str]:
    points = [point for section in article.outline for point in section.points]
    headings = [section.heading for section in article.outline]
    asked = questions_in([article.title, *article.keywords, *headings, *points])
    rest = [
        f"What is to be said on {escaped(word)}?" for word in article.keywords if not _within(word, asked)
    ]
    return [
        "## Questions to answer",
        "",
        *(f"- {escaped(question)}" for question in [*asked, *rest][:12]),
        "",
    ]


def _within(keyword: str, questions: Iterable[str]) -> bool:
    wanted = frozenset(stems(keyword))
    return any(wanted <= frozenset(stems(question)) for question in questions)


def _facts(article: ArticleToWrite) -> list[str]:
    sought = aspects_of(frozenset(stems(" ".join((article.title, *article.keywords))))) or list(ASPECTS[:3])
    figures = [f"figures for {aspect.label.lower()}, with unit, year and source" for aspect in sought[:4]]
    entries = (*figures, *_LOOK_UP[article.structure])
    return ["## Facts to look up", "", *(f"- {sentence_case(entry)}" for entry in entries), ""]


def _plan(article: ArticleToWrite) -> list[str]:
    lines = [f"## Plan for {article.words} words", ""]
    for number, section in enumerate(article.outline, 1):
        lines.append(f"{number}. {escaped(section.heading)}")
        lines += [f"   - {escaped(point)}" for point in section.points]
    return lines if article.outline else []
