"""Fits text into a box: the largest size at which it stands whole, in lines of like length.

What is fitted is never clipped: a block's size is that of its ink, not of the font's nominal box.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from nightdesk.media.typesetting.breaking import (
    Token,
    balanced,
    broken,
    shortened,
    softened,
    tokens,
)
from nightdesk.media.typesetting.runs import reads_right_to_left
from nightdesk.media.typesetting.setting import Block, Setter, Style

_COMFORTABLE = 0.55
_OPEN = 0.8
"""Ems that the first and the last line may leave of their leading; a block's true height is checked later."""

_REFERENCE = 200


@dataclass(frozen=True)
class Box:
    """Room for a text, in pixels; `largest` and `smallest` are sizes in pixels an em."""

    width: float
    height: float
    largest: int
    smallest: int
    most_lines: int = 9


def fitted(setter: Setter, text: str, style: Style, box: Box) -> Block:
    """The largest setting of `text` within `box`.

    Words are parted only where leaving them whole would make the text smaller than 55 % of the largest
    size; an ellipsis comes where nothing else helps.
    """
    return _Fitting(setter, text, style, box).best()


class _Fitting:
    def __init__(self, setter: Setter, text: str, style: Style, box: Box) -> None:
        self.setter, self.style, self.box = setter, style, box
        self.words = tokens(text)
        self.rtl = reads_right_to_left(text)
        self._widths: dict[str, float] = {}

    def best(self) -> Block:
        largest, smallest = self.box.largest, min(self.box.smallest, self.box.largest)
        comfortable = max(round(largest * _COMFORTABLE), smallest)
        return (
            self._largest(range(comfortable, largest + 1), parted=False)
            or self._largest(range(smallest, largest + 1), parted=True)
            or self._cut(smallest)
        )

    def _largest(self, sizes: range, parted: bool) -> Block | None:
        low, high = sizes.start, sizes.stop - 1
        best: Block | None = None
        while low <= high:
            size = (low + high) // 2
            tried = self._at(size, parted)
            if tried is None:
                high = size - 1
            else:
                best, low = tried, size + 1
        return best

    def _at(self, size: int, parted: bool) -> Block | None:
        measure = self._measure(size)
        pieces = self._parted(measure) if parted else self.words
        texts = broken(pieces, self.box.width, measure)
        if texts is None or len(texts) > self.box.most_lines:
            return None
        if len(texts) * size * self.style.leading > self.box.height + size * _OPEN:
            return None
        block = self._block(balanced(pieces, self.box.width, measure) or texts, size)
        return block if block.height <= self.box.height and block.width <= self.box.width else None

    def _cut(self, size: int) -> Block:
        measure = self._measure(size)

        def fits(kept: list[Token]) -> bool:
            texts = broken(kept, self.box.width, measure)
            return (
                texts is not None
                and len(texts) <= self.box.most_lines
                and self._block(texts, size).height <= self.box.height
            )

        kept = shortened(self._parted(measure), fits)
        texts = balanced(kept, self.box.width, measure) or [kept[0].text]
        return replace(self._block(texts, size), truncated=True)

    def _parted(self, measure: Callable[[str], float]) -> list[Token]:
        return softened(self.words, self.box.width, measure, self.setter.language)

    def _block(self, texts: list[str], size: int) -> Block:
        return self.setter.block(texts, self.style, size, self.rtl)

    def _measure(self, size: int) -> Callable[[str], float]:
        """Widths by adding up words, quick and close; what is set in the end is measured as a whole."""

        def width(text: str) -> float:
            words = text.split(" ")
            return size * (sum(map(self._ems, words)) + self._ems(" ") * (len(words) - 1))

        return width

    def _ems(self, word: str) -> float:
        if word not in self._widths:
            self._widths[word] = self.setter.width(word, self.style, _REFERENCE) / _REFERENCE
        return self._widths[word]
