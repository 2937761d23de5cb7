"""A guide: what the thing is, how it works, the figures, the steps, the pitfalls, in that order."""

import re

from nightdesk.providers.text.offline.compilation import Compilation
from nightdesk.providers.text.offline.draft import Part
from nightdesk.providers.text.offline.key_figures import key_figures
from nightdesk.providers.text.offline.lexicon import role_of
from nightdesk.providers.text.offline.sentences import Sentence
from nightdesk.providers.text.offline.statements import subject_of
from nightdesk.providers.text.offline.words import overlap, subject_stems

_DEFINES = re.compile(r"(?:is|are|means) (?:an?|the|any)\b")

_ALSO = re.compile(
    r"^([^,]{3,60}), (?:(?:also|often|sometimes) )?(?:written|called|known as|or)\b[^,]{2,60},"
)


def compile_guide(work: Compilation) -> list[Part]:
    """Opens with a definition, then a section for each subtopic as an explanation unfolds."""
    topics = work.topics()
    parts = work.lede(lambda sentence: _opens(work, sentence))
    for topic in topics:
        parts += work.section(topic.heading, topic.blocks, work.article.words // max(len(topics), 1))
    return [*parts, *key_figures(work)]


def defines(sentence: Sentence, title: str) -> float:
    """1 for a definition of what the title names, less for one of something else."""
    text = _ALSO.sub(r"\1", sentence.text)
    found = subject_of(text)
    if not found or not _DEFINES.match(text[len(found[0]) + 1 :]):
        return 0.0
    return 0.3 + 0.7 * overlap(subject_stems(found[0]), subject_stems(title))


def _opens(work: Compilation, sentence: Sentence) -> float:
    """A definition first, else what stands where an explanation begins."""
    early = 1 - role_of(work.blocks[sentence.block].heading)
    return 0.8 * defines(sentence, work.article.title) + 0.3 * early
