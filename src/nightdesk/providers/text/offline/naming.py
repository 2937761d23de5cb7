"""Names for clusters: the searched phrase as an editor would head it."""

import re
from collections.abc import Iterable

from nightdesk.providers.text.offline.phrases import QUESTION, plural, sentence_case

_BARE = re.compile(
    r"^(?:the )?(?:best|top(?: \d+)?|cheap(?:est)?|good|buy|diy)\s+"
    r"|\s+(?:for sale|near me|reviews?|online|prices?)$",
    re.I,
)
_CASED = re.compile(r"\b(?=\w*[A-Z])(?=\w*[a-z]?)\w*[A-Z]\w*\b")


def topic_of(phrase: str) -> str:
    """The phrase without the words that only say what form is wanted: `best compost bin` → `compost bin`."""
    bare = _BARE.sub("", phrase.strip().rstrip("?"))
    again = _BARE.sub("", bare)
    return again or phrase.strip()


def cluster_name(representative: str, examples: Iterable[str]) -> str:
    """The name in sentence case: acronyms kept, what can be counted in the plural, questions as they are."""
    known = frozenset(
        word for text in (representative, *examples) for word in _CASED.findall(text) if not text.istitle()
    )
    phrase = topic_of(representative)
    asked = QUESTION.match(phrase) or " vs" in phrase.casefold()
    return sentence_case(phrase if asked else plural(phrase), known)
