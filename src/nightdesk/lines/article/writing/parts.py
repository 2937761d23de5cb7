"""The sections of an article's Markdown: found by their headings, and put back with another text in one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from markdown_it import MarkdownIt

from nightdesk.kit.text import count_words

_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")
_UNREAD = re.compile(r"\[\^\d+\]|\]\(<?[^)>]*>?\)|^\s*\d+[.)]\s", re.MULTILINE)


@dataclass(frozen=True)
class Part:
    """A second-level heading with what is below it, and the rest of the text around it, to the letter."""

    anchor: str
    heading: str
    before: str
    head: str
    body: str
    after: str

    @property
    def fingerprint(self) -> str:
        """Of heading and text: another one means that somebody changed the section."""
        return sha256(f"{self.head}\n\n{self.body}".encode()).hexdigest()

    @property
    def words(self) -> int:
        """Of its text, without marks of citations, addresses of links and numbers of steps."""
        return count_words(_UNREAD.sub(" ", self.body))

    @property
    def rest(self) -> str:
        """The article without it."""
        return f"{self.before}\n{self.after}".strip()

    def with_body(self, body: str) -> str:
        """The whole article with another text under this heading; around it no letter is another."""
        return f"{self.before}{self.head}\n\n{body}\n" + (f"\n{self.after}" if self.after else "")

    def stands_alone_in(self, markdown: str) -> bool:
        """Whether in this text of the article everything but the section is as it was."""
        return markdown.startswith(f"{self.before}{self.head}\n\n") and markdown.endswith(
            f"\n\n{self.after}" if self.after else "\n"
        )


def parts_of(markdown: str, headings: Sequence[Mapping[str, Any]]) -> list[Part]:
    """The sections of a text as it is kept; `headings` are those that are kept with it.

    None where the two do not go together.
    """
    lines = _LINE.findall(markdown)
    starts = [
        token.map[0]
        for token in _PARSER.parse(markdown)
        if token.type == "heading_open" and token.tag == "h2" and token.level == 0 and token.map
    ]
    named = [heading for heading in headings if heading["level"] == 2]
    if len(named) != len(starts):
        return []
    found = []
    for heading, start, end in zip(named, starts, [*starts[1:], len(lines)], strict=True):
        before, own, after = ("".join(lines[a:b]) for a, b in ((0, start), (start, end), (end, len(lines))))
        head, _, body = own.partition("\n")
        found.append(Part(heading["anchor"], heading["text"], before, head, body.strip("\n"), after))
    return found


def part_like(parts: Sequence[Part], anchor: str, fingerprint: str) -> Part | None:
    """The section that was meant, if it is still as it was: at its anchor, or wherever it stands now."""
    same = [part for part in parts if part.fingerprint == fingerprint]
    return next((part for part in same if part.anchor == anchor), same[0] if len(same) == 1 else None)
