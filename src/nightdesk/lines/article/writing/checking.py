"""Checks an article before it is kept; every finding is for the person at the gate."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from nightdesk.lines.article.rendering.page import Rendered
from nightdesk.lines.material import Material
from nightdesk.quality import grounding, instructions, readability, seo
from nightdesk.quality.report import CheckReport, Finding


def checked(
    rendered: Rendered,
    brief: Mapping[str, Any],
    material: Material,
    passages: Sequence[tuple[int, str]],
    language: str,
) -> dict[str, Any]:
    """The reports by name, ready for a JSON column; `passages` are those that the writer was given.

    Originality is not among them: it is found when the article is kept, beside all that is kept already.
    """
    page = seo.Page(
        title=rendered.title,
        meta_title=rendered.meta_title,
        meta_description=rendered.meta_description,
        slug=rendered.slug,
        html=rendered.html,
        text=rendered.text,
        keywords=brief["keywords"],
        words_wanted=brief["words"],
        own_pieces=len(material.own_pieces),
    )
    reports = (
        readability.check(rendered.text, language),
        seo.check(page),
        grounding.check(rendered.markdown, _given(passages), language),
        instructions.check("\n\n".join((rendered.title, rendered.meta_description, rendered.text))),
        _sources(rendered, material),
    )
    return {report.name: report.as_json() for report in reports}


def _given(passages: Sequence[tuple[int, str]]) -> dict[int, str]:
    texts: defaultdict[int, list[str]] = defaultdict(list)
    for document, text in passages:
        texts[document].append(text)
    return {document: "\n\n".join(found) for document, found in texts.items()}


def _sources(rendered: Rendered, material: Material) -> CheckReport:
    """What rendering left out, and cited documents that read like orders to a machine."""
    flagged = [
        Finding(
            "source_gives_orders",
            "warning",
            f"Document {citation.document} reads in part like orders to a machine: check what it gave.",
            citation.title,
        )
        for citation in rendered.citations
        if citation.document in material.flagged
    ]
    return CheckReport("sources", None, [*rendered.findings, *flagged], {"cited": len(rendered.citations)})
