"""Names for clusters: the searched phrase as an editor would head it."""

import re
from collections.abc import Iterable

from nightdesk.providers.text.offline.phrases import QUESTION, gerund, plural, sentence_case
from nightdesk.providers.text.offline.words import STOP, stem

_BARE = re.compile(
    r"^(?:the )?(?:best|top(?: \d+)?|cheap(?:est)?|good|buy|diy)\s+"
    r"|\s+(?:for sale|near me|reviews?|online|prices?|list)$",
    re.I,
)
FRAMES = frozenset({"vs", "versus", "best", "types", "cost", "price"})
"""Words beside the stop words that belong to a search's frame rather than to its subject."""
_DONE = re.compile(
    r"^(?:how (?:often |long |much |many )?(?:to|(?:do|should|can|would) (?:you|i|we)|does it take to)"
    r"|(?:can|could|should|do|may) (?:you|i|we)) (?!know\b|tell\b|need\b|have\b)(\w+) ?(.*)$",
    re.I,
)
_DEEDS = frozenset({"start", "make", "build", "use", "grow", "clean", "fix", "install", "choose", "improve"})
_NAMED = re.compile(r"^what (?:is|are) (?!the best)(.+)$", re.I)
_WHICH = re.compile(r"^what ((?:can (?:you|i)|not to|should not) .+)$", re.I)
_CASED = re.compile(r"\b(?=\w*[A-Z])(?=\w*[a-z]?)\w*[A-Z]\w*\b")


def topic_of(phrase: str) -> str:
    """The phrase without the words that only say what form is wanted: `best compost bin` → `compost bin`."""
    bare = _BARE.sub("", phrase.strip().rstrip("?"))
    again = _BARE.sub("", bare)
    return again or phrase.strip()


def as_thing(phrase: str) -> str:
    """A search phrase as something one can write about; empty where a question hides what that would be.

    `how to lower soil ph` → `lowering soil ph`, `can you compost bread` → `composting bread`,
    `what is leaf mold` → `leaf mold`; but `why does my compost smell` → empty.
    """
    bare = topic_of(phrase)
    if not QUESTION.match(bare):
        first, _, rest = bare.partition(" ")
        return f"{gerund(first)} {rest}" if rest and first.casefold() in _DEEDS else bare
    done, named, which = _DONE.match(bare), _NAMED.match(bare), _WHICH.match(bare)
    if done:
        return f"{gerund(done[1])} {done[2]}".strip()
    if named:
        return re.sub(r"^(?:an?|the) ", "", named[1])
    return f"things {which[1].replace('can you', 'you can').replace('can i', 'you can')}" if which else ""


def cluster_name(representative: str, examples: Iterable[str], seen: frozenset[str] = frozenset()) -> str:
    """The name in sentence case: acronyms kept, what can be counted in the plural, questions as they are.

    `seen`: every word of the phrases at hand, which show what has a plural.
    """
    known = frozenset(
        word for text in (representative, *examples) for word in _CASED.findall(text) if not text.istitle()
    )
    phrase = topic_of(representative)
    asked = QUESTION.match(phrase) or " vs" in phrase.casefold()
    return sentence_case(phrase if asked else plural(phrase, seen), known)


def frame_of(phrase: str, common: frozenset[str]) -> str:
    """The phrase with what is its own masked: `can you compost bread` → `can you compost …`.

    Empty where all of it is its own, and for frames that gather what has nothing in common (`how to …`).
    """
    parts = phrase.casefold().split()
    kept = ((word, word in STOP or word in FRAMES or stem(word) in common) for word in parts)
    frame = re.sub(r"…(?: …)+", "…", " ".join(word if own else "…" for word, own in kept))
    return frame if "…" in frame and name_of_frame(frame) else ""


def name_of_frame(frame: str) -> str:
    """A name for all that shares a frame: `can you compost …` → `Things you can compost`."""
    can = re.fullmatch(r"(?:can|could|should|do) (?:you|i|we) (?:put )?(\w+) …(?: at home)?", frame)
    versus = re.fullmatch(r"(\w+(?: \w+)?) (?:vs|versus) …", frame)
    if can:
        return f"Things you can {can[1]}"
    return f"{sentence_case(versus[1])} compared with its alternatives" if versus else ""
