"""Chooses what a script says: a hook, and lines that together fill the time that is left."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from nightdesk.providers.text.offline.lexicon import PITFALL, marks_of, role_of
from nightdesk.providers.text.offline.script_lines import Line
from nightdesk.providers.text.offline.selection import says_the_same
from nightdesk.providers.text.offline.words import cues

_STRIKING = cues("""
    only|never|no|none|not|without|half|twice|double|most|least|best|cheapest|fastest|largest|smallest|every|all
    too|cannot|instead|free|needs? no|does not|do not
""")
_PLAIN_HOOK, _LONG_HOOK = 14, 20
_FIGURE, _STRIKES, _SHORT, _NAMES, _LONG, _TROUBLE, _PARALLEL = 0.2, 0.12, 0.15, 0.3, 0.3, 0.1, 0.1
_DEFINES, _TOO_MUCH, _HOOK_SHARE = 0.25, 0.5, 0.35
_DEFINITION = re.compile(r"^(?:\S+ ){1,4}(?:is|are|means?) (?:an?|the|any) ", re.I)
"""What tells what a thing is informs, but it does not make one listen."""
_CONTRAST = re.compile(r", (?:while|whereas) ")
_OVER = 1.06
"""Share of the words wanted that a choice may come to."""
_BESIDE_IT, _ENOUGH = 0.45, 0.8
"""Share of the best weight below which a line lies beside the matter; share of the words that is enough."""
_OF_ONE_HEADING = 4
_MORE_OF_HEADING = 0.82
"""What each further line under the same heading keeps of its weight: a listener wants the whole picture."""


def hook_of(lines: Sequence[Line], words: int) -> Line | None:
    """The line that makes one listen: to the point, short, with a figure or a claim that surprises.

    `words`: of the whole script; a hook takes no more than its share of them where another will do.
    """
    free = [line for line in lines if not line.leans and not line.step]
    most = _HOOK_SHARE * words
    return max(free, key=lambda line: _telling(line) - _TOO_MUCH * (line.words > most), default=None)


def _telling(line: Line) -> float:
    figured = bool(line.figures) and bool(marks_of(line.says))
    worth = line.weight + _FIGURE * figured + _STRIKES * bool(_STRIKING.search(line.says))
    worth += _SHORT * (line.words <= _PLAIN_HOOK) + _NAMES * line.names
    worth -= _LONG * (line.words > _LONG_HOOK) + _PARALLEL * bool(_CONTRAST.search(line.says))
    worth -= _DEFINES * bool(_DEFINITION.match(line.says))
    return worth - _TROUBLE * (role_of(line.heading) >= PITFALL)


def filled(
    lines: Sequence[Line], words: int, taken: Iterable[Line] = (), of_a_heading: int = _OF_ONE_HEADING
) -> list[Line]:
    """Lines worth most whose words come to about `words`, at most a little more.

    A line that leans on another comes only with that one. Lines `taken` are not said again. Where too few
    words are found, a heading may give more than `of_a_heading` lines, and then what lies beside the matter.
    """
    spent = list(taken)
    free = [line for line in lines if not any(says_the_same(line.sentence, one.sentence) for one in spent)]
    floor = _BESIDE_IT * max((line.weight for line in free), default=0.0)
    on_it = [line for line in free if line.weight >= floor]
    chosen: list[Line] = []
    for among, most in ((on_it, of_a_heading), (on_it, of_a_heading + 2), (free, of_a_heading + 2)):
        chosen = _filled(among, words, most)
        if sum(line.words for line in chosen) >= _ENOUGH * words:
            break
    return chosen


def _filled(lines: Sequence[Line], words: int, of_a_heading: int) -> list[Line]:
    chosen, waiting, left = list[Line](), list(lines), float(words)
    while waiting:
        worth = [(_worth(line, chosen), line) for line in waiting if _may_come(line, chosen, of_a_heading)]
        fitting = [pair for pair in worth if pair[1].words <= left + (_OVER - 1) * words]
        if not fitting:
            break
        _, best = max(fitting, key=lambda pair: pair[0])
        chosen.append(best)
        left -= best.words
        waiting.remove(best)
    return chosen


def _worth(line: Line, chosen: Sequence[Line]) -> float:
    alike = sum(other.heading == line.heading for other in chosen)
    near = any(_follows(line, other) or _follows(other, line) for other in chosen)
    return line.weight * _MORE_OF_HEADING**alike + 0.12 * near


def _may_come(line: Line, chosen: Sequence[Line], most: int) -> bool:
    if sum(other.heading == line.heading for other in chosen) >= most:
        return False
    return not line.leans or any(_follows(line, other) for other in chosen)


def _follows(line: Line, other: Line) -> bool:
    return line.place[:2] == other.place[:2] and line.place[2] == other.place[2] + 1


def unfolded(lines: Iterable[Line]) -> list[Line]:
    """From what a thing is to what goes wrong, and within a heading as the source has it."""
    ordered = sorted(lines, key=lambda line: line.place)
    by_heading = [
        list(group) for _, group in groupby(ordered, key=lambda line: (line.place[0], line.heading))
    ]
    by_heading.sort(key=lambda group: (role_of(group[0].heading), -max(line.weight for line in group)))
    return [line for group in by_heading for line in group]
