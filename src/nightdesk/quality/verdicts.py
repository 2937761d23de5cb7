"""What became of one figure or quotation: where it was looked for and what was found there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from nightdesk.kit.text import shorten

Status = Literal["grounded", "unverified", "contradicted"]


@dataclass(frozen=True)
class Verdict:
    """`document` and `evidence` tell where it was found, or what says otherwise; None where nothing does."""

    kind: Literal["figure", "quotation"]
    said: str
    status: Status
    sentence: str
    cited: tuple[int, ...]
    document: int | None = None
    evidence: str = ""

    @property
    def elsewhere(self) -> bool:
        """Found, but in a document that the sentence does not cite."""
        return self.status == "unverified" and self.document is not None

    def as_json(self) -> Mapping[str, Any]:
        return {
            "kind": self.kind,
            "said": self.said,
            "status": self.status,
            "sentence": shorten(self.sentence, 400),
            "cited": list(self.cited),
            "document": self.document,
            "evidence": shorten(self.evidence, 400),
        }
