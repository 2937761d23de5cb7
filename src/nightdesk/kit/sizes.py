"""Bytes as people say them."""

UNITS = ("bytes", "KB", "MB", "GB", "TB")


def spelled(size: int) -> str:
    """`1.2 GB`, `340 MB`, `12 bytes`; a kilobyte has 1,024 bytes, and ten or more of a unit no decimals."""
    left, unit = float(size), 0
    while left >= 1000 and unit < len(UNITS) - 1:
        left, unit = left / 1024, unit + 1
    whole = unit == 0 or left >= 10 or left == int(left)
    return f"{left:,.0f} {UNITS[unit]}" if whole else f"{left:.1f} {UNITS[unit]}"
