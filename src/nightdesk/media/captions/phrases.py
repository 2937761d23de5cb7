"""Groups words into phrases that are shown together, and breaks each into lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nightdesk.media.captions.words import Word

PAUSE = 0.35
"""Seconds of silence after which a new phrase begins."""

LINGER = 0.30
"""Seconds that a phrase stays after its last word, where the next does not come sooner."""

SHORTEST = 0.40
_ENDS = ".!?…。！？؟।"
_HALTS = ",;:–—،、，；："
_CLOSING = "\"'”’»)]」』）"


@dataclass(frozen=True)
class Phrase:
    """Words shown together, in lines, from `start` to `end` seconds of the scene."""

    lines: tuple[tuple[Word, ...], ...]
    start: float
    end: float

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for line in self.lines for word in line)

    @property
    def texts(self) -> tuple[str, ...]:
        """What each line says."""
        return tuple(said(line) for line in self.lines)


def said(words: Sequence[Word]) -> str:
    """The words as one text."""
    text = "".join(("" if word.joined else " ") + word.text for word in words)
    return text.strip()


@dataclass(frozen=True)
class Column:
    """The room for a phrase: a width in pixels, how many lines, how many words at the most."""

    width: float
    lines: int
    most_words: int
    measure: Callable[[str], float]

    def broken(self, words: Sequence[Word]) -> list[list[Word]]:
        """The words in lines, filled one after another."""
        lines: list[list[Word]] = []
        for word in words:
            if lines and self.measure(said([*lines[-1], word])) <= self.width:
                lines[-1].append(word)
            else:
                lines.append([word])
        return lines

    def fits(self, words: Sequence[Word]) -> bool:
        spoken = sum(not word.joined for word in words)
        return spoken <= self.most_words and len(self.broken(words)) <= self.lines

    def balanced(self, words: Sequence[Word]) -> list[list[Word]]:
        """The same number of lines, the widest as narrow as can be; two lines break after a comma if near."""
        lines = self.broken(words)
        if len(lines) != 2:
            return lines

        def cost(at: int) -> float:
            first, second = self.measure(said(words[:at])), self.measure(said(words[at:]))
            wide = max(first, second)
            return wide * (0.8 if _halts(words[at - 1]) else 1.0) + 1e9 * (wide > self.width)

        at = min(range(1, len(words)), key=cost)
        return [list(words[:at]), list(words[at:])]


def phrases(words: Sequence[Word], column: Column, seconds: float) -> list[Phrase]:
    """The phrases of a scene of so many `seconds`; none outlasts it, none overlaps the next."""
    groups = _grouped([word for word in words if word.start < seconds], column)
    found: list[Phrase] = []
    for index, group in enumerate(groups):
        start = max(group[0].start, 0.0)
        after = groups[index + 1][0].start if index + 1 < len(groups) else seconds
        end = min(max(group[-1].end + LINGER, start + SHORTEST), after, seconds)
        if end > start:
            found.append(Phrase(tuple(tuple(line) for line in column.balanced(group)), start, end))
    return found


def _grouped(words: Sequence[Word], column: Column) -> list[list[Word]]:
    groups: list[list[Word]] = []
    for word in words:
        last = groups[-1] if groups else None
        if last is None or _parts(last[-1], word) or not column.fits([*last, word]):
            if last is not None and not _parts(last[-1], word):
                groups[-1:] = _split_at_comma(last)
                if len(groups) > 1 and column.fits([*groups[-1], word]) and groups[-1] is not last:
                    groups[-1].append(word)
                    continue
            groups.append([word])
        else:
            last.append(word)
    return groups


def _parts(before: Word, after: Word) -> bool:
    """Whether a new phrase begins between two words."""
    ended = before.text.rstrip(_CLOSING)[-1:] in tuple(_ENDS)
    return after.start - before.end >= PAUSE or (ended and not (after.joined and after.text in _CLOSING))


def _halts(word: Word) -> bool:
    return word.text.rstrip(_CLOSING)[-1:] in tuple(_HALTS)


def _split_at_comma(words: list[Word]) -> list[list[Word]]:
    """A full phrase, broken after the last comma of its second half, if there is one."""
    for at in range(len(words) - 1, len(words) // 2, -1):
        if _halts(words[at - 1]):
            return [words[:at], words[at:]]
    return [words]
