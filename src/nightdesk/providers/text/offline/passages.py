"""Reads the passages of the sources into blocks: a heading and the prose, steps or points under it."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from nightdesk.kit.text import sentences
from nightdesk.providers.text.offline.sentences import Sentence, speaks, weigh
from nightdesk.providers.text.offline.words import words
from nightdesk.providers.text.questions import Passage

Kind = Literal["prose", "steps", "points"]

_DROPPED = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->", re.I | re.S)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_NOTE = re.compile(r"\[(?:\^[\w-]{1,20}|\d{1,3}|citation needed)\](?!\()", re.I)
_EMPHASIS = re.compile(r"(?<!\w)(\*{1,3}|_{1,3}|`+|~~)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_NUMBERED = re.compile(r"^\s*(\d{1,2})[.)]\s+(.*)")
_BULLET = re.compile(r"^\s*[-*+•–]\s+(.*)")
_INLINE = re.compile(r"(?:(?<=\s)|^)(\d{1,2})[.)]\s+(?=[A-Z])")
_APART = re.compile(
    r"(?:references?|sources?|further reading|bibliography|notes?|see also|about|contents|related|links)\W*",
    re.I,
)
_EMPTY_HEADING = re.compile(
    r"(?:introduction|overview|summary|conclusions?|key points|background|basics)\W*", re.I
)


@dataclass(frozen=True)
class Block:
    """Consecutive sentences of one document under one heading.

    In `steps` and `points` each sentence is one entry of the list, whole, however many sentences it has.
    """

    number: int
    document: int
    heading: str
    kind: Kind
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class _Piece:
    document: int
    heading: str
    kind: Kind
    texts: tuple[str, ...]
    numbers: tuple[int, ...] = ()
    """The number of each step, as the source counts them."""


def read(passages: Sequence[Passage]) -> list[Block]:
    """Blocks in the order of the passages; lists of references and pieces without a statement are left out.

    A sentence that a document says twice, or that two passages share, is kept once.
    """
    pieces = [piece for passage in passages for piece in _pieces(passage)]
    blocks: list[Block] = []
    seen: set[tuple[int, str]] = set()
    for piece in _joined(pieces):
        number = len(blocks)
        kept = [text for text in piece.texts if speaks(text) and (piece.document, text) not in seen]
        seen.update((piece.document, text) for text in kept)
        said = tuple(weigh(text, piece.document, number, place) for place, text in enumerate(kept))
        if said:
            kind: Kind = "points" if piece.kind == "steps" and not _is_whole(piece) else piece.kind
            blocks.append(Block(number, piece.document, piece.heading, kind, said))
    return blocks


def _is_whole(piece: _Piece) -> bool:
    """False for steps whose beginning, or a step between, stands in a passage that is not here."""
    return piece.numbers == tuple(range(1, len(piece.numbers) + 1))


def plain(text: str) -> str:
    """Text without tags, Markdown marks or notes of its own."""
    bare = _TAG.sub(" ", _DROPPED.sub(" ", html.unescape(text)))
    bare = _NOTE.sub("", _LINK.sub(r"\1", _TAG.sub(" ", bare)))
    for _ in range(2):
        bare = _EMPHASIS.sub(r"\2", bare)
    return re.sub(r"[ \t]+", " ", re.sub(r"\s+([.,;!?])(?=\s|$)", r"\1", bare)).strip()


def _pieces(passage: Passage) -> list[_Piece]:
    lines = [line for line in passage.text.splitlines() if line.strip()]
    heading, lines = _heading(lines)
    if _APART.fullmatch(heading):
        return []
    named = "" if _EMPTY_HEADING.fullmatch(heading) else heading
    found: list[_Piece] = []
    prose: list[str] = []
    for line in _unrolled(lines):
        numbered, bullet = _NUMBERED.match(line), _BULLET.match(line)
        if numbered or bullet:
            _add(found, passage.document, named, prose)
            entry = plain(numbered[2] if numbered else bullet[1] if bullet else "")
            found.append(_entry(passage.document, named, entry, int(numbered[1]) if numbered else 0))
        elif line.lstrip().startswith("#"):
            _add(found, passage.document, named, prose)
            named = plain(line.lstrip("# "))
        elif not line.lstrip().startswith("|"):
            prose.append(line)
    _add(found, passage.document, named, prose)
    return found


def _heading(lines: list[str]) -> tuple[str, list[str]]:
    """The first line, where it is a heading: marked as one, or short, without full stop, with text below."""
    if not lines:
        return "", lines
    first = lines[0].strip()
    if first.startswith("#"):
        return plain(first.lstrip("# ")), lines[1:]
    bare = len(lines) > 1 and len(words(first)) <= 14 and not first.endswith((".", "!", ":", ",", ";"))
    listed = _NUMBERED.match(first) or _BULLET.match(first)
    return (plain(first), lines[1:]) if bare and not listed else ("", lines)


def _unrolled(lines: list[str]) -> list[str]:
    """Lists that were joined into one line get their lines back."""
    out: list[str] = []
    for line in lines:
        marks = list(_INLINE.finditer(line))
        numbers = [int(mark[1]) for mark in marks]
        if len(marks) < 3 or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            out.append(line)
            continue
        bounds = [mark.start() for mark in marks] + [len(line)]
        out += [line[: bounds[0]]] if line[: bounds[0]].strip() else []
        out += [line[a:b].strip() for a, b in pairwise(bounds)]
    return out


def _add(found: list[_Piece], document: int, heading: str, prose: list[str]) -> None:
    texts = tuple(sentences(plain(" ".join(prose))))
    prose.clear()
    if texts:
        found.append(_Piece(document, heading, "prose", texts))


def _entry(document: int, heading: str, text: str, number: int) -> _Piece:
    whole = text if text.endswith((".", "!", "?", ")", "”")) else f"{text}."
    return _Piece(document, heading, "steps" if number else "points", (whole,), (number,))


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """One piece for each list, also where passages cut it in two; prose stays as it was cut."""
    out: list[_Piece] = []
    lists: dict[tuple[int, str, Kind], int] = {}
    for piece in pieces:
        key = (piece.document, piece.heading, piece.kind)
        if piece.kind == "prose" or key not in lists:
            lists[key] = len(out)
            out.append(piece)
        else:
            out[lists[key]] = _merged(out[lists[key]], piece)
    return out


def _merged(one: _Piece, other: _Piece) -> _Piece:
    entries = [*zip(one.numbers, one.texts, strict=True), *zip(other.numbers, other.texts, strict=True)]
    if one.kind == "steps":
        entries.sort(key=lambda entry: entry[0])
    numbers, texts = zip(*entries, strict=True)
    return replace(one, texts=texts, numbers=numbers)
