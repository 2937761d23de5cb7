"""Makes the times of words whole: each word of a text has one, in order, and none overlaps the next."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from nightdesk.providers.speech.contract import WordTime
from nightdesk.providers.speech.respelling import Part

Span = tuple[float, float]


def filled(words: Sequence[str], known: Sequence[Span | None], seconds: float) -> list[Span]:
    """A span in seconds for each word, where `known` lacks some or is out of order.

    A word without one shares that of the word ahead of it, by their characters, as where an engine says two
    in one; at the start it shares what comes next. A word that says nothing takes no time.
    """
    spans: list[Span] = []
    reached = 0.0
    at = 0
    while at < len(words):
        end = at + 1
        while end < len(words) and known[end] is None:
            end += 1
        start, stop = known[at] or (reached, _next_start(known, end, seconds))
        start = min(max(start, reached), seconds)
        stop = min(max(stop, start), seconds)
        spans += shared(words[at:end], start, stop)
        reached = stop
        at = end
    return spans


def _next_start(known: Sequence[Span | None], at: int, seconds: float) -> float:
    span = known[at] if at < len(known) else None
    return span[0] if span else seconds


def shared(words: Sequence[str], start: float, end: float) -> list[Span]:
    """The time from `start` to `end` given to words by their letters and digits."""
    weights = [sum(char.isalnum() for char in word) for word in words]
    whole = sum(weights)
    if not whole:
        return [(start, start)] * len(words)
    ends = [start + (end - start) * upto / whole for upto in accumulate(weights)]
    return list(pairwise([start, *ends]))


def written_times(parts: Sequence[Part], spans: Sequence[Span]) -> tuple[WordTime, ...]:
    """The times of written words, given those of the spoken ones that stand for them."""
    words: list[WordTime] = []
    at = 0
    reached = 0.0
    for part in parts:
        mine = spans[at : at + len(part.spoken)]
        at += len(part.spoken)
        start, end = (mine[0][0], mine[-1][1]) if mine else (reached, reached)
        times = [(start, end)] if len(part.written) == 1 else shared(part.written, start, end)
        words += [WordTime(word, *span) for word, span in zip(part.written, times, strict=True)]
        reached = end
    return tuple(words)
