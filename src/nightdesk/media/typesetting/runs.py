"""Splits a line of text into runs of one direction and lays the runs in the order they are read on screen.

This is the part of the Unicode Bidirectional Algorithm (UAX #9, revision 50) that a headline needs: no
explicit embeddings, numbers kept left to right, neutrals taking their neighbours' side.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

_RIGHT = {"R", "AL"}
_NUMBER = {"EN", "AN"}
_BETWEEN_NUMBERS = {"ES", "CS"}


@dataclass(frozen=True)
class Run:
    """Characters in logical order that share a direction and a font (by its place on the shelf)."""

    text: str
    rtl: bool
    font: int


def reads_right_to_left(text: str) -> bool:
    """The paragraph's direction: that of its first strong character (UAX #9, P2 and P3)."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in _RIGHT:
            return True
        if kind == "L":
            return False
    return False


def in_visual_order(text: str, font_of: Callable[[str], list[int]], rtl: bool) -> list[Run]:
    """The runs of `text` from left to right, for a paragraph that reads as `rtl` says.

    `font_of` gives each character's font; a combining mark must get its base's.
    """
    runs: list[tuple[int, Run]] = []
    marked = zip(text, _levels(text, rtl), font_of(text), strict=True)
    for (level, font), group in groupby(marked, key=lambda mark: (mark[1], mark[2])):
        runs.append((level, Run("".join(char for char, _, _ in group), bool(level % 2), font)))
    for least in (2, 1):
        runs = _reversed_from(runs, least)
    return [run for _, run in runs]


def _reversed_from(runs: list[tuple[int, Run]], least: int) -> list[tuple[int, Run]]:
    """Reverses each stretch of runs of level `least` or more (rule L2)."""
    ordered: list[tuple[int, Run]] = []
    for high, stretch in groupby(runs, key=lambda run: run[0] >= least):
        part = list(stretch)
        ordered += part[::-1] if high else part
    return ordered


def _levels(text: str, rtl: bool) -> list[int]:
    """The embedding level of each character: even ones run left to right, odd ones right to left."""
    kinds = _neutrals_resolved(_weak_resolved(text, rtl), rtl)
    left = 2 if rtl else 0
    return [{"R": 1, "N": 2, "L": left}[kind] for kind in kinds]


def _weak_resolved(text: str, rtl: bool) -> list[str]:
    """Each character as L, R, N (a number that stands in right-to-left text) or "" (neutral): W1 to W7."""
    kinds = [unicodedata.bidirectional(char) for char in text]
    for index in range(1, len(kinds)):
        if kinds[index] == "NSM":
            kinds[index] = kinds[index - 1]
    for index in range(1, len(kinds) - 1):
        around = {kinds[index - 1], kinds[index + 1]}
        if kinds[index] in _BETWEEN_NUMBERS and len(around) == 1 and around <= _NUMBER:
            kinds[index] = kinds[index - 1]
    for index in (*range(1, len(kinds)), *range(len(kinds) - 2, -1, -1)):
        beside = {kinds[index - 1] if index else "", kinds[index + 1] if index + 1 < len(kinds) else ""}
        if kinds[index] == "ET" and "EN" in beside:
            kinds[index] = "EN"
    resolved: list[str] = []
    strong = "R" if rtl else "L"
    for kind in kinds:
        if kind == "L" or kind in _RIGHT:
            strong = "L" if kind == "L" else "R"
            resolved.append(strong)
        elif kind in _NUMBER:
            resolved.append("L" if strong == "L" and kind == "EN" else "N")
        else:
            resolved.append("")
    return resolved


def _neutrals_resolved(kinds: list[str], rtl: bool) -> list[str]:
    """Neutrals take the side their neighbours share, else the paragraph's; numbers count as R (N1, N2)."""
    base = "R" if rtl else "L"
    resolved: list[str] = []
    start = 0
    for neutral, stretch in groupby(kinds, key=lambda kind: kind == ""):
        part = list(stretch)
        before = _side(kinds[start - 1]) if start else base
        start += len(part)
        after = _side(kinds[start]) if start < len(kinds) else base
        resolved += [before if before == after else base] * len(part) if neutral else part
    return resolved


def _side(kind: str) -> str:
    return "L" if kind == "L" else "R"
