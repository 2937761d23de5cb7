"""Keyword files: exports of Semrush, Ahrefs, Google Keyword Planner and Search Console, and plain lists."""

from nightdesk.sources.keyword_files.contract import (
    MAX_BYTES,
    MAX_ROWS,
    Import,
    KeywordRow,
    Layout,
    Merged,
    Recognised,
    RefusedRow,
)
from nightdesk.sources.keyword_files.phrases import normalise, tidy
from nightdesk.sources.keyword_files.reading import look, read

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "Import",
    "KeywordRow",
    "Layout",
    "Merged",
    "Recognised",
    "RefusedRow",
    "look",
    "normalise",
    "read",
    "tidy",
]
