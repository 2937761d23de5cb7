"""The layouts of a card: each draws on a canvas; one line here for each."""

from collections.abc import Callable, Mapping

from nightdesk.providers.images.cards.canvas import Canvas, Words
from nightdesk.providers.images.cards.layouts.figure import figure, leading_figure
from nightdesk.providers.images.cards.layouts.gradient import gradient
from nightdesk.providers.images.cards.layouts.headline import headline
from nightdesk.providers.images.cards.layouts.hills import hillside
from nightdesk.providers.images.cards.layouts.pattern import pattern, wordless
from nightdesk.providers.images.cards.layouts.quote import quote, spoken
from nightdesk.providers.images.cards.layouts.split import split

Layout = Callable[[Canvas], None]

LAYOUTS: Mapping[str, Layout] = {
    "headline": headline,
    "split": split,
    "pattern": pattern,
    "gradient": gradient,
    "hills": hillside,
    "figure": figure,
    "quote": quote,
    "wordless": wordless,
}
GENERAL = ("headline", "split", "pattern", "gradient", "hills")


def suited(words: Words) -> tuple[str, ...]:
    """The names of the layouts that suit what the card says; the first of them most."""
    if not words.title:
        return ("wordless",)
    special = [name for name, suits in (("figure", leading_figure), ("quote", spoken)) if suits(words.title)]
    return (*special, *GENERAL)
