"""Gathers what the sources say of a narrow subject in passing, under headings that are on other things."""

from collections.abc import Sequence

from nightdesk.providers.text.offline.compilation import Compilation
from nightdesk.providers.text.offline.draft import Entries, Heading, Part
from nightdesk.providers.text.offline.selection import says_the_same
from nightdesk.providers.text.offline.sentences import Sentence
from nightdesk.providers.text.offline.shapes.variants import one_of
from nightdesk.providers.text.offline.statements import subject_of
from nightdesk.providers.text.offline.words import stems

_FEWEST, _MOST = 2, 6
_LEAST, _ABOUT = 0.15, 0.5
_TITLES = ("Also worth knowing", "What else the sources say", "Further facts", "Said elsewhere")


def mentions(work: Compilation, parts: Sequence[Part]) -> list[Part]:
    """The statements left whose subject is what the article is about, as points; none beside questions."""
    over = [part.text for part in parts if isinstance(part, Heading)]
    asked = bool(over) and all(text.endswith("?") for text in over)
    if not work.fit.own or asked or work.article.structure in {"comparison", "how_to"}:
        return []
    chosen: list[Sentence] = []
    for sentence in sorted(work.scores, key=lambda s: -work.scores[s]):
        prose = work.blocks[sentence.block].kind == "prose"
        if not (prose and _is_on(work, sentence)) or work.scores[sentence] < _LEAST or sentence in work.spent:
            continue
        if len(chosen) < _MOST and not any(says_the_same(sentence, other) for other in chosen):
            chosen.append(sentence)
    if len(chosen) < _FEWEST:
        return []
    work.spent.add(chosen)
    chosen.sort(key=lambda s: (s.block, s.place))
    return [Heading(one_of(_TITLES, work.article.title)), Entries(tuple((s,) for s in chosen))]


def _is_on(work: Compilation, sentence: Sentence) -> bool:
    """True for a statement that can stand alone and is about all that the article is about."""
    found = subject_of(sentence.text)
    subject = frozenset(stems(found[0])) if found else frozenset()
    named = work.fit.covers(sentence.stems) >= 1 and work.fit.covers(subject) >= _ABOUT
    return named and not sentence.leans
