"""Sentences of the sources: measured, and judged by whether they can stand alone."""

import re
from dataclasses import dataclass

from nightdesk.providers.text.offline.lexicon import marks_of
from nightdesk.providers.text.offline.words import stems, terms, words

_LEANS = re.compile(
    r"(?:this|that|these|those|it|they|he|she|its|their|them|such|both|neither|either|however|but|yet|therefore"
    r"|thus|hence|also|instead|otherwise|likewise|similarly|moreover|furthermore|besides|meanwhile|afterwards?"
    r"|then|next|finally|second|secondly|third|thirdly|another|others?|and|or|so|still|even so|for example"
    r"|for instance|in addition|in contrast|by contrast|in turn|as a result|on the other hand|here|doing so"
    r"|(?:at|after|before|with|for|in|on|from|because of|like|unlike|once|if|when|all of|most of|some of"
    r"|one of"
    r"|each of|both of) (?:this|that|these|those|it|they|them)"
    r"|the (?:same|latter|former|second|third|other|others|result|reason|rest|two|three|study|authors?|report"
    r"|survey|researchers?|difference|above|following))\b(?!['’]?s own)",
    re.I,
)
_LOST = re.compile(
    r"\b(?:see (?:also|below|above|table|figure|section|page)|(?:table|figure|fig\.|section|chapter) \d"
    r"|this (?:article|guide|page|leaflet|post|section|chapter|fact sheet)|click (?:here|on|the|below)"
    r"|subscribe|newsletter|sign up|cookies?|all rights reserved|privacy policy|read more|system prompt"
    r"|as an ai|language model|(?:ignore|disregard) (?:all|any|the|your|previous))\b"
    r"|https?://|www\.|©|@\w",
    re.I,
)
_FIGURE = re.compile(
    r"(?<![\w.,:])[£$€¥]?\s?\d+(?:[.,:]\d+)*(?:\s?(?:%|°[CF]?))?(?![\w])|(?<![\w.,:])\d+(?=-(?:day|inch|gallon|foot|week))"
)
_YEAR = re.compile(r"(?:1[6-9]|20)\d\d")


@dataclass(frozen=True)
class Sentence:
    """One sentence of a source, as plain text, with what is needed to weigh it."""

    text: str
    document: int
    block: int
    place: int
    stems: frozenset[str]
    terms: frozenset[str]
    """Its stems, pairs of neighbouring stems, and marks of the aspects it gives a figure for."""
    figures: tuple[str, ...]
    leans: bool
    """True where it means nothing without the sentence before it."""

    @property
    def length(self) -> int:
        """Words in it."""
        return len(words(self.text))


def figures(text: str) -> tuple[str, ...]:
    """The numbers that say something: no years, no numbers inside names (`PM2.5`, `D6400`)."""
    return tuple(found.strip() for found in _FIGURE.findall(text) if not _YEAR.fullmatch(found.strip()))


def weigh(text: str, document: int, block: int, place: int) -> Sentence:
    """The sentence with its terms, figures and whether it leans on the one before."""
    found = terms(text) | frozenset(marks_of(text))
    leans = bool(_LEANS.match(text))
    return Sentence(text, document, block, place, frozenset(stems(text)), found, figures(text), leans)


def speaks(text: str) -> bool:
    """True for a whole statement that makes sense in another place than the one where it stood."""
    if text.endswith(("?", ":")) or not text.endswith((".", "!", "”", '"', ")", "…")):
        return False
    return 4 <= len(words(text)) <= 60 and not _LOST.search(text)
