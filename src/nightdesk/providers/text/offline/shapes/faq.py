"""Questions and answers: what people search for first, then what the sources raise themselves."""

from nightdesk.providers.text.offline.answers import answer, questions_in
from nightdesk.providers.text.offline.compilation import Compilation
from nightdesk.providers.text.offline.draft import Heading, Paragraph, Part
from nightdesk.providers.text.offline.shapes.guide import compile_guide

_ANSWER_WORDS = 75
_FEWEST, _MOST = 3, 10


def compile_faq(work: Compilation) -> list[Part]:
    """A heading for each question that has an answer of a few sentences; a guide where too few have one."""
    asked = [work.article.title] if work.article.title.endswith("?") else []
    planned = [section.heading for section in work.article.outline if section.heading.endswith("?")]
    headings = [topic.heading for topic in work.topics(most=_MOST)]
    wanted = max(_FEWEST, min(_MOST, work.article.words // _ANSWER_WORDS))
    parts: list[Part] = []
    answered = 0
    for question in questions_in([*asked, *work.article.keywords, *planned, *headings]):
        said = answer(work, question, longest=4) if answered < wanted else ()
        if said:
            answered += 1
            parts += [Heading(question), Paragraph(said)]
    if answered < _FEWEST:
        return compile_guide(work)
    return parts
