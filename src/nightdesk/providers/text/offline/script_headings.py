"""Names the scenes of a compiled script: each by what it says itself, no two alike."""

import re
from collections.abc import Iterator, Sequence

from nightdesk.media.typesetting.eastern import is_eastern, phrases
from nightdesk.providers.text.offline.phrases import QUESTION
from nightdesk.providers.text.offline.script_room import Said
from nightdesk.providers.text.offline.statements import subject_of

MOST_WORDS, LONGEST = 7, 46
"""What is read at a glance, as a card shows it."""

_MOST_IDEOGRAPHS = 14
_LEAST = 2
"""Words of a heading that tells something."""
_OPENING = re.compile(
    r"^(?:first|firstly|second|secondly|third|then|next|after that|finally|lastly|number \w+)[,.:]?\s+", re.I
)
_ASIDE = re.compile(
    r"^(?:[A-Z][\w'’-]*(?: [\w'’-]+){0,5}), (?=\w)(?!or |and |but |because |while |so |which )"
)
_CLAUSE = re.compile(r"\s*[,;:–—]\s|\s(?:because|while|whereas|so|although|though|but)\s")
_BOUND = re.compile(
    r"\s(?:that|which|who|whose|where|when|if|unless|until|before|after|once|since|as|than)\s"
)
"""What may not be left away: without it the statement would say more than its source does."""
_JOINED = re.compile(r"\s(?:and|or|plus)\s")
_ADDED = re.compile(
    r"\s(?:in|on|at|by|from|during|through|across|around|near)\s"
    r"(?:(?!\s(?:in|on|at|by|from|during|through|across|around|near)\s).)*$"
)
"""The last phrase that says where, when or by what."""
_CUT_LIST = re.compile(r"\b(?:an?|the)\s[\w-]+, (?!because|while|whereas|so|although|though|but|and)", re.I)
"""A noun's first adjective where a comma and a second one follow."""
_OPEN_END = re.compile(
    r"(?:^|\s)(?:a|an|the|and|or|of|in|on|at|to|for|with|by|from|is|are|was|were|be|been|has|have|can|may|must|should"
    r"|will|not|no|than|as|about|only|just|up|out|each|every|its|their|makes?|means?|keeps?|allows?|lets?|gives?)$",
    re.I,
)
_LEANING = re.compile(
    r"^(?:it|they|this|these|those|that|he|she|such|there|here|both|either|neither)\b", re.I
)
_HALTS = re.compile(r"[,;:.!?،؛؟。、，；：！？]")


def headings(title: str, scenes: Sequence[Said], language: str) -> list[str]:
    """A heading for each scene: the source's own for the first that stands under it, else one of its words.

    A heading that cannot be read at a glance comes after what can. None repeats the title, which stands over
    the hook, and none another heading.
    """
    used, found = {_folded(title)}, list[str]()
    for said in scenes:
        names = sorted(filter(None, (said.heading, *_own(said, language))), key=_too_long)
        name = next(
            (name for name in names if not any(f" {_folded(name)} " in f" {one} " for one in used)), ""
        )
        used.add(_folded(name))
        found.append(name)
    return found


def _too_long(name: str) -> int:
    """Whole names that are read at a glance first, then whole ones, then those that are cut."""
    return 2 if name.endswith("…") else int(not _fits(name))


def _folded(name: str) -> str:
    return " ".join(name.casefold().rstrip(" .:?…").split())


def _own(said: Said, language: str) -> Iterator[str]:
    """Headings made of what a scene says, the best first."""
    if language.startswith("en"):
        for line in said.lines:
            yield from _english(_OPENING.sub("", line.says).rstrip(".!? "), line.step)
    for says in (*(line.says for line in said.lines), said.says):
        yield _beginning(says)


def _english(sentence: str, bids: bool) -> Iterator[str]:
    """The statement without what is added to it, then what it is on; nothing where it leans on another."""
    for text in (sentence, _ASIDE.sub("", sentence)):
        if not _LEANING.match(text) and not QUESTION.match(text) and (told := _told(text, bids)):
            yield _capital(told)
    found = subject_of(sentence)
    thing = re.sub(r"^(?:an?|the) ", "", found[0], flags=re.I) if found else ""
    if len(thing.split()) >= _LEAST and _fits(thing) and not _LEANING.match(thing):
        yield _capital(thing)


def _told(sentence: str, bids: bool) -> str:
    """The main clause in seven words at the most; empty where it cannot be said in so few, or not truly."""
    found = subject_of(sentence)
    if not found and not bids:
        return ""
    text = _CLAUSE.split(sentence, maxsplit=1)[0]
    if _BOUND.search(text) or _CUT_LIST.search(sentence, 0, len(text) + 12):
        return ""
    subject = len(found[0]) if found else 0
    while not _fits(text) or _OPEN_END.search(text):
        less = _ADDED.sub("", text)
        if less == text and (joined := _JOINED.search(text, subject)):
            less = text[: joined.start()]
        if less == text:
            return ""
        text = less
    least = len(sentence[:subject].split()) + 2 if found else _LEAST
    return text if len(text.split()) >= least else ""


def _beginning(says: str) -> str:
    """The first words up to a stop, with an ellipsis where they end before it."""
    whole = _OPENING.sub("", says).strip()
    text = _HALTS.split(whole, maxsplit=1)[0].strip()
    if any(map(is_eastern, text[:4])) and " " not in text:
        return _letters(text)
    text = text if len(text.split()) > _LEAST else whole.rstrip(".!?")
    words, kept = text.split(), list[str]()
    for word in words[:MOST_WORDS]:
        if kept and len(" ".join([*kept, word])) > LONGEST - 1:
            break
        kept.append(word)
    return _capital(" ".join(kept)) + ("" if len(kept) == len(words) else "…")


def _letters(text: str) -> str:
    kept = ""
    for phrase in phrases(text):
        if kept and len(kept + phrase) > _MOST_IDEOGRAPHS:
            return kept + "…"
        kept += phrase
    return kept


def _fits(text: str) -> bool:
    return len(text.split()) <= MOST_WORDS and len(text) <= LONGEST


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
