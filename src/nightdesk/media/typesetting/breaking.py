"""Breaks text into lines: at spaces first, inside a word only where it is wider than the column."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import pyphen

from nightdesk.media.typesetting.eastern import phrases
from nightdesk.media.typesetting.typefaces import clusters

Measure = Callable[[str], float]
"""The width in pixels of a piece of text set on one line."""

Glue = Literal[" ", "", "-"]
_LEAST_PART = 3
_MOST_BALANCED = 60


@dataclass(frozen=True)
class Token:
    """A piece that stays whole; `glue` is what stands between it and the piece before it.

    A space is dropped at a line's end; "" may break without a sign; "-" shows a hyphen where it breaks.
    """

    text: str
    glue: Glue = " "


def tokens(text: str) -> list[Token]:
    """The text's pieces: words, and phrases where it is written without spaces."""
    found: list[Token] = []
    for word in re.split(r" +", text.strip(" ")):
        found += [Token(piece, "" if index else " ") for index, piece in enumerate(phrases(word))]
    return found


def softened(pieces: list[Token], width: float, measure: Measure, language: str) -> list[Token]:
    """The same pieces, those wider than `width` parted at dashes, else syllables, else anywhere."""
    found: list[Token] = []
    for token in pieces:
        glue = token.glue
        for part in [token.text] if measure(token.text) <= width else _at_dashes(token.text):
            if measure(part) <= width:
                found.append(Token(part, glue))
            else:
                found += _in_syllables(Token(part, glue), width, measure, language)
            glue = ""
    return found


def _at_dashes(word: str) -> list[str]:
    return [part for part in re.split(r"(?<=[\w.,)][\w.,)][-–—/])(?=\w\w)", word) if part]


def _in_syllables(word: Token, width: float, measure: Measure, language: str) -> list[Token]:
    found: list[Token] = []
    glue = word.glue
    for syllable in _syllables(word.text, language):
        parts = [syllable] if measure(syllable + "-") <= width else clusters(syllable)
        found += [Token(part, "" if index else glue) for index, part in enumerate(parts)]
        glue = "-" if len(parts) == 1 else ""
    return found


def broken(pieces: list[Token], width: float, measure: Measure) -> list[str] | None:
    """Lines filled one after another; None where a piece is wider than `width`."""
    lines: list[str] = []
    line = ""
    for index, token in enumerate(pieces):
        sign = "-" if index + 1 < len(pieces) and pieces[index + 1].glue == "-" else ""
        longer = line + (" " if token.glue == " " else "") + token.text if line else token.text
        if not line or measure(longer + sign) <= width:
            line = longer
        else:
            lines.append(line + ("-" if token.glue == "-" else ""))
            line = token.text
        if measure(line + sign) > width:
            return None
    return [*lines, line] if line else lines


def balanced(pieces: list[Token], width: float, measure: Measure) -> list[str] | None:
    """As few lines as `broken` needs, of lengths as equal as can be (least squares of what is left free)."""
    filled = broken(pieces, width, measure)
    if filled is None or len(filled) < 2 or len(pieces) > _MOST_BALANCED:
        return filled
    count = len(filled)
    target = min(width, sum(measure(line) for line in filled) / count * 1.06)
    best: dict[tuple[int, int], tuple[float, int]] = {(0, 0): (0.0, 0)}
    for end in range(1, len(pieces) + 1):
        for start in range(end - 1, -1, -1):
            length = measure(_joined(pieces, start, end))
            if length > width:
                break
            cost = (length - target) ** 2
            for line in range(count):
                before = best.get((line, start))
                if before and before[0] + cost < best.get((line + 1, end), (float("inf"), 0))[0]:
                    best[line + 1, end] = (before[0] + cost, start)
    return _traced(pieces, best, count) or filled


def _joined(pieces: list[Token], start: int, end: int) -> str:
    """The line that the pieces from `start` up to `end` make."""
    line = pieces[start].text
    for token in pieces[start + 1 : end]:
        line += (" " if token.glue == " " else "") + token.text
    return line + ("-" if end < len(pieces) and pieces[end].glue == "-" else "")


def _traced(
    pieces: list[Token], best: dict[tuple[int, int], tuple[float, int]], count: int
) -> list[str] | None:
    lines: list[str] = []
    end = len(pieces)
    for line in range(count, 0, -1):
        if (line, end) not in best:
            return None
        start = best[line, end][1]
        lines.append(_joined(pieces, start, end))
        end = start
    return lines[::-1]


def shortened(pieces: list[Token], fits: Callable[[list[Token]], bool]) -> list[Token]:
    """As many pieces from the start as fit with an ellipsis behind them; at least one."""
    low, high = 1, max(len(pieces) - 1, 1)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(_with_ellipsis(pieces[:middle])):
            low = middle
        else:
            high = middle - 1
    return _with_ellipsis(pieces[:low])


def _with_ellipsis(pieces: list[Token]) -> list[Token]:
    last = pieces[-1]
    return [*pieces[:-1], replace(last, text=last.text.rstrip(".,;:–—-/ ") + "…")]


def _syllables(word: str, language: str) -> list[str]:
    known = pyphen.language_fallback(language.replace("-", "_")) if language else None
    if known is None:
        return [word]
    cuts = list(pyphen.Pyphen(lang=known, left=_LEAST_PART, right=_LEAST_PART).positions(word))
    return [word[start:end] for start, end in zip([0, *cuts], [*cuts, len(word)], strict=True)]
