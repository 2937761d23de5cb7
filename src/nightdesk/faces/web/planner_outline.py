"""An outline as people write it: a heading on each line, its points below it, each after a dash."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_POINT = re.compile(r"\s*[-–•*]\s+(.*)")


def spelled(outline: Sequence[Mapping[str, Any]]) -> str:
    """The outline as text."""
    lines: list[str] = []
    for section in outline:
        lines.append(str(section.get("heading", "")))
        lines += [f"- {point}" for point in section.get("points", [])]
    return "\n".join(lines)


def outline_of(text: str) -> list[dict[str, Any]]:
    """The outline that a text spells; points before any heading become headings."""
    found: list[dict[str, Any]] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        point = _POINT.fullmatch(line)
        if point and found:
            found[-1]["points"].append(point[1].strip())
        else:
            found.append({"heading": (point[1] if point else line).strip(" #"), "points": []})
    return found
