"""What changed between two texts, paragraph by paragraph and word by word, for people to read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "added", "removed", "changed"]
Op = Literal["same", "added", "removed"]

ALIKE = 0.35
"""Share of words in common from which two paragraphs are one that was changed, not one gone and one new."""

MOST_WORDS = 3000
"""Of one paragraph; longer ones are shown whole, gone and new."""

_TOKEN = re.compile(r"\s+|[\w’'-]+|[^\w\s]")
_PARTS = re.compile(r"\n[ \t]*\n(?![ \t])")


@dataclass(frozen=True)
class Piece:
    """A run of words with what became of it."""

    op: Op
    text: str


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of both texts; one that only one of them has is added or removed as a whole."""

    kind: Kind
    pieces: Sequence[Piece]


def paragraphs(markdown: str) -> list[str]:
    """The blocks of a text, as blank lines part them; what is indented belongs to the block before."""
    return [part.strip("\n") for part in _PARTS.split(markdown.replace("\r\n", "\n")) if part.strip()]


def differences(old: str, new: str) -> list[Paragraph]:
    """Both texts as one, in reading order."""
    before, after = paragraphs(old), paragraphs(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    found: list[Paragraph] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            found += [Paragraph("same", [Piece("same", text)]) for text in before[a:b]]
        else:
            found += _between(before[a:b], after[c:d])
    return found


def words(old: str, new: str) -> list[Piece]:
    """Two versions of one line or paragraph as one."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if max(len(before), len(after)) > MOST_WORDS:
        return [Piece("removed", old), Piece("added", new)]
    return list(_joined(_steps(before, after)))


def _between(before: Sequence[str], after: Sequence[str]) -> Iterator[Paragraph]:
    """What stands between two places that are the same: each paragraph beside the old one most like it."""
    at = 0
    for text in after:
        like = _most_like(text, before, at)
        if like is None:
            yield Paragraph("added", [Piece("added", text)])
            continue
        for gone in before[at:like]:
            yield Paragraph("removed", [Piece("removed", gone)])
        yield Paragraph("changed", words(before[like], text))
        at = like + 1
    for gone in before[at:]:
        yield Paragraph("removed", [Piece("removed", gone)])


def _most_like(text: str, others: Sequence[str], start: int) -> int | None:
    best, found = ALIKE, None
    wanted = text.split()
    for at in range(start, min(start + 20, len(others))):
        matcher = SequenceMatcher(None, others[at].split(), wanted, autojunk=False)
        if matcher.real_quick_ratio() > best and (ratio := matcher.ratio()) > best:
            best, found = ratio, at
    return found


def _steps(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(before[a:b]))
        else:
            yield Piece("removed", "".join(before[a:b]))
            yield Piece("added", "".join(after[c:d]))


def _joined(steps: Iterator[Piece]) -> Iterator[Piece]:
    """Without crumbs: a blank or a mark that stayed between two changes belongs to both of them."""
    gone = new = ""
    held = ""
    for step in steps:
        if step.op == "same" and (gone or new) and len(step.text.strip()) < 2:
            held += step.text
        elif step.op == "same":
            yield from _changed(gone, new)
            yield Piece("same", held + step.text)
            gone = new = held = ""
        elif step.text:
            if held:
                gone, new, held = gone + held, new + held, ""
            gone += step.text if step.op == "removed" else ""
            new += step.text if step.op == "added" else ""
    yield from _changed(gone, new)
    if held:
        yield Piece("same", held)


def _changed(gone: str, new: str) -> Iterator[Piece]:
    if gone:
        yield Piece("removed", gone)
    if new:
        yield Piece("added", new)
