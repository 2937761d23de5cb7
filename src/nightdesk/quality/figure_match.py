"""Compares a figure of an article with the figures of the documents."""

import re
from collections.abc import Iterable, Sequence

from nightdesk.quality.claims import Claim
from nightdesk.quality.figures import Figure
from nightdesk.quality.statements import Documents, Statement
from nightdesk.quality.verdicts import Status, Verdict
from nightdesk.quality.words import content_words

_ROUNDED, _ROUNDED_ALOUD, _CONVERTED = 0.05, 0.10, 0.02
_SAME_SUBJECT, _SAME_SHARE = 3, 0.5
_RIVAL_FITS = 0.5
_REPEATED = 0.8
_CLAUSE = re.compile(
    r"[;:()]|,\s|\s(?:and|but|while|whereas|und|aber|während|et|mais|y|pero|e|ma|en|maar|mas)\s"
)


def judge(claim: Claim, figure: Figure, documents: Documents) -> Verdict:
    """Looks for the figure in the documents the claim cites, in all of them where it cites none."""
    asked = [number for number in claim.documents if number in documents.numbers] or documents.numbers
    found = _equal(claim, figure, documents, asked)
    against = _against(claim, figure, documents, asked)
    if found and not (against and _far_nearer(claim, against, found)):
        return _verdict("grounded", claim, figure, found)
    if against:
        return _verdict("contradicted", claim, figure, against)
    others = [number for number in documents.numbers if number not in asked]
    return _verdict("unverified", claim, figure, _equal(claim, figure, documents, others))


def _far_nearer(claim: Claim, against: Statement, found: Statement) -> bool:
    """Whether the claim all but repeats `against`, so that the same figure in `found` is a coincidence."""
    shared = len(claim.subject & against.subject)
    repeated = shared >= _REPEATED * max(len(claim.subject), 1)
    return repeated and shared >= 2 * len(claim.subject & found.subject)


def _verdict(status: Status, claim: Claim, figure: Figure, found: Statement | None) -> Verdict:
    return Verdict(
        "figure",
        figure.spelled,
        status,
        claim.sentence,
        claim.documents,
        found.document if found else None,
        found.sentence if found else "",
    )


def _equal(claim: Claim, figure: Figure, documents: Documents, numbers: Iterable[int]) -> Statement | None:
    """The statement nearest in subject that has the same figure, said of the same thing."""
    best, most = None, 0
    for statement in _statements(documents, numbers):
        near = len(claim.wider & statement.wider)
        if near <= most or not _about_the_same(claim, statement):
            continue
        same = [other for other in statement.figures if comparable(figure, other) and equal(figure, other)]
        if any(not _swapped(claim, figure, statement, other) for other in same):
            best, most = statement, near
    return best


def _against(claim: Claim, figure: Figure, documents: Documents, numbers: Iterable[int]) -> Statement | None:
    """The statement nearest in subject that gives another figure for the same thing."""
    best, most = None, 0.0
    for statement in _statements(documents, numbers):
        shared = len(claim.subject & statement.subject)
        share = shared / max(min(len(claim.subject), len(statement.subject)), 1)
        if shared < _SAME_SUBJECT or share < _SAME_SHARE or share <= most:
            continue
        rivals = [other for other in statement.figures if comparable(figure, other) and not other.in_words]
        if rivals and all(not equal(figure, o) or _swapped(claim, figure, statement, o) for o in rivals):
            best, most = statement, share
    return best


def _statements(documents: Documents, numbers: Iterable[int]) -> Iterable[Statement]:
    return (statement for number in numbers for statement in documents.figured(number))


def _about_the_same(claim: Claim, statement: Statement) -> bool:
    shared = len(claim.wider & statement.wider)
    return bool(claim.subject & statement.wider) and shared >= min(2, len(claim.wider))


def comparable(mine: Figure, theirs: Figure) -> bool:
    """Whether two figures measure or count the same kind of thing."""
    if mine.date and theirs.date:
        return True
    if mine.dimension or theirs.dimension:
        return mine.dimension == theirs.dimension
    return not mine.counted or not theirs.counted or bool(mine.counted & theirs.counted)


def equal(mine: Figure, theirs: Figure) -> bool:
    """Whether two comparable figures agree: the same, converted, or rounded to the digits that are given.

    Rounding may change a figure by a twentieth, by a tenth where the sentence says `about`.
    """
    if mine.date and theirs.date:
        return mine.date.within(theirs.date)
    if mine.bound * theirs.bound < 0:
        return False
    return any(_near(mine, value, theirs, other) for value in mine.values for other in theirs.values)


def _near(mine: Figure, value: float, theirs: Figure, other: float) -> bool:
    off = abs(value - other)
    scale = max(abs(other), 1e-12)
    if off <= 1e-6 * scale:
        return True
    if mine.unit and theirs.unit and mine.unit != theirs.unit and off <= _CONVERTED * scale:
        return True
    allowed = _ROUNDED_ALOUD if mine.hedged else _ROUNDED
    return off <= mine.step / 2 * (1 + 1e-9) and off <= allowed * scale


def _swapped(claim: Claim, figure: Figure, statement: Statement, same: Figure) -> bool:
    """Whether the statement gives the figure to something else: `basil 30 %` of `mint 30 %, basil 20 %`."""
    about, own = _clause(claim.sentence, figure), _clause(statement.sentence, same)
    rivals = [f for f in statement.figures if f.dimension == same.dimension and not equal(figure, f)]
    return any(_fits_better(about, _clause(statement.sentence, rival), own) for rival in rivals)


def _fits_better(about: frozenset[str], rival: frozenset[str], own: frozenset[str]) -> bool:
    """Whether the words that only the rival's clause has are those that are spoken of."""
    only_rival, only_own = rival - own, own - rival
    theirs = len(about & only_rival) / max(len(only_rival), 1)
    ours = len(about & only_own) / max(len(only_own), 1)
    return theirs >= _RIVAL_FITS and theirs > ours


def _clause(sentence: str, figure: Figure) -> frozenset[str]:
    """The content words of the part of the sentence that the figure stands in."""
    begin = max((m.end() for m in _CLAUSE.finditer(sentence, 0, figure.begin)), default=0)
    after = _CLAUSE.search(sentence, figure.end)
    return content_words(sentence[begin : after.start() if after else None])


def claims_with_figures(found: Sequence[Figure]) -> list[Figure]:
    """The figures that a claim stands or falls with: written numbers only where they are measured."""
    return [figure for figure in found if not figure.in_words or figure.dimension]
