"""Brings together two edits of one text: what each changed, and where both changed the same paragraphs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from nightdesk.desk.review.differences import Paragraph, differences, paragraphs

Side = Literal["mine", "theirs"]
Kind = Literal["same", "mine", "theirs", "both"]


@dataclass(frozen=True)
class Part:
    """Some paragraphs as they were and as each side has them; `kind` says who changed them."""

    number: int
    kind: Kind
    base: str
    mine: str
    theirs: str

    @property
    def changed_by_them(self) -> list[Paragraph]:
        return differences(self.base, self.theirs)

    @property
    def changed_by_me(self) -> list[Paragraph]:
        return differences(self.base, self.mine)

    def of(self, side: Side) -> str:
        return self.mine if side == "mine" else self.theirs


def parts(base: str, mine: str, theirs: str) -> list[Part]:
    """The whole text in order, cut where both sides still have what was there (diff3, by paragraphs).

    Put together again with any choice for each part, nothing is said twice and nothing left out.
    """
    was = paragraphs(base)
    ours, others = paragraphs(mine), paragraphs(theirs)
    found = [_judged(was[a:b], ours[c:d], others[e:f]) for (a, b, c, d, e, f) in _chunks(was, ours, others)]
    return [
        Part(number, kind, *texts)
        for number, (kind, *texts) in enumerate(one for one in found if any(one[1:]))
    ]


def together(found: Sequence[Part], chosen: Mapping[int, Side]) -> str:
    """The text that comes of it: each side's own changes, and where both changed, mine unless chosen."""
    usual: Mapping[Kind, Side] = {"same": "mine", "mine": "mine", "theirs": "theirs", "both": "mine"}
    texts = (part.of(chosen.get(part.number, usual[part.kind])) for part in found)
    return "\n\n".join(text for text in texts if text) + "\n"


def _judged(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> tuple[Kind, str, str, str]:
    texts = ("\n\n".join(base), "\n\n".join(mine), "\n\n".join(theirs))
    was, ours, others = texts
    if ours == others:
        return ("same", *texts)
    if others == was:
        return ("mine", *texts)
    return ("theirs", *texts) if ours == was else ("both", *texts)


def _chunks(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> Iterator[tuple[int, int, int, int, int, int]]:
    """Ranges of the three, by turns what is not the same in all and what is."""
    a = c = e = 0
    for start, in_mine, in_theirs, size in _common(base, mine, theirs):
        if (a, c, e) != (start, in_mine, in_theirs):
            yield a, start, c, in_mine, e, in_theirs
        a, c, e = start + size, in_mine + size, in_theirs + size
        yield start, a, in_mine, c, in_theirs, e
    yield a, len(base), c, len(mine), e, len(theirs)


def _common(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> Iterator[tuple[int, int, int, int]]:
    """Runs of paragraphs that are in all three, in order."""
    in_theirs = _places(base, theirs)
    run: tuple[int, int, int, int] | None = None
    for at, here in sorted(_places(base, mine).items()):
        there = in_theirs.get(at)
        if there is None:
            continue
        if run and (at, here, there) == (run[0] + run[3], run[1] + run[3], run[2] + run[3]):
            run = (*run[:3], run[3] + 1)
            continue
        if run:
            yield run
        run = (at, here, there, 1)
    if run:
        yield run


def _places(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Where each paragraph that stayed stands in the other text."""
    blocks = SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {block.a + n: block.b + n for block in blocks for n in range(block.size)}
