"""Lets consecutive English statements about one thing flow: a repeated subject becomes a pronoun."""

import re
from collections.abc import Sequence

from nightdesk.providers.text.offline.phrases import is_plural
from nightdesk.providers.text.offline.statements import pronoun, subject_of

_CONTRAST = re.compile(r"\b(?:while|whereas|than|but|unlike)\b")
"""After these another thing has been named, and a pronoun would point at that."""
_AGAIN = re.compile(r", (and|but|so|because|while) ")


def flowing(said: Sequence[str]) -> list[str]:
    """The sentences of one paragraph, where a subject repeated at once is replaced by `It` or `They`.

    Never twice in a row, so that the reader always has the noun close by. Nothing else is changed.
    """
    out: list[str] = []
    kept = ""
    for text in said:
        found = subject_of(text)
        subject, verb = found if found else ("", "")
        within = _within(text, subject) if subject else text
        if subject and subject.casefold() == kept.casefold() and len(subject.split()) < 7:
            out.append(f"{pronoun(subject, verb)}{within[len(subject) :]}")
            kept = ""
        else:
            out.append(within)
            kept = subject if _can_be_replaced(subject) and not _CONTRAST.search(text) else ""
    return out


def _within(text: str, subject: str) -> str:
    """A subject said again in the second half of its own sentence becomes a pronoun there."""
    for mark in _AGAIN.finditer(text):
        rest = text[mark.end() :]
        if rest.casefold().startswith(f"{subject.casefold()} ") and len(subject) > 3:
            found = subject_of(rest)
            if found and found[0].casefold() == subject.casefold():
                stand_in = pronoun(subject, found[1]).lower()
                return f"{text[: mark.end()]}{stand_in}{rest[len(subject) :]}"
    return text


def _can_be_replaced(subject: str) -> bool:
    """Quantities and choices (`Most`, `Some`, `No`) are not things that a pronoun can stand for."""
    first = subject.split(" ", 1)[0].casefold() if subject else ""
    counted = {
        "most",
        "some",
        "many",
        "no",
        "each",
        "every",
        "any",
        "all",
        "about",
        "one",
        "two",
        "three",
        "half",
    }
    indefinite = first in {"a", "an"} and is_plural(subject)
    return bool(first) and first not in counted and not indefinite
