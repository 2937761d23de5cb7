"""The lines between `---` at the top of a text that say what it is and where it comes from."""

import re
from dataclasses import dataclass, field
from datetime import date

_FENCE = re.compile(r"\s*---[ \t]*\n")
_END = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.M)
_LINE = re.compile(r"([A-Za-z][\w -]{0,40}?)[ \t]*:[ \t]*(.*)")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_AT_MOST = 10_000


@dataclass(frozen=True)
class FrontMatter:
    """Its entries by lower-case name, and the text after it."""

    text: str
    entries: dict[str, str] = field(default_factory=dict)

    def first(self, *names: str) -> str | None:
        """The first of these entries that says something."""
        return next((self.entries[name] for name in names if self.entries.get(name)), None)


def front_matter(text: str) -> FrontMatter:
    """Reads `name: value` lines, with or without quotes; lines of any other form are passed over.

    A fence without an end, or with no such line in it, is a rule in the text and stays there.
    """
    fence = _FENCE.match(text)
    end = _END.search(text, fence.end(), fence.end() + _AT_MOST) if fence else None
    if fence is None or end is None:
        return FrontMatter(text)
    lines = (_LINE.fullmatch(line.strip()) for line in text[fence.end() : end.start()].splitlines())
    entries = {found[1].lower(): found[2].strip().strip("\"'") for found in lines if found}
    return FrontMatter(text[end.end() :], entries) if entries else FrontMatter(text)


def date_of(spelled: str | None) -> date | None:
    """The day in a text that begins with an ISO 8601 date; None for any other."""
    found = _DATE.match((spelled or "").strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
