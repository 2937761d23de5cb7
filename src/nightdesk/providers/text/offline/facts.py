"""Finds statements built alike (`Straw has a ratio of …`, `Bark has a ratio of …`) and tabulates them."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from nightdesk.providers.text.offline.draft import Cell, Table
from nightdesk.providers.text.offline.lexicon import NUMBER_WORD
from nightdesk.providers.text.offline.phrases import sentence_case
from nightdesk.providers.text.offline.sentences import Sentence
from nightdesk.providers.text.offline.statements import base_form, complement, subject_of
from nightdesk.providers.text.offline.words import stems

_ABOUT = (
    r"(?:about|around|roughly|approximately|up to|at least|at most|at|from|between|nearly|over|under"
    r"|more than|less than|only)"
)
_VALUE = re.compile(rf"(?:{_ABOUT} )*(?:[£$€]?\d|{NUMBER_WORD}\b)", re.I)
_CLAUSE_END = re.compile(
    r"[,;:](?=\s)(?![^(]*\))| (?:because|while|whereas|when|which|so that|but|unless|if|depending)\b"
)
_LEAST, _LONGEST_VALUE = 3, 14


@dataclass(frozen=True)
class Parallel:
    """Statements built alike, as a table, with the sentences that it stands for."""

    table: Table
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class _Statement:
    sentence: Sentence
    subject: str
    verb: str
    shared: str
    value: str


def parallels(sentences: Sequence[Sentence]) -> list[Parallel]:
    """Each family of three or more statements built alike; a sentence belongs to one family at most."""
    found: list[Parallel] = []
    used: set[Sentence] = set()
    for family in _families(sentences):
        rows = [statement for statement in family if statement.sentence not in used]
        if len(rows) >= _LEAST:
            table = Table(_header(rows[0]), tuple(_row(row) for row in rows))
            found.append(Parallel(table, tuple(row.sentence for row in rows)))
            used.update(row.sentence for row in rows)
    return found


def value_in(text: str) -> str:
    """The first figure with what belongs to it: `about 3 to 12 months`, `131°F (55°C)`; else empty."""
    found = _VALUE.search(text)
    if not found:
        return ""
    rest = text[found.start() :].rstrip(".")
    end = _CLAUSE_END.search(rest)
    value = rest[: end.start()] if end else rest
    return value if len(value.split()) <= _LONGEST_VALUE else ""


def _families(sentences: Sequence[Sentence]) -> list[list[_Statement]]:
    by_value: dict[object, list[_Statement]] = defaultdict(list)
    by_subject: dict[object, list[_Statement]] = defaultdict(list)
    for sentence in sentences:
        split = subject_of(sentence.text)
        if not split or sentence.leans:
            continue
        subject, verb = split
        rest = complement(sentence.text, split)
        value = _VALUE.search(rest)
        if value and len(rest[value.start() :].split()) <= _LONGEST_VALUE:
            shared = rest[: value.start()].strip()
            key = (base_form(verb), tuple(stems(shared)))
            by_value[_same_verb(key)].append(
                _Statement(sentence, subject, verb, shared, rest[value.start() :])
            )
        opening = _VALUE.search(subject)
        if opening and opening.start() > 2 and len(rest.split()) <= _LONGEST_VALUE:
            shared = subject[: opening.start()].strip()
            by_subject[(verb, shared.casefold())].append(
                _Statement(sentence, subject[opening.start() :], "", f"{shared}|{verb}", rest)
            )
    return [
        *by_subject.values(),
        *(f for f in by_value.values() if f[0].shared or f[0].verb not in {"is", "are"}),
    ]


def _same_verb(key: tuple[str, tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
    return {"are": "is", "have": "has"}.get(key[0], key[0]), key[1]


def _header(statement: _Statement) -> tuple[str, str]:
    if not statement.verb:
        opening, verb = statement.shared.split("|")
        return sentence_case(_noun(opening)), sentence_case(verb)
    shared = _noun(statement.shared)
    has = statement.verb in {"is", "are", "has", "have"}
    return "", sentence_case(shared if has and shared else f"{statement.verb} {statement.shared}".strip())


def _noun(phrase: str) -> str:
    """`a C:N ratio of` → `C:N ratio`."""
    return re.sub(r"\s+(?:of|at|to|from|in|by|for)$", "", re.sub(r"^(?:an?|the)\s+", "", phrase, flags=re.I))


def _row(statement: _Statement) -> tuple[Cell, Cell]:
    bare = re.sub(r"^(?:an?|the) (?=\w)", "", statement.subject, flags=re.I)
    value = Cell(statement.value, (statement.sentence.document,))
    return Cell(bare[:1].upper() + bare[1:]), value
