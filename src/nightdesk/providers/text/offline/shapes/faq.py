"""Questions and answers: what people search for first, then what the sources raise themselves."""

from nightdesk.providers.text.offline.answers import answer
from nightdesk.providers.text.offline.asking import as_question, questions_in
from nightdesk.providers.text.offline.compilation import Compilation
from nightdesk.providers.text.offline.draft import Heading, Paragraph, Part
from nightdesk.providers.text.offline.selection import best_run
from nightdesk.providers.text.offline.sentences import Sentence
from nightdesk.providers.text.offline.shapes.guide import compile_guide
from nightdesk.providers.text.offline.topics import Topic

_ANSWER_WORDS = 75
_FEWEST, _MOST, _SENTENCES = 3, 10, 4


def compile_faq(work: Compilation) -> list[Part]:
    """A heading for each question that has an answer of a few sentences; a guide where too few have one."""
    wanted = max(_FEWEST, min(_MOST, work.article.words // _ANSWER_WORDS))
    answered = dict(list(_answered(work).items())[:wanted])
    if len(answered) < _FEWEST:
        work.start_again()
        return compile_guide(work)
    parts: list[Part] = []
    for question, said in answered.items():
        parts += [Heading(question), Paragraph(said)]
    return parts


def _answered(work: Compilation) -> dict[str, tuple[Sentence, ...]]:
    """Questions with their answers: those of the title and the searches, then those that headings pose."""
    asked = [work.article.title] if work.article.title.endswith("?") else []
    searched = questions_in([*asked, *work.article.keywords])
    topics = {
        as_question(topic.heading): topic for topic in work.topics(most=_MOST) if work.touches(topic.heading)
    }
    found = {}
    for question in questions_in([*searched, *topics]):
        topic = None if question in searched else topics.get(question)
        found[question] = _from_topic(work, topic) if topic else answer(work, question, _SENTENCES)
    return {question: said for question, said in found.items() if said}


def _from_topic(work: Compilation, topic: Topic) -> tuple[Sentence, ...]:
    """What stands under the heading that poses the question."""
    prose = (block for block in topic.blocks if block.kind == "prose")
    runs = [
        run for block in prose if (run := best_run(block, work.scores, work.spent, _SENTENCES, floor=0.2))
    ]
    best = max(runs, key=lambda run: run.value, default=None)
    if best is None:
        return ()
    work.spent.add(best.sentences)
    return best.sentences
