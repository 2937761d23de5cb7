"""Originality: how much of a text stands in the site's other pieces, and what it says twice itself."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nightdesk.kit.text import sentences, shorten
from nightdesk.quality.fingerprints import runs
from nightdesk.quality.report import CheckReport, Finding, Severity
from nightdesk.quality.words import words

_LONG_ENOUGH = 6
_COPY, _CLOSE, _NOTED = 0.5, 0.2, 0.08


@dataclass(frozen=True)
class _Likeness:
    piece: object
    title: str
    runs: float
    """Share of the text's runs of five words that the other piece holds too."""
    shared: tuple[str, ...]
    """Sentences that stand in both, word for word."""
    sentence_share: float

    @property
    def share(self) -> float:
        return max(self.runs, self.sentence_share)


def check(text: str, others: Iterable[tuple[object, str, str]]) -> CheckReport:
    """Compares `text` with `others`, each `(id, title, text)`; the score is 100 less the closest share.

    Runs of five words are compared exactly, so each piece costs one to two milliseconds: of a large library
    hand in the few that `fingerprints.nearest` names.
    """
    spoken = _spoken(text)
    first: dict[str, str] = {}
    for sentence, key in spoken:
        first.setdefault(key, sentence)
    compare = _Comparison(text, first)
    closest = max(
        (compare.with_piece(*other) for other in others), key=lambda found: found.share, default=None
    )
    repeated = {key: count for key, count in Counter(key for _, key in spoken).items() if count > 1}
    findings = [*_about(closest), *_repetitions(first, repeated)]
    share = closest.share if closest else 0.0
    penalty = min(40, 8 * sum(count - 1 for count in repeated.values()))
    facts = {"closest": _described(closest), "repeated_sentences": sum(n - 1 for n in repeated.values())}
    return CheckReport("originality", max(0, round(100 * (1 - share)) - penalty), findings, facts)


class _Comparison:
    """The runs and sentences of one text, ready to be looked for in others."""

    def __init__(self, text: str, spoken: Mapping[str, str]) -> None:
        """`spoken`: its sentences by the folded words they consist of."""
        self._runs, _ = _read(text)
        self._spoken = spoken

    def with_piece(self, piece: object, title: str, text: str) -> _Likeness:
        theirs, whole = _read(text)
        found = np.isin(self._runs, theirs, assume_unique=True).sum()
        shared = tuple(sentence for key, sentence in self._spoken.items() if f" {key} " in whole)
        in_runs = float(found) / max(self._runs.size, 1)
        return _Likeness(piece, title, in_runs, shared, len(shared) / max(len(self._spoken), 1))


# The pieces of a night are compared with the same few again and again.
@lru_cache(maxsize=256)
def _read(text: str) -> tuple[NDArray[np.uint64], str]:
    """The runs of a text, and its folded words one after the other."""
    said = words(text)
    return runs(said), f" {' '.join(said)} "


def read_ahead(text: str) -> None:
    """Does now what `check` needs of the text itself, so that it is quick when others wait for it."""
    _read(text)
    _spoken(text)


@lru_cache(maxsize=64)
def _spoken(text: str) -> list[tuple[str, str]]:
    """The sentences of at least six words, each with the folded words it consists of."""
    split = ((sentence, words(sentence)) for sentence in sentences(text))
    return [(sentence, " ".join(said)) for sentence, said in split if len(said) >= _LONG_ENOUGH]


def _about(closest: _Likeness | None) -> Iterable[Finding]:
    if closest is None or closest.share < _NOTED:
        return
    severity: Severity = "info"
    advice = "fine if it is a standing phrase"
    if closest.share >= _COPY:
        severity, advice = "serious", "do not publish both: rewrite it from another angle or merge the two"
    elif closest.share >= _CLOSE:
        severity, advice = "warning", "rewrite the shared passages or link to that piece instead"
    message = f"{round(100 * closest.share)} % of it stands in “{closest.title}” already: {advice}."
    yield Finding(
        "close_to_own_piece", severity, message, shorten(closest.shared[0], 160) if closest.shared else ""
    )


def _repetitions(first: Mapping[str, str], repeated: Mapping[str, int]) -> Iterable[Finding]:
    for key, count in repeated.items():
        message = f"This sentence stands here {count} times: keep one."
        yield Finding("repeated_sentence", "warning", message, shorten(first[key], 160))


def _described(closest: _Likeness | None) -> dict[str, Any] | None:
    if closest is None:
        return None
    return {
        "id": closest.piece,
        "title": closest.title,
        "shared_runs": round(closest.runs, 4),
        "shared_sentences": round(closest.sentence_share, 4),
    }
