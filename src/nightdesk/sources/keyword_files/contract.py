"""What is learnt from a keyword file: the rows taken, what was merged and what was refused, by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 50_000
MAX_PHRASE = 200
"""Characters of one phrase after tidying."""

MAX_COLUMNS = 200
"""Further columns are not looked at."""

Format = Literal["semrush", "ahrefs", "google_keyword_planner", "google_search_console", "table", "list"]
Intent = Literal["informational", "navigational", "commercial", "transactional"]
Cell = str | float
"""One cell of a table: a workbook's numbers arrive as numbers, all else as text."""

Record = tuple[int, list[Cell]]
"""One row of a table with the number of its line (from 1; of a workbook, its row)."""


@dataclass(frozen=True)
class KeywordRow:
    """One keyword; whatever the file does not tell is None.

    `volume`: searches a month (of a Search Console export: impressions of the exported period; of a range:
    its geometric middle). `difficulty`: 0 to 100. `cpc`: in the file's own currency (of a low and a high bid:
    their mean). `normal` is equal for two spellings of one phrase.
    """

    phrase: str
    normal: str
    volume: int | None
    difficulty: float | None
    cpc: float | None
    intent: Intent | None
    line: int
    serp_features: tuple[str, ...] = ()


@dataclass(frozen=True)
class Merged:
    """A row with the phrase of an earlier one; the larger volume and what was missing went there."""

    line: int
    phrase: str
    into_line: int


@dataclass(frozen=True)
class RefusedRow:
    """A row that was not taken: `text` is the beginning of what it said."""

    line: int
    text: str
    why: str


@dataclass(frozen=True)
class Recognised:
    """How the file was understood: `columns` maps our names to the file's own headings."""

    format: Format
    encoding: str
    columns: dict[str, str]


@dataclass(frozen=True)
class Import:
    """All that a file gave; every line that says something is in exactly one of the three lists."""

    name: str
    recognised: Recognised
    rows: list[KeywordRow] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)


@dataclass(frozen=True)
class Layout:
    """How a file is laid out, before it is read: `at` maps our names to the positions of its columns.

    `headings` has a name for each column, its own or `Column 3`; `sample` the first rows below them; `rows`
    says how many there are. Where no column of keywords was recognised `at` is empty, and a person chooses.
    """

    format: Format
    encoding: str
    headings: tuple[str, ...]
    at: Mapping[str, int]
    sample: Sequence[Record]
    rows: int
