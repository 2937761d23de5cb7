"""Reads a writer's Markdown into our own nodes; whatever an article may not hold ends here."""

import html
import re
from collections.abc import Collection, Iterable

import nh3
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from nightdesk.kit.text import clean, shorten
from nightdesk.lines.article.rendering.cleaning import SILENT
from nightdesk.lines.article.rendering.inlines import InlineReader
from nightdesk.lines.article.rendering.links import LinkPolicy
from nightdesk.lines.article.rendering.nodes import (
    Block,
    CodeBlock,
    Heading,
    Inline,
    Listing,
    Paragraph,
    Quote,
    Rule,
    Table,
)
from nightdesk.quality.report import Finding, Severity

_DEFINITION = re.compile(r"^ {0,3}\[\^?[^\]\n]{1,80}\]:[^\n]*(?:\n(?: {4,}|\t)[^\n]*)*\n?", re.MULTILINE)
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802
        return True


class Reader:
    """Reads one article's Markdown; `findings` says what was left out on the way."""

    def __init__(self, documents: Collection[int], links: LinkPolicy) -> None:
        # HTML is recognised so that it can be taken out; unsafe addresses so that their link can.
        self._parser = _Parser("commonmark", {"html": True}).enable(["table", "strikethrough"])
        self._parser.disable("text_join")
        self._documents = documents
        self._links = links
        self.findings: list[Finding] = []

    def blocks(self, markdown: str) -> list[Block]:
        """The blocks of a text; definitions of footnotes are left out, sources are listed by us."""
        return list(self._blocks(SyntaxTreeNode(self._parser.parse(self._tidy(markdown))).children))

    def line(self, markdown: str) -> list[Inline]:
        """The inlines of a single line, such as a question."""
        tree = SyntaxTreeNode(self._parser.parseInline(self._tidy(" ".join(markdown.split()))))
        return [part for node in tree.children for part in self._inlines(node)]

    def _tidy(self, markdown: str) -> str:
        text = _DIRECTIONS.sub("", clean(markdown))
        kept, at = [], 0
        for fence in _FENCE.finditer(text):
            kept += [_DEFINITION.sub("\n", text[at : fence.start()]), fence.group()]
            at = fence.end()
        return "".join([*kept, _DEFINITION.sub("\n", text[at:])])

    def _blocks(self, nodes: Iterable[SyntaxTreeNode]) -> Iterable[Block]:
        for node in nodes:
            match node.type:
                case "paragraph":
                    if parts := self._inlines(node.children[0]):
                        yield Paragraph(parts)
                case "heading":
                    if parts := self._inlines(node.children[0]):
                        yield Heading(int(node.tag[1]), parts)
                case "fence" | "code_block":
                    yield CodeBlock(
                        node.content.rstrip("\n"), re.sub(r"[^\w+-].*", "", node.info, flags=re.S)[:20]
                    )
                case "hr":
                    yield Rule()
                case "blockquote":
                    if quoted := list(self._blocks(node.children)):
                        yield Quote(quoted)
                case "bullet_list" | "ordered_list":
                    if (listing := self._listing(node)).items:
                        yield listing
                case "table":
                    yield self._table(node)
                case "html_block":
                    yield from self._text_of_html(node.content)

    def _listing(self, node: SyntaxTreeNode) -> Listing:
        items = [list(self._blocks(item.children)) for item in node.children]
        start = None if node.type == "bullet_list" else int(node.attrs.get("start", 1))
        tight = all(
            child.hidden for item in node.children for child in item.children if child.type == "paragraph"
        )
        return Listing([item for item in items if item], start, tight)

    def _table(self, node: SyntaxTreeNode) -> Table:
        rows = [row for part in node.children for row in part.children]
        cells = [[self._inlines(cell.children[0]) for cell in row.children] for row in rows]
        align = [str(cell.attrs.get("style", "")).removeprefix("text-align:") for cell in rows[0].children]
        return Table(cells[0], cells[1:], align)

    def _inlines(self, node: SyntaxTreeNode) -> list[Inline]:
        reader = InlineReader(self._documents, self._links, self._left_out)
        return reader.read(node.children)

    def _text_of_html(self, content: str) -> Iterable[Paragraph]:
        self._left_out("html_removed", "info", "HTML was taken out; its text stays.", content)
        parted = re.sub(r"</(?:p|div|li|h\d|tr|summary)\s*>", "\n\n", content, flags=re.IGNORECASE)
        text = html.unescape(nh3.clean(parted, tags=set(), clean_content_tags=set(SILENT)))
        for piece in re.split(r"\n\s*\n", text):
            if parts := self.line(piece):
                yield Paragraph(parts)

    def _left_out(self, code: str, severity: Severity, why: str, what: str) -> None:
        self.findings.append(Finding(code, severity, why, shorten(what, 120)))
