"""Reads the numbers of exports: grouped, abbreviated, ranged and with a decimal comma."""

import math
import re

from nightdesk.sources.keyword_files.contract import Cell

LARGEST = 2_000_000_000
"""More searches a month than this is no volume (and more than the database's integer holds)."""

_SCALES = {
    **dict.fromkeys(("k", "tsd", "mil", "mila", "тыс", "tys", "тис", "rb", "ribu", "千", "bin"), 1_000),
    **dict.fromkeys(("m", "mio", "mln", "млн", "mill", "mi", "jt"), 1_000_000),
    **dict.fromkeys(("万", "萬", "만"), 10_000),
}
_QUANTITY = re.compile(r"[<>≥≤~≈]?\s*(?P<digits>\d[\d.,'’\s]*?)\s*(?P<scale>[^\W\d_]*)\.?\s*\+?")
_DASH = re.compile(r"\s*(?:[–—−‐‑-]|\bto\b|\bbis\b)\s*")
_LONGEST = 40
"""Characters of a cell with a number; longer ones are text, and would be slow to search."""

_MONEY = re.compile(r"(?:[A-Z]{3}|US|A|C)?[$€£¥₹₽%\s]*(\d[\d.,'’\s]*?)\s*(?:[$€£¥₹₽%]|[A-Za-z]{3})?")


def count(cell: Cell) -> int | None:
    """A whole number of searches, or None where the cell tells none.

    A range such as `1K – 10K` gives its geometric middle, 3162: volumes are spread over orders of magnitude,
    where the arithmetic middle (5500) would put every phrase near the top of its range. `0 – 10` gives 3.
    """
    if isinstance(cell, float):
        return _whole(cell)
    text = cell.replace("\u00a0", " ").strip().casefold()
    if not 0 < len(text) <= _LONGEST:
        return None
    parts = _DASH.split(text)
    values = [_quantity(part) for part in parts]
    if len(values) == 1:
        return _whole(values[0])
    if len(values) == 2 and values[0] is not None and values[1] is not None and values[0] <= values[1]:
        return _whole(math.sqrt(max(values[0], 1.0) * values[1]))
    return None


def decimal(cell: Cell, *, most: float) -> float | None:
    """A number from 0 to `most` with point or comma, or None where the cell tells none."""
    if isinstance(cell, float):
        value = cell
    else:
        text = cell.replace("\u00a0", " ").strip()
        found = _MONEY.fullmatch(text) if len(text) <= _LONGEST else None
        if found is None:
            return None
        value = float(_pointed(found[1]))
    return value if 0 <= value <= most else None


def _whole(value: float | None) -> int | None:
    if value is None or not 0 <= value <= LARGEST:
        return None
    return round(value)


def _quantity(text: str) -> float | None:
    found = _QUANTITY.fullmatch(text)
    if found is None:
        return None
    scale = found["scale"]
    if scale and scale not in _SCALES:
        return None
    digits = found["digits"].strip()
    if scale:
        return float(_pointed(digits)) * _SCALES[scale]
    groups = re.split(r"[.,'’\s]+", digits)
    if len(groups) > 1 and all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= 3:
        return float("".join(groups))
    return float(_pointed(digits))


def _pointed(digits: str) -> str:
    """The same number as Python writes it: the last separator is the decimal one, unless it is repeated."""
    digits = re.sub(r"['’\s]", "", digits).rstrip(".,")
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return digits
    whole, rest = re.sub(r"[.,]", "", digits[:last]), digits[last + 1 :]
    if digits.count(digits[last]) > 1:
        return whole + rest
    return f"{whole}.{rest}"
