"""Compiles an article from the passages of the site's own sources, in the shape its structure asks for."""

from collections.abc import Callable, Mapping, Sequence

from nightdesk.providers.text.offline.answers import answer
from nightdesk.providers.text.offline.asking import questions_in
from nightdesk.providers.text.offline.briefs import write_brief
from nightdesk.providers.text.offline.compilation import Compilation
from nightdesk.providers.text.offline.draft import Heading, Paragraph, Part, cited, markdown
from nightdesk.providers.text.offline.links import with_links
from nightdesk.providers.text.offline.mentions import mentions
from nightdesk.providers.text.offline.meta import meta_description, meta_title
from nightdesk.providers.text.offline.sentences import Sentence
from nightdesk.providers.text.offline.shapes.comparison import compile_comparison
from nightdesk.providers.text.offline.shapes.faq import compile_faq
from nightdesk.providers.text.offline.shapes.guide import compile_guide
from nightdesk.providers.text.offline.shapes.how_to import compile_how_to
from nightdesk.providers.text.offline.shapes.list import compile_list
from nightdesk.providers.text.offline.shapes.review import compile_review
from nightdesk.providers.text.offline.words import subject_stems, words
from nightdesk.providers.text.questions import ArticleToWrite, ArticleWritten, FaqEntry, Structure

SHAPES: Mapping[Structure, Callable[[Compilation], list[Part]]] = {
    "guide": compile_guide,
    "comparison": compile_comparison,
    "list": compile_list,
    "how_to": compile_how_to,
    "review": compile_review,
    "faq": compile_faq,
}
_BARS = ((0.55, 0.45), (0.4, 0.45), (0.25, 0.45), (0.15, 0.4), (0.1, 0.35))
"""Shares of the weightiest subtopic asked of others, and how well they must fit what the article is about, in
turn until it is long enough."""
_LONG_ENOUGH = 0.6
_FEWEST_WORDS = 70
"""Below this the sources have nothing to make an article of."""
_MOST_QUESTIONS = 5


def write_article(article: ArticleToWrite) -> ArticleWritten:
    """The article, every statement cited; a brief where the passages say too little on its subject."""
    work, parts = _compiled(article)
    if work is None or _length(parts, work) < _FEWEST_WORDS:
        return write_brief(article)
    faq = _questions(work, parts)
    linked = with_links(parts, article.own_pieces, article.title, work.common)
    return ArticleWritten(
        title=article.title,
        meta_title=meta_title(article.title, article.site.name),
        meta_description=meta_description(_said(parts), work.scores),
        markdown=markdown(linked, work.english),
        faq=faq,
    )


def _compiled(article: ArticleToWrite) -> tuple[Compilation | None, list[Part]]:
    if not article.passages:
        return None, []
    work = Compilation(article)
    parts: list[Part] = []
    for bar, least_fit in _BARS:
        work.start_again(bar, least_fit)
        parts = SHAPES[article.structure](work)
        if _length(parts, work) >= _LONG_ENOUGH * article.words:
            return work, parts
    return work, [*parts, *mentions(work, parts)]


def _length(parts: Sequence[Part], work: Compilation) -> int:
    return len(words(markdown(parts, work.english)))


def _said(parts: Sequence[Part]) -> list[Sentence]:
    """What stands in paragraphs: entries of lists read badly on their own."""
    return [sentence for part in parts if isinstance(part, Paragraph) for sentence in part.sentences]


def _questions(work: Compilation, parts: Sequence[Part]) -> list[FaqEntry]:
    """Questions among the keywords that the article has left open and the sources answer."""
    if work.article.structure == "faq":
        return []
    over = [part.text for part in parts if isinstance(part, Heading)]
    told = [frozenset(subject_stems(text)) for text in (work.article.title, *over)]
    found = []
    for question in questions_in(work.article.keywords):
        asked = frozenset(subject_stems(question))
        open_yet = not any(asked <= heading for heading in told)
        said = answer(work, question, longest=2) if open_yet else ()
        if said:
            found.append(FaqEntry(question=question, answer=cited(said, work.english)))
    return found[:_MOST_QUESTIONS]
