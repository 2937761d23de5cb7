"""Finds dates in a sentence, as seven languages write them, and compares what is known of two."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NAMES = (
    ("january", "januar", "enero", "janvier", "gennaio", "januari", "janeiro", "jan", "jänner"),
    ("february", "februar", "febrero", "février", "febbraio", "februari", "fevereiro", "feb"),
    ("march", "märz", "marzo", "mars", "maart", "março", "mar"),
    ("april", "abril", "avril", "aprile", "apr"),
    ("may", "mai", "mayo", "maggio", "mei", "maio"),
    ("june", "juni", "junio", "juin", "giugno", "junho", "jun"),
    ("july", "juli", "julio", "juillet", "luglio", "julho", "jul"),
    ("august", "agosto", "août", "augustus", "aug"),
    ("september", "septiembre", "septembre", "settembre", "setembro", "sept", "sep"),
    ("october", "oktober", "octubre", "octobre", "ottobre", "outubro", "oct", "okt"),
    ("november", "noviembre", "novembre", "novembro", "nov"),
    ("december", "dezember", "diciembre", "décembre", "dicembre", "dezembro", "dec", "dez"),
)
_MONTHS = {name: number for number, names in enumerate(_NAMES, start=1) for name in names}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?:1[5-9]|20)\d\d"
_ANY_YEAR = re.compile(_YEAR)
_DATE = re.compile(
    rf"(?<![\w/.-])(?:(?P<y1>{_YEAR})-(?P<m1>[01]\d)(?:-(?P<d1>[0-3]\d))?"
    rf"|(?P<d2>[0-3]?\d)\.\s?(?P<m2>[01]?\d)\.\s?(?P<y2>{_YEAR})"
    rf"|(?:(?P<d3>[0-3]?\d)(?:st|nd|rd|th|er|º|\.)?\s+(?:of\s+|de\s+)?)?(?P<n3>{_MONTH})\.?,?\s+(?:de\s+|of\s+)?(?P<y3>{_YEAR})"
    rf"|(?P<n4>{_MONTH})\.?\s+(?P<d4>[0-3]?\d)(?:st|nd|rd|th)?,?\s+(?P<y4>{_YEAR}))(?![\w-])",
    re.IGNORECASE,
)  # fmt: skip
_LONE_YEAR = re.compile(
    r"(?:\b(?:in|since|by|until|till|from|to|before|after|during|around|year|of|and|im|seit|bis|ab|jahre?|von|vor|nach|en"
    r"|desde|hasta|año|depuis|dès|avant|après|nel|dal|sinds|vanaf|em|late|early|mid|mid-|ende|anfang)\s+|[(–-]|^)"
    rf"(?P<y>{_YEAR})(?=\s*(?:[,.;:!?)–-]|$|\s(?:and|to|und|bis|y|et|e|a|the|de|il|la|alone|about|only|was|were)\b|\s(?-i:[A-Z0-9(])))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Date:
    """A date with what is known of it: month and day may be missing."""

    year: int
    month: int | None = None
    day: int | None = None

    def within(self, other: "Date") -> bool:
        """Whether `other` says all that this says: `March 2024` is within `12 March 2024`."""
        mine, theirs = (self.year, self.month, self.day), (other.year, other.month, other.day)
        return all(own is None or own == their for own, their in zip(mine, theirs, strict=True))


def dates(sentence: str) -> Iterator[tuple[int, int, Date]]:
    """Begin, end and value of each date, whole ones first, then years that stand alone."""
    # Most sentences have no year, and to find that out costs a tenth of looking for dates.
    if not _ANY_YEAR.search(sentence):
        return
    taken: list[tuple[int, int]] = []
    for match in _DATE.finditer(sentence):
        if found := _read(match.groupdict()):
            taken.append(match.span())
            yield match.start(), match.end(), found
    for match in _LONE_YEAR.finditer(sentence):
        begin, end = match.span("y")
        if not any(first < end and begin < last for first, last in taken):
            yield begin, end, Date(int(match["y"]))


def _read(parts: dict[str, str | None]) -> Date | None:
    year = next(int(value) for name, value in parts.items() if name[0] == "y" and value)
    named = next((_MONTHS[value.lower()] for name, value in parts.items() if name[0] == "n" and value), None)
    month = named or next((int(value) for name, value in parts.items() if name[0] == "m" and value), None)
    day = next((int(value) for name, value in parts.items() if name[0] == "d" and value), None)
    whole = month is not None and 1 <= month <= 12 and (day is None or 1 <= day <= 31)
    return Date(year, month, day) if whole else None
