"""What the checks of an article found, in few words and in full."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

SCORED = {"seo": "SEO", "readability": "readability", "originality": "originality"}
"""The checks with a score from 0 to 100, and what each is called."""

SEVERITIES = ("serious", "warning", "info")


class Finding(NamedTuple):
    """One thing that a check noticed."""

    check: str
    severity: str
    message: str


def in_few_words(checks: Mapping[str, Any]) -> str:
    """`41 of 41 figures grounded, SEO 84, readability 73, originality 69`."""
    parts = [figures_grounded(checks)]
    parts += [
        f"{word} {checks[name]['score']}"
        for name, word in SCORED.items()
        if name in checks and checks[name].get("score") is not None
    ]
    return ", ".join(part for part in parts if part)


def figures_grounded(checks: Mapping[str, Any]) -> str:
    """How many of the figures and quotations stand in the documents that are cited, in words."""
    grounded, claims = grounding(checks)
    return f"{grounded} of {claims} figures grounded" if claims else "no figures"


def grounding(checks: Mapping[str, Any]) -> tuple[int, int]:
    """Figures and quotations found in the documents that are cited, and all of them."""
    claims = checks.get("grounding", {}).get("facts", {}).get("claims", [])
    return sum(claim["status"] == "grounded" for claim in claims), len(claims)


def scores(checks: Mapping[str, Any]) -> list[int | None]:
    """The scores in the order of `SCORED`; None where a check gave none."""
    return [checks.get(name, {}).get("score") for name in SCORED]


def findings(checks: Mapping[str, Any]) -> list[Finding]:
    """All that was noticed, the most serious first."""
    return sorted(_all(checks), key=lambda finding: SEVERITIES.index(finding.severity))


def _all(checks: Mapping[str, Any]) -> Iterator[Finding]:
    for name, check in checks.items():
        if isinstance(check, Mapping):
            for found in check.get("findings", ()):
                yield Finding(name, found["severity"], found["message"])
