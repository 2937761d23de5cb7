"""The looks that captions come in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

Highlight = Literal["none", "word", "sweep"]
"""What is coloured: nothing, the word being said, or all that was said of the phrase."""


@dataclass(frozen=True)
class Style:
    """How captions look; sizes as shares of the frame's shorter side, colours as `#rrggbb`."""

    size: float
    highlight: Highlight
    text: str = "#ffffff"
    accent: str = "#ffd60a"
    edge: str = "#000000"
    outline: float = 0.006
    box: bool = False
    most_words: int = 12
    lines: int = 2


STYLES: Mapping[str, Style] = {
    "clean": Style(0.074, "word"),
    "box": Style(0.066, "word", edge="#101418", outline=0.014, box=True),
    "pop": Style(0.092, "word", outline=0.009, most_words=3, lines=1),
    "sweep": Style(0.074, "sweep"),
    "plain": Style(0.056, "none"),
}


def style(name: str, accent: str | None = None) -> Style:
    """The style of that name in the site's accent colour. Raises KeyError for a name it does not know."""
    found = STYLES[name]
    return replace(found, accent=accent) if accent else found
