"""Gives an article its order: headings without gaps, each with an anchor, and questions at the end."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from nightdesk.kit.text import slug
from nightdesk.lines.article.rendering.labels import QUESTION_HEADINGS, QUESTIONS, SOURCE_HEADINGS, label
from nightdesk.lines.article.rendering.nodes import (
    Block,
    Break,
    Cite,
    Heading,
    Inline,
    Paragraph,
    Text,
    plain,
)
from nightdesk.lines.article.rendering.reading import Reader
from nightdesk.providers.text.questions import FaqEntry

_LOWEST = 6


@dataclass
class Section:
    """A heading with all that stands below it, up to the next heading of its level or above."""

    heading: Heading
    blocks: list[Block] = field(default_factory=list)

    @property
    def title(self) -> str:
        return " ".join(plain(self.heading.parts).split())


def ordered(blocks: Sequence[Block], title: str) -> list[Block]:
    """The blocks with headings from h2 on without gaps, no repeated title, no sources of the writer's."""
    kept = _without_sources(list(blocks))
    if kept and isinstance(kept[0], Heading) and _key(kept[0]) == _fold(title):
        kept = kept[1:]
    open_levels: list[int] = []
    for block in kept:
        if isinstance(block, Heading):
            given = max(block.level, 2)
            while open_levels and open_levels[-1] >= given:
                open_levels.pop()
            open_levels.append(given)
            block.level = min(1 + len(open_levels), _LOWEST)
            parts = (Text(" ") if isinstance(part, Break) else part for part in block.parts)
            block.parts = [part for part in parts if not isinstance(part, Cite)]
    return [block for block in kept if not isinstance(block, Heading) or plain(block.parts).strip()]


def with_questions(
    blocks: list[Block], faq: Sequence[FaqEntry], reader: Reader, language: str
) -> list[Block]:
    """The blocks with each question that they do not answer yet under a heading of its own at the end."""
    asked = {_key(block) for block in blocks if isinstance(block, Heading)}
    added: list[Block] = []
    for entry in faq:
        question, answer = reader.line(entry.question), reader.blocks(entry.answer)
        if not question or not answer or _fold(plain(question)) in asked:
            continue
        added += [Heading(3, question), *map(_demoted, answer)]
    tops = [block for block in blocks if isinstance(block, Heading) and block.level == 2]
    if added and not (tops and _key(tops[-1]) in QUESTION_HEADINGS):
        added.insert(0, Heading(2, [Text(label(QUESTIONS, language))]))
    return [*blocks, *added]


def anchored(blocks: Sequence[Block]) -> list[Heading]:
    """Gives each heading an anchor of its own (`h-` and its slug); answers the headings in order."""
    taken: set[str] = set()
    headings = [block for block in blocks if isinstance(block, Heading)]
    for number, heading in enumerate(headings, start=1):
        heading.anchor = unique(f"h-{_anchor(plain(heading.parts)) or number}", taken)
        taken.add(heading.anchor)
    return headings


def _anchor(text: str) -> str:
    # Marks of some scripts are no word characters, and an id may hold nothing else.
    return re.sub(r"[^\w-]", "", slug(text, 60))


def unique(wanted: str, taken: set[str] | frozenset[str]) -> str:
    """`wanted`, or with the first number from 2 on that makes it one that is not taken."""
    number, candidate = 1, wanted
    while candidate in taken:
        number += 1
        candidate = f"{wanted}-{number}"
    return candidate


def sections(blocks: Sequence[Block], level: int = 2) -> Iterator[Section]:
    """The sections of one level, in order, with the deeper ones inside them."""
    current: Section | None = None
    for block in blocks:
        if isinstance(block, Heading) and block.level <= level:
            if current:
                yield current
            current = Section(block) if block.level == level else None
        elif current:
            current.blocks.append(block)
    if current:
        yield current


def _without_sources(blocks: list[Block]) -> list[Block]:
    for at in range(len(blocks) - 1, -1, -1):
        block = blocks[at]
        if isinstance(block, Heading):
            return blocks[:at] if _key(block).rstrip(":") in SOURCE_HEADINGS else blocks
    return blocks


def _demoted(block: Block) -> Block:
    """A heading inside an answer is a paragraph: an answer has no parts of its own."""
    parts: list[Inline] = block.parts if isinstance(block, Heading) else []
    return Paragraph(parts) if isinstance(block, Heading) else block


def _key(heading: Heading) -> str:
    return _fold(plain(heading.parts))


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())
