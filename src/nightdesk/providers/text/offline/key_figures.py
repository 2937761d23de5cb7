"""A table of the figures that an article has not told yet, each with the sentence that it stands in."""

import re

from nightdesk.providers.text.offline.compilation import Compilation
from nightdesk.providers.text.offline.draft import Cell, Heading, Part, Table
from nightdesk.providers.text.offline.facts import value_in
from nightdesk.providers.text.offline.lexicon import marks_of
from nightdesk.providers.text.offline.sentences import Sentence
from nightdesk.providers.text.offline.shapes.variants import one_of

_FEWEST, _MOST = 3, 6
_RELEVANT, _LONGEST, _LONGEST_VALUE = 0.4, 24, 7
_BEYOND = re.compile(
    r" (?:by|of|in|for|with|on|from|after|before|are|and|within|near|can|have|do|[a-z]+s) (?!.*\)).*$"
)
_FITS = 0.6
_TITLES = ("In figures", "More figures worth having", "Measured and counted", "The numbers beside it")


def key_figures(work: Compilation) -> list[Part]:
    """The table with its heading; nothing where fewer than three figures are left to tell."""
    rows: dict[str, Sentence] = {}
    for sentence in sorted(work.scores, key=lambda s: -work.scores[s]):
        value = _value(sentence)
        block = work.blocks[sentence.block]
        said = not sentence.leans and block.kind == "prose" and work.fit.of(block) >= _FITS
        relevant = said and work.scores[sentence] >= _RELEVANT
        if relevant and value and value not in rows and sentence not in work.spent and len(rows) < _MOST:
            rows[value] = sentence
            work.spent.add([sentence])
    if len(rows) < _FEWEST or not work.english:
        return []
    told = sorted(rows.items(), key=lambda row: (row[1].document, row[1].block, row[1].place))
    table = Table(("Figure", "What it says"), tuple((Cell(v), Cell(s.text, (s.document,))) for v, s in told))
    return [Heading(one_of(_TITLES, work.article.title)), table]


def _value(sentence: Sentence) -> str:
    """The figure of a short sentence that has one with a unit, without what it is a figure of; else empty."""
    value = _BEYOND.sub("", value_in(sentence.text))
    fits = sentence.figures and sentence.length <= _LONGEST and len(value.split()) <= _LONGEST_VALUE
    return value if fits and marks_of(value) else ""
