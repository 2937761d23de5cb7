"""Finds what an article quotes, and looks for it word by word in the documents."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from nightdesk.quality.claims import Passage, cited
from nightdesk.quality.statements import Documents, Statement
from nightdesk.quality.verdicts import Verdict
from nightdesk.quality.words import content_words, words

_QUOTED = re.compile(
    '“([^“”]{12,600})”|„([^„“”]{12,600})[“”]|«\\s?([^«»]{12,600}?)\\s?»|»([^«»]{12,600})«|"([^"]{12,600})"'
)
_LEFT_OUT = re.compile(r"\[[^\]]*\]|…|\.{3}")
_FEWEST = 4
_ALTERED = 0.72


def quotations(passage: Passage) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Each quotation of four words or more with the documents that are cited for it."""
    for match in _QUOTED.finditer(passage.text):
        said = next(group for group in match.groups() if group)
        plain = re.sub(r"\s*\[\^\d+\]", "", said)
        if len(words(plain)) >= _FEWEST:
            following = re.split(r"(?<=[.!?])\s+(?=[A-ZÄÖÜÀ-Ý“„«\"])", passage.text[match.end() :])[0]
            yield plain, cited(said + following) or passage.documents


def judge(said: str, sentence: str, numbers: Sequence[int], documents: Documents) -> Verdict:
    """Looks for the words of a quotation; parts left out with `…` or replaced in brackets may differ."""
    numbers = tuple(numbers)
    asked = [number for number in numbers if number in documents.numbers] or documents.numbers
    for number in asked:
        if _holds(documents.said(number), said):
            return Verdict(
                "quotation", said, "grounded", sentence, numbers, number, _where(said, number, documents)
            )
    if altered := _altered(said, asked, documents):
        return Verdict(
            "quotation", said, "contradicted", sentence, numbers, altered.document, altered.sentence
        )
    elsewhere = next(
        (n for n in documents.numbers if n not in asked and _holds(documents.said(n), said)), None
    )
    evidence = _where(said, elsewhere, documents) if elsewhere is not None else ""
    return Verdict("quotation", said, "unverified", sentence, numbers, elsewhere, evidence)


def _holds(whole: str, said: str) -> bool:
    at = 0
    for part in _LEFT_OUT.split(said):
        wanted = " ".join(words(part))
        if not wanted:
            continue
        at = whole.find(f" {wanted} ", at)
        if at < 0:
            return False
        at += len(wanted)
    return True


def _where(said: str, number: int, documents: Documents) -> str:
    """The sentence of the document that holds most of the quotation."""
    wanted = content_words(said)
    best = max(documents.statements(number), key=lambda s: len(s.subject & wanted), default=None)
    return best.sentence if best else ""


def _altered(said: str, numbers: Sequence[int], documents: Documents) -> Statement | None:
    """The sentence that the quotation was made from with words of its own in it."""
    wanted, spoken = content_words(said), words(said)
    best, most = None, _ALTERED
    for number in numbers:
        for statement in documents.statements(number):
            if len(wanted & statement.subject) < max(2, 0.6 * len(wanted)):
                continue
            likeness = _likeness(spoken, words(statement.sentence))
            if likeness >= most:
                best, most = statement, likeness
    return best


def _likeness(spoken: Sequence[str], sentence: Sequence[str]) -> float:
    """How much of the quotation stands in the sentence in the same order, from 0 to 1."""
    matcher = SequenceMatcher(None, spoken, sentence, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / max(len(spoken), 1)
