"""The shape of a report on many keywords: what became of each line."""

from itertools import islice

from nightdesk.desk.planner.imports import ImportReport
from nightdesk.faces.api.row_shapes import Shown

MOST_LINES = 1000
"""Lines that each list of a report names; the counts are of all."""


class TakenLine(Shown):
    line: int
    phrase: str
    volume: int | None
    difficulty: float | None
    cpc: float | None
    intent: str | None


class MergedLine(Shown):
    """`into_line` of the same file, or `into_id` of a keyword that was there before."""

    line: int
    phrase: str
    into_line: int | None
    into_id: int | None


class RefusedLine(Shown):
    line: int
    text: str
    why: str


class LineCounts(Shown):
    taken: int
    merged: int
    refused: int


class ImportShown(Shown):
    """`format`, `encoding` and `columns` say how a file was understood; a list names at most 1000 lines."""

    preview: bool
    name: str
    format: str
    encoding: str
    columns: dict[str, str]
    counts: LineCounts
    taken: list[TakenLine]
    merged: list[MergedLine]
    refused: list[RefusedLine]

    @classmethod
    def of(cls, report: ImportReport) -> "ImportShown":
        return cls(
            preview=report.preview,
            name=report.name,
            format=report.format,
            encoding=report.encoding,
            columns=dict(report.columns),
            counts=LineCounts(
                taken=len(report.taken), merged=len(report.merged), refused=len(report.refused)
            ),
            taken=[TakenLine.model_validate(one) for one in islice(report.taken, MOST_LINES)],
            merged=[MergedLine.model_validate(one) for one in islice(report.merged, MOST_LINES)],
            refused=[RefusedLine.model_validate(one) for one in islice(report.refused, MOST_LINES)],
        )
