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
_CAN = re.compile(r"^(can|could|should|may) (?:you|i|we) (?!use\b|get\b|buy\b)(\w+) \w+")
_VERSUS = re.compile(r"^(\w+(?: \w+)?) (?:vs\.?|versus) \w+")
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
    """What a search shares with its like: `can you compost bread` → `can you compost …`, `compost vs …`.

    Empty for phrases of another form, and for comparisons of something that is the site's subject in no part.
    """
    low = phrase.casefold()
    can, versus = _CAN.match(low), _VERSUS.match(low)
    if can:
        return f"{can[1]} you {can[2]} …"
    if versus and all(word in STOP or stem(word) in common for word in versus[1].split()):
        return f"{versus[1]} vs …"
    return ""


def name_of_frame(frame: str) -> str:
    """A name for all that shares a frame: `can you compost …` → `Things you can compost`."""
    parts = frame.removesuffix(" …").split()
    if parts[-1:] == ["vs"]:
        return f"{sentence_case(' '.join(parts[:-1]))} compared with its alternatives"
    return f"Things you can {parts[-1]}" if frame else ""
