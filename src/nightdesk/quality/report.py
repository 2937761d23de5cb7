"""What every check hands back: a score, what to fix, and the facts it counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Severity = Literal["info", "warning", "serious"]

_COST: Mapping[Severity, int] = {"info": 0, "warning": 8, "serious": 25}


@dataclass(frozen=True)
class Finding:
    """One thing that was noticed; `message` says what to fix, `where` shows the place in the text."""

    code: str
    severity: Severity
    message: str
    where: str = ""


@dataclass(frozen=True)
class CheckReport:
    """What one check found: `score` runs from 0 to 100, or is None where nothing could be scored."""

    name: str
    score: int | None
    findings: Sequence[Finding] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def serious(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == "serious"]

    def as_json(self) -> dict[str, Any]:
        """Plain lists, dicts, strings and numbers, ready for a JSON column."""
        return {
            "name": self.name,
            "score": self.score,
            "findings": [asdict(finding) for finding in self.findings],
            "facts": dict(self.facts),
        }


def score_of(findings: Iterable[Finding]) -> int:
    """100 less 8 for each warning and 25 for each serious finding, at least 0."""
    return max(0, 100 - sum(_COST[finding.severity] for finding in findings))
