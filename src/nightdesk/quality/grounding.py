"""Grounding: whether the documents say what an article says in figures and quotations."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from nightdesk.kit.text import shorten
from nightdesk.quality import figure_match, quotations
from nightdesk.quality.claims import Claim, Passage, passages
from nightdesk.quality.figures import figures
from nightdesk.quality.report import CheckReport, Finding
from nightdesk.quality.statements import Documents
from nightdesk.quality.verdicts import Verdict

_CONTRADICTED = 15


def check(markdown: str, documents: Mapping[int, str] | Documents, language: str = "en") -> CheckReport:
    """Looks for every figure and quotation of the article in the documents that its sentence cites.

    `documents`: text by the number that `[^number]` cites, or `Documents` made of it once where many articles
    share them; `language` decides what `1.000` means. A figure is
    grounded where a sentence on the same subject has it (converted or rounded counts), contradicted where
    such a sentence has another one and none has it, unverified otherwise. The score is the grounded share in
    per cent less 15 for each contradiction; None where there is neither figure nor quotation.
    """
    library = documents if isinstance(documents, Documents) else Documents(documents, language)
    read = passages(markdown)
    verdicts = [verdict for passage in read for verdict in _verdicts(passage, library, language)]
    counts = Counter[str](verdict.status for verdict in verdicts)
    findings = [*_unknown(read, library), *_told(verdicts, library)]
    facts = {
        **{status: counts[status] for status in ("grounded", "unverified", "contradicted")},
        "claims": [verdict.as_json() for verdict in verdicts],
    }
    return CheckReport("grounding", _score(counts, len(verdicts)), findings, facts)


def _score(counts: Mapping[str, int], total: int) -> int | None:
    if not total:
        return None
    return max(0, round(100 * counts["grounded"] / total) - _CONTRADICTED * counts["contradicted"])


def _verdicts(passage: Passage, library: Documents, language: str) -> Iterable[Verdict]:
    quoted = list(quotations.quotations(passage))
    for said, numbers in quoted:
        yield quotations.judge(said, passage.plain, numbers, library)
    for claim in passage.claims:
        for figure in figure_match.claims_with_figures(figures(claim.sentence, language)):
            if not _inside_quotation(claim, figure.spelled, quoted):
                yield figure_match.judge(claim, figure, library)


def _inside_quotation(claim: Claim, spelled: str, quoted: Sequence[tuple[str, tuple[int, ...]]]) -> bool:
    """A figure that is part of a quotation is judged with it."""
    return any(spelled in said and said[:12] in claim.sentence for said, _ in quoted)


def _unknown(read: Iterable[Passage], library: Documents) -> Iterable[Finding]:
    for passage in read:
        for number in passage.documents:
            if number not in library.numbers:
                message = f"Cites document {number}, which was not given: remove it or cite one that was."
                yield Finding("unknown_citation", "serious", message, shorten(passage.plain, 160))


def _told(verdicts: Iterable[Verdict], library: Documents) -> Iterable[Finding]:
    for verdict in verdicts:
        where = shorten(verdict.sentence, 200)
        source = shorten(verdict.evidence, 200)
        if verdict.status == "contradicted" and verdict.kind == "quotation":
            message = (
                f"The quotation differs from document {verdict.document}: “{source}” Quote it word by word."
            )
            yield Finding("quotation_altered", "serious", message, where)
        elif verdict.status == "contradicted":
            message = f"“{verdict.said}”, but document {verdict.document} says: “{source}” Correct it."
            yield Finding("figure_contradicted", "serious", message, where)
        elif verdict.elsewhere:
            message = f"“{shorten(verdict.said, 80)}” stands in document {verdict.document}: cite that one."
            yield Finding("cited_elsewhere", "warning", message, where)
        elif verdict.status == "unverified" and library.numbers:
            message = f"“{shorten(verdict.said, 80)}” is in none of the documents: check it or leave it out."
            yield Finding(f"{verdict.kind}_unverified", "warning", message, where)
        elif verdict.status == "grounded" and not verdict.cited:
            message = f"“{shorten(verdict.said, 80)}” comes from document {verdict.document}: cite it."
            yield Finding("citation_missing", "info", message, where)
