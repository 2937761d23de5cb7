"""Tells what the checks found as an editor reads it: the worst first, each finding with its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TITLES = {
    "grounding": ("Facts and figures", "Whether the sources say what the article says."),
    "originality": ("Own words", "How far it stands in no other piece of the site."),
    "seo": ("Search engines", "Whether it says early and plainly what it is about."),
    "readability": ("Reading ease", "How easily it reads, by the measure for its language."),
    "sources": ("Sources", "What was left out of what the writer gave."),
    "instructions": ("Hidden orders", "Text that reads like orders to a machine."),
}
SEVERITIES = ("serious", "warning", "info")
FIELDS = {
    "meta_title": "meta_title",
    "keyword_not_in_title": "meta_title",
    "meta_description": "meta_description",
    "keyword_not_in_description": "meta_description",
    "slug": "slug",
}
"""Of findings whose codes begin so, the field of the editor that mends them."""

MOST_CLAIMS = 80


@dataclass(frozen=True)
class Found:
    """One finding; `field` names where it is mended if that is not in the text."""

    severity: str
    message: str
    where: str
    field: str


@dataclass(frozen=True)
class Check:
    """One check with its findings, the worst first."""

    name: str
    title: str
    about: str
    score: int | None
    found: list[Found]
    claims: list[Mapping[str, Any]]

    @property
    def worst(self) -> str:
        return self.found[0].severity if self.found else ""

    @property
    def grounded(self) -> int:
        return sum(claim["status"] == "grounded" for claim in self.claims)


def told(reports: Mapping[str, Any]) -> list[Check]:
    """The checks with something to say, those with the worst findings first."""
    found = [_check(name, report) for name, report in reports.items() if name in TITLES]
    worth = [check for check in found if check.found or check.score is not None]
    order = list(TITLES)
    return sorted(worth, key=lambda check: (_rank(check.worst), order.index(check.name)))


def _check(name: str, report: Mapping[str, Any]) -> Check:
    title, about = TITLES[name]
    found = [
        Found(one["severity"], one["message"], one.get("where", ""), _field(one["code"]))
        for one in report["findings"]
    ]
    found.sort(key=lambda one: _rank(one.severity))
    claims = report.get("facts", {}).get("claims", [])
    return Check(name, title, about, report.get("score"), found, claims[:MOST_CLAIMS])


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _field(code: str) -> str:
    return next((field for begin, field in FIELDS.items() if code.startswith(begin)), "")
