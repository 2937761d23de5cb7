"""The captions of one scene: laid out once, then cut for a segment or written as text."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from nightdesk.media.captions.lettering import Lettering
from nightdesk.media.captions.phrases import Column, Phrase, phrases
from nightdesk.media.captions.safe_areas import Area, safe_area
from nightdesk.media.captions.styles import Style
from nightdesk.media.captions.words import Word, parted, tidied


@dataclass(frozen=True)
class Layout:
    """Where and how captions stand on frames of `width` x `height` pixels."""

    width: int
    height: int
    style: Style
    language: str = "en"
    platforms: Collection[str] = ("youtube", "instagram", "tiktok")

    @property
    def em(self) -> float:
        """Pixels of an em."""
        return self.style.size * min(self.width, self.height)

    @property
    def edge(self) -> float:
        """Pixels of the outline, or of the box around the letters."""
        return max(1.0, self.style.outline * min(self.width, self.height))

    @property
    def area(self) -> Area:
        """Where letters and their edges may be: inside the safe area, around the frame's middle."""
        safe = safe_area(self.width, self.height, self.platforms)
        side = max(safe.left, self.width - safe.right)
        return Area(side, safe.top, self.width - side, safe.bottom)


@dataclass(frozen=True)
class Sheet:
    """A scene's phrases as they are shown, and `missing`: the characters that no font has."""

    layout: Layout
    phrases: tuple[Phrase, ...]
    missing: frozenset[str] = frozenset()


def laid_out(words: Sequence[Word], seconds: float, layout: Layout, lettering: Lettering) -> Sheet:
    """The captions of a scene of so many `seconds`."""
    room = layout.area.width - 2 * layout.edge

    def measure(text: str) -> float:
        return lettering.width(text, layout.em)

    tidy = tidied(words)
    missing = lettering.missing("".join(word.text for word in tidy))
    whole = parted(tidy, room, measure, layout.language)
    column = Column(room, layout.style.lines, layout.style.most_words, measure)
    return Sheet(layout, tuple(phrases(whole, column, seconds)), frozenset(missing))
