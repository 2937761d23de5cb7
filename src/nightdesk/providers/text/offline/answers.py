"""Finds the answers that the sources hold to a question."""

import re
from collections.abc import Mapping

from nightdesk.providers.text.offline.compilation import Compilation
from nightdesk.providers.text.offline.lexicon import aspects_of
from nightdesk.providers.text.offline.queries import phrase_query
from nightdesk.providers.text.offline.sentences import Sentence
from nightdesk.providers.text.offline.words import likeness, listed, stem, subject_stems, words

_SMALL = listed("do doe a an the you i should is are")
_CONSIDERED = 12
_GOOD_ENOUGH = 0.5
_RARE, _POSES = 2.6, 0.5
"""The rarity from which a word tells passages apart; the likeness of a heading that poses the question."""
_COVERED = 0.72
"""Share of the question's weight (rarity of its words) that an answer with its heading must speak of."""
_TO_DO = re.compile(r"^how (?:do|can|should) (?:you|i|we)\b", re.I)
_FIGURE = re.compile(r"^how (?:long|often|much|many|hot|big|old)\b|\bwhat (?:size|temperature|ratio)\b", re.I)


def answer(work: Compilation, question: str, longest: int = 3) -> tuple[Sentence, ...]:
    """The unspent sentences of prose that answer the question; empty where the sources have no answer.

    What is found is spent. What one has to do is answered by steps, not by sentences.
    """
    if _TO_DO.match(question):
        return ()
    query = phrase_query(question)
    scores = work.material.scores(query)
    asked = {
        term: work.material.rarity(term) for term in query if " " not in term and not term.startswith("<")
    }
    figure = (
        [aspect.mark for aspect in aspects_of(frozenset(stems_asked(question)))]
        if _FIGURE.match(question)
        else []
    )
    for sentence in sorted(scores, key=lambda s: -scores[s])[:_CONSIDERED]:
        if (
            scores[sentence] < _GOOD_ENOUGH
            or sentence.leans
            or sentence in work.spent
            or not _is_prose(work, sentence)
        ):
            continue
        if _covers(work, sentence, question, asked) and (not figure or sentence.terms & frozenset(figure)):
            said = work.with_what_follows(sentence, scores, longest, _GOOD_ENOUGH * scores[sentence])
            work.spent.add(said)
            return said
    return ()


def _is_prose(work: Compilation, sentence: Sentence) -> bool:
    return work.blocks[sentence.block].kind == "prose"


def stems_asked(question: str) -> list[str]:
    """The stems that tell which kind of figure is asked for: `long`, `often`, `siz`."""
    return [stem(word) for word in words(question)[:3]]


def _covers(work: Compilation, sentence: Sentence, question: str, asked: Mapping[str, float]) -> bool:
    """True where the sentence and its heading speak of what was asked, itself of what is rare.

    A question all of whose words are everywhere is answered only under a heading that poses it.
    """
    heading = work.blocks[sentence.block].heading
    over = frozenset(subject_stems(heading))
    own = {term: weight for term, weight in asked.items() if term not in work.common}
    tells = max(own.values(), default=0.0) >= _RARE or likeness(_said(question), _said(heading)) >= _POSES
    if not tells:
        # What kind of figure is asked for is then all that a heading can share with the question.
        kinds = aspects_of(frozenset(stems_asked(question))) if _FIGURE.match(question) else []
        return any(kind.cues & over and kind.mark in sentence.terms for kind in kinds) and bool(
            frozenset(asked) & sentence.stems
        )
    covered = sum(weight for term, weight in asked.items() if term in sentence.stems or term in over)
    return any(term in sentence.stems for term in own) and covered >= _COVERED * sum(asked.values())


def _said(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(text)) - {
        "do",
        "doe",
        "a",
        "the",
        "you",
        "i",
        "should",
        "is",
        "are",
    }
