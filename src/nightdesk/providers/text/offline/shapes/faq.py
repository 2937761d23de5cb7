"""Questions and answers: what people search for first, then what the sources raise themselves."""

from nightdesk.providers.text.offline.answers import answer
from nightdesk.providers.text.offline.asking import as_question, questions_in
from nightdesk.providers.text.offline.compilation import Compilation
from nightdesk.providers.text.offline.draft import Heading, Paragraph, Part
from nightdesk.providers.text.offline.sentences import Sentence
from nightdesk.providers.text.offline.shapes.guide import compile_guide
from nightdesk.providers.text.offline.topics import Topic

_ANSWER_WORDS = 75
_ALONE = 6
_FEWEST, _MOST, _SENTENCES, _MUCH, _BAR = 3, 10, 4, 0.45, 0.3
_FEW, _LITTLE = 0.5, 0.25
"""Shares of the answers and of the words wanted, below both of which answers alone are no article."""


def compile_faq(work: Compilation) -> list[Part]:
    """A heading for each question that has an answer of a few sentences; a guide where that is little."""
    wanted = max(_FEWEST, min(_MOST, work.article.words // _ANSWER_WORDS))
    answered = dict(list(_answered(work).items())[:wanted])
    told = sum(sentence.length for said in answered.values() for sentence in said)
    scant = len(answered) < _FEW * wanted and told < _LITTLE * work.article.words
    if len(answered) < _FEWEST or scant:
        return _first_answered(work)
    parts: list[Part] = []
    for question, said in answered.items():
        parts += [Heading(question), Paragraph(said)]
    return parts


def _first_answered(work: Compilation) -> list[Part]:
    """A guide after all, but what the title asks is answered before anything else."""
    work.start_again()
    asked = work.article.title if work.article.title.endswith("?") else ""
    said = answer(work, asked, _ALONE) if asked else ()
    parts: list[Part] = [Paragraph(said)] if said else []
    rest = compile_guide(work)
    return [*parts, *(rest[1:] if parts and rest and isinstance(rest[0], Paragraph) else rest)]


def _answered(work: Compilation) -> dict[str, tuple[Sentence, ...]]:
    """Questions with their answers: those of the title and the searches, then those that headings pose."""
    asked = [work.article.title] if work.article.title.endswith("?") else []
    searched = questions_in([*asked, *work.article.keywords])
    topics = {
        as_question(topic.heading): topic
        for topic in work.topics(most=2 * _MOST, bar=_BAR)
        if _fits(work, topic)
    }
    found = {}
    for question in questions_in([*searched, *topics]):
        topic = None if question in searched else topics.get(question)
        found[question] = _from_topic(work, topic) if topic else answer(work, question, _SENTENCES)
    return {question: said for question, said in found.items() if said}


def _fits(work: Compilation, topic: Topic) -> bool:
    """True where the heading names what the article is on, or its text says much on it."""
    return work.touches(topic.heading) or topic.weight >= _MUCH


def _from_topic(work: Compilation, topic: Topic) -> tuple[Sentence, ...]:
    """What stands under the heading that poses the question, from its beginning."""
    prose = [block for block in topic.blocks if block.kind == "prose"]
    free = [s for block in prose for s in block.sentences if not s.leans and s not in work.spent]
    if not free:
        return ()
    said = work.with_what_follows(free[0], work.scores, _SENTENCES, 0.0)
    work.spent.add(said)
    return said
