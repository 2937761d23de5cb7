"""Reads the inside of a paragraph: citations, allowed links, styled text; pictures and HTML go."""

import re
from collections.abc import Callable, Collection, Iterable
from typing import Literal

from markdown_it.tree import SyntaxTreeNode

from nightdesk.lines.article.rendering.cleaning import SILENT
from nightdesk.lines.article.rendering.links import LinkPolicy
from nightdesk.lines.article.rendering.nodes import Break, Cite, Code, Inline, Link, Styled, Text, plain
from nightdesk.quality.report import Severity

LeftOut = Callable[[str, Severity, str, str], None]
"""Takes down a code, how bad it is, why something was left out, and what it was."""

_MARK = re.compile(r"\[\^\s*([^\]\s][^\]]{0,40})\]|(?<![\w\]])\[(\d{1,4}(?:\s*,\s*\d{1,4})*)\](?![(\[:])")
_LINK_TEXT = re.compile(r"\[?\^?(\d{1,4})\]?")
_STYLES: dict[str, Literal["em", "strong", "del"]] = {"em": "em", "strong": "strong", "s": "del"}
_SILENT = re.compile(rf"<({'|'.join(sorted(SILENT))})\b", re.IGNORECASE)
_LOOSE_SPACE = re.compile(r" +(?=[,.](?:\s|$))| +(?= )")


class InlineReader:
    """Reads the inlines of one paragraph, heading or cell."""

    def __init__(self, documents: Collection[int], links: LinkPolicy, left_out: LeftOut) -> None:
        self._documents = documents
        self._links = links
        self._left_out = left_out
        self._silent = ""

    def read(self, nodes: Iterable[SyntaxTreeNode]) -> list[Inline]:
        """The parts in order, empty where nothing visible is left."""
        parts = _joined(part for node in nodes for part in self._part(node))
        return parts if plain(parts).strip() or any(isinstance(part, Cite) for part in parts) else []

    def _part(self, node: SyntaxTreeNode) -> Iterable[Inline]:
        if node.type == "html_inline":
            yield from self._html(node.content)
        elif self._silent:
            return
        elif node.type == "text_special":
            # What was escaped is meant literally: `\[1\]` is no citation.
            yield Text(node.content)
        elif node.type == "text":
            yield from self._text(node.content)
        elif node.type == "softbreak":
            yield Text(" ")
        elif node.type == "hardbreak":
            yield Break()
        elif node.type == "code_inline":
            yield Code(node.content)
        elif node.type in _STYLES:
            if inner := self.read(node.children):
                yield Styled(_STYLES[node.type], inner)
        elif node.type == "link":
            yield from self._link(node)
        elif node.type == "image":
            why = "A picture was taken out: an article's pictures are made by the desk."
            self._left_out("picture_removed", "info", why, str(node.attrs.get("src", "")))

    def _html(self, tag: str) -> Iterable[Inline]:
        """Tags go, their text stays, but for elements whose content is not for reading."""
        if self._silent:
            if re.match(rf"</{self._silent}\b", tag, re.IGNORECASE):
                self._silent = ""
            return
        self._left_out("html_removed", "info", "HTML was taken out; its text stays.", tag)
        if opened := _SILENT.match(tag):
            self._silent = opened.group(1) if not tag.endswith("/>") else ""
        elif re.match(r"<br\b", tag, re.IGNORECASE):
            yield Break()

    def _text(self, text: str) -> Iterable[Inline]:
        at = 0
        for mark in _MARK.finditer(text):
            numbers = self._numbers(mark)
            if numbers is None:
                continue
            before = text[at : mark.start()]
            yield Text(before if numbers else before.rstrip())
            yield from map(Cite, numbers)
            at = mark.end()
        yield Text(text[at:])

    def _numbers(self, mark: re.Match[str]) -> list[int] | None:
        """Documents that a mark cites; None where it is no citation but text in brackets."""
        named = [part.strip(" ^") for part in re.split(r"[,;]", mark.group(1) or mark.group(2))]
        known = [int(name) for name in named if name.isdecimal() and int(name) in self._documents]
        if mark.group(2) and len(known) < len(named):
            return None
        for name in named:
            if not (name.isdecimal() and int(name) in self._documents):
                why = "A citation of a document that was not given: check the sentence before it."
                self._left_out(
                    "unknown_citation", "serious", why, mark.string[max(0, mark.start() - 80) : mark.end()]
                )
        return known

    def _link(self, node: SyntaxTreeNode) -> Iterable[Inline]:
        inner = self.read(node.children)
        cited = _LINK_TEXT.fullmatch(plain(inner).strip())
        if cited and int(cited.group(1)) in self._documents:
            yield Cite(int(cited.group(1)))
            return
        href = str(node.attrs.get("href", ""))
        target = self._links.judge(href)
        if target is None:
            why = (
                "A link was taken out, its text stays: it led neither to a source nor to a piece of the site."
            )
            self._left_out("link_removed", "warning", why, href)
            yield from inner
        elif any(isinstance(part, Cite) for part in inner):
            yield from inner
        elif inner:
            yield Link(target.href, inner, target.own)


def _joined(parts: Iterable[Inline]) -> list[Inline]:
    """Neighbouring texts in one, no space before a citation, no citation twice in a row, ends trimmed."""
    joined: list[Inline] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, Cite):
            if isinstance(last, Text):
                last.text = last.text.rstrip()
                joined = joined if last.text else joined[:-1]
            if part not in _run_of_citations(joined):
                joined.append(part)
        elif isinstance(part, Text) and isinstance(last, Text):
            last.text += part.text
        elif not isinstance(part, Text) or part.text:
            joined.append(part)
    while joined and isinstance(joined[-1], Break):
        joined.pop()
    for part in joined:
        if isinstance(part, Text):
            part.text = _LOOSE_SPACE.sub("", part.text)
    if joined and isinstance(joined[0], Text):
        joined[0].text = joined[0].text.lstrip()
    if joined and isinstance(joined[-1], Text):
        joined[-1].text = joined[-1].text.rstrip()
    return [part for part in joined if not isinstance(part, Text) or part.text]


def _run_of_citations(parts: list[Inline]) -> list[Inline]:
    at = len(parts)
    while at and isinstance(parts[at - 1], Cite):
        at -= 1
    return parts[at:]
