"""Turns search phrases and headings into well-formed English questions."""

import re
from collections.abc import Iterable

from nightdesk.providers.text.offline.phrases import QUESTION, is_plural, lower_first, sentence_case
from nightdesk.providers.text.offline.statements import base_form, complement, is_several, subject_of
from nightdesk.providers.text.offline.words import STOP, listed, subject_stems, words

_AUXILIARY = listed("is are was do does did can could should will would must may")
_ASKER = re.compile(r"\b(?:do|does|can|should|will|is|are) (?:i|you|we|it|they|my|your)\b", re.I)
_HOW_MUCH = re.compile(r"^how (?:much|many)\b", re.I)
_ASKED = re.compile(r"^(how(?= )|why|when|what|where)((?:(?<=how) (?:long|often|hot|big|old))?) (.+)$", re.I)
_TO_DO = re.compile(r"^(how(?: often| long)?|when|where) to (.+)$", re.I)
_WHICH_TO = re.compile(r"^(which|what) ((?!not\b|can\b|should\b)[\w -]+?) to (\w+(?: \w+)*)$", re.I)
_SECOND_HALF = re.compile(r" and (?:what|how|why|where|when)\b.*$", re.I)
_NAMED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(form, re.I), question)
    for form, question in (
        (r"^common (.+s)$", "What are common {0}?"),
        (r"^(temperature|moisture|food|light|space|size|soil|water) for (.+)$", "What {0} is right for {1}?"),
        (r"^(kinds|types) of (.+)$", "What {0} of {1} are there?"),
        (r"^(rules|signs|causes|benefits|risks) of (.+)$", "What are the {0} of {1}?"),
        (r"^([\w -]+s) that ((?!is\b|are\b)\w+ .+)$", "Which {0} {1}?"),
        (r"^([\w -]+s) that (are .+)$", "Which {0} {1}?"),
        (r"^([\w -]+) compared with (.+)$", "How {do} {0} compare with {1}?"),
    )
)
_SHORTEST = 3
_GAP = re.compile(r"[\s-]")


def questions_in(phrases: Iterable[str]) -> list[str]:
    """The phrases that are questions, spelled as such; two that ask the same are one (`egg shells`)."""
    found: dict[str, tuple[str, frozenset[str], str]] = {}
    for phrase in phrases:
        question = as_question(phrase)
        letters = _GAP.sub("", question.casefold())
        opening, named = question.partition(" ")[0].casefold(), frozenset(subject_stems(question))
        asked = any(opening == o and (named <= n or n <= named) for o, n, _ in found.values())
        if question and not asked and letters not in found:
            found[letters] = opening, named, question
    return [question for _, _, question in found.values()]


def as_question(phrase: str) -> str:
    """A search phrase or heading as a question; empty where it is none and cannot be turned into one."""
    bare = _SECOND_HALF.sub("", phrase.strip().rstrip("?.! "))
    if len(words(bare)) < _SHORTEST:
        return ""
    if not QUESTION.match(bare):
        return _from_name(bare)
    chosen = _WHICH_TO.match(bare)
    if chosen:
        return sentence_case(f"{chosen[1]} {chosen[2]} should you {chosen[3]}?")
    to_do = _TO_DO.match(bare)
    if to_do:
        return sentence_case(f"{to_do[1]} {'should' if ' ' in to_do[1] else 'do'} you {to_do[2]}?")
    turned = bare if _is_inverted(bare) else _inverted(bare)
    return f"{sentence_case(turned)}?" if turned else ""


def _from_name(heading: str) -> str:
    """`Kinds of compost bins` → `What kinds of compost bins are there?`"""
    for form, question in _NAMED:
        found = form.match(heading)
        if found:
            given = [lower_first(part) for part in found.groups()]
            return sentence_case(question.format(*given, do="do" if is_plural(given[0]) else "does"))
    return ""


def _is_inverted(bare: str) -> bool:
    """True where an auxiliary already stands before the subject, or asks at the start."""
    parts = bare.casefold().split()
    if parts[0] in _AUXILIARY or parts[0] in {"which", "who"} or parts[1] in _AUXILIARY:
        return True
    if _HOW_MUCH.match(bare) or _ASKER.search(bare):
        return any(part in _AUXILIARY for part in parts[2:-1])
    return parts[2] in _AUXILIARY and parts[1] not in STOP and len(parts) > _SHORTEST


def _inverted(bare: str) -> str:
    """`How long composting takes` → `How long does composting take`; empty where no verb is found."""
    asked = None if _HOW_MUCH.match(bare) else _ASKED.match(bare)
    found = (subject_of(f"{asked[3]} …") or _by_ending(asked[3])) if asked else None
    if not asked or not found:
        return ""
    subject, verb = found
    rest = complement(f"{asked[3]} …", found).rstrip(" …")
    opening = f"{asked[1]}{asked[2]}"
    if verb in _AUXILIARY:
        return f"{opening} {verb} {lower_first(subject)} {rest}".strip()
    helper = "do" if base_form(verb) == verb else "does"
    return f"{opening} {helper} {lower_first(subject)} {base_form(verb)} {rest}".strip()


def _by_ending(rest: str) -> tuple[str, str] | None:
    """The last word as the verb, where its number agrees with what stands before it (`worms reproduce`)."""
    subject, _, verb = rest.rpartition(" ")
    agrees = subject and is_several(subject) != verb.endswith("s") and verb.isalpha()
    return (subject, verb) if agrees and len(subject.split()) < _SHORTEST else None
