"""Many keywords at once, from a file or a list, with a report of what became of each line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.planner import merging
from nightdesk.desk.planner.inputs import NewKeyword
from nightdesk.kit.endings import Refused
from nightdesk.sources.keyword_files import MAX_BYTES, Import, KeywordRow, RefusedRow, normalise, tidy

LARGEST_FILE = MAX_BYTES
"""Bytes."""


@dataclass(frozen=True)
class MergedLine:
    """A line with a phrase that an earlier line has, or a keyword that was there before."""

    line: int
    phrase: str
    into_line: int | None = None
    into_id: int | None = None


@dataclass(frozen=True)
class ImportReport:
    """What became of each line; of a preview: what would.

    `format`, `encoding` and `columns` say how a file was understood.
    """

    preview: bool
    taken: Sequence[KeywordRow]
    merged: Sequence[MergedLine]
    refused: Sequence[RefusedRow]
    name: str = ""
    format: str = ""
    encoding: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Gathered:
    """Lines read and judged, not yet held against what the site has."""

    rows: Sequence[KeywordRow]
    merged: Sequence[MergedLine]
    refused: Sequence[RefusedRow]
    source: str

    @classmethod
    def of_file(cls, read: Import) -> "Gathered":
        merged = [MergedLine(one.line, one.phrase, one.into_line) for one in read.merged]
        return cls(read.rows, merged, read.refused, read.recognised.format)

    @classmethod
    def of_list(cls, keywords: Sequence[NewKeyword]) -> "Gathered":
        """Lines are counted from 1."""
        rows: dict[str, KeywordRow] = {}
        merged: list[MergedLine] = []
        refused: list[RefusedRow] = []
        for line, keyword in enumerate(keywords, start=1):
            try:
                row = as_row(keyword, line)
            except Refused as error:
                refused.append(RefusedRow(line, keyword.phrase[:200], error.why))
                continue
            kept = rows.setdefault(row.normal, row)
            if kept is not row:
                rows[row.normal] = _joined(kept, row)
                merged.append(MergedLine(line, row.phrase, kept.line))
        return cls(list(rows.values()), merged, refused, "list")

    async def keep(
        self, session: AsyncSession, workspace_id: int, site_id: int, *, preview: bool
    ) -> ImportReport:
        """Writes the keywords unless it is a preview; reports the same either way."""
        before = await merging.known(session, workspace_id, site_id, [row.normal for row in self.rows])
        new = {row.normal for row in self.rows} - before.keys()
        if not preview:
            new = await merging.put(session, workspace_id, site_id, self.rows, self.source)
        there = [
            MergedLine(row.line, row.phrase, into_id=before.get(row.normal))
            for row in self.rows
            if row.normal not in new
        ]
        merged = sorted([*self.merged, *there], key=lambda one: one.line)
        return ImportReport(preview, [row for row in self.rows if row.normal in new], merged, self.refused)


def as_row(keyword: NewKeyword, line: int = 1) -> KeywordRow:
    """Raises `Refused` where the phrase cannot be a keyword."""
    phrase = tidy(keyword.phrase)
    return KeywordRow(
        phrase, normalise(phrase), keyword.volume, keyword.difficulty, keyword.cpc, keyword.intent, line
    )


def _joined(kept: KeywordRow, other: KeywordRow) -> KeywordRow:
    return replace(
        kept,
        volume=max(kept.volume or 0, other.volume or 0),
        difficulty=other.difficulty if kept.difficulty is None else kept.difficulty,
        cpc=other.cpc if kept.cpc is None else kept.cpc,
        intent=kept.intent or other.intent,
    )
