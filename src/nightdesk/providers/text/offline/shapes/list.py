"""A list: numbered items, each opening with its strongest fact."""

from nightdesk.providers.text.offline.compilation import Compilation, paragraphs
from nightdesk.providers.text.offline.draft import Entries, Heading, Paragraph, Part
from nightdesk.providers.text.offline.facts import parallels
from nightdesk.providers.text.offline.selection import best_runs
from nightdesk.providers.text.offline.statements import subject_of
from nightdesk.providers.text.offline.topics import Topic

_ITEM_WORDS = 110
_SEPARATE = 3


def compile_list(work: Compilation) -> list[Part]:
    """As many items as the sources have subtopics of weight, weightiest first; no plan reorders a list."""
    topics = work.topics(most=max(4, work.article.words // _ITEM_WORDS))
    topics.sort(key=lambda topic: -topic.weight)
    parts = work.lede(lambda sentence: 0.3 * bool(sentence.figures), longest=2)
    number = 0
    for topic in topics:
        body = _item(work, topic)
        if body:
            number += 1
            parts += [Heading(f"{number}. {work.heading(topic.heading)}"), *body]
    return parts


def _item(work: Compilation, topic: Topic) -> list[Part]:
    """Statements of different things as points, of one thing as prose; the fact with a figure first."""
    listed = [
        part for block in topic.blocks if block.kind == "points" for part in work.entries(block, work.scores)
    ]
    if listed:
        return listed
    prose = [block for block in topic.blocks if block.kind == "prose"]
    free = [sentence for block in prose for sentence in block.sentences if sentence not in work.spent]
    if work.english and parallels(free):
        return work.body(prose, _ITEM_WORDS)
    runs = best_runs(prose, work.scores, work.spent, _ITEM_WORDS, longest=6, floor=0.25)
    said = [sentence for run in runs for sentence in run.sentences]
    subjects = {found[0].casefold() for s in said if (found := subject_of(s.text))}
    if len(said) > _SEPARATE and len(subjects) == len(said) and not any(s.leans for s in said):
        lead = max(said, key=lambda s: (bool(s.figures), work.scores.get(s, 0.0)))
        rest = tuple((sentence,) for sentence in said if sentence is not lead)
        return [Paragraph((lead,)), Entries(rest)]
    return list(paragraphs(runs))
