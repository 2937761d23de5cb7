"""Writes an article's nodes as HTML, with its list of sources; every word is escaped."""

from collections.abc import Mapping, Sequence
from html import escape

from nightdesk.lines.article.rendering.labels import BACK, SOURCES, label
from nightdesk.lines.article.rendering.links import same_address
from nightdesk.lines.article.rendering.nodes import (
    Block,
    Break,
    Cite,
    Code,
    CodeBlock,
    Heading,
    Inline,
    Link,
    Listing,
    Paragraph,
    Quote,
    Rule,
    Styled,
    Table,
    Text,
)
from nightdesk.providers.text.questions import SourceDocument


class HtmlWriter:
    """Writes one article; `shown` numbers the cited documents in the order of their first citation."""

    def __init__(self, shown: Mapping[int, int]) -> None:
        self._shown = shown
        self._uses: dict[int, int] = {}

    def body(self, blocks: Sequence[Block]) -> str:
        return "\n".join(self._block(block) for block in blocks) + "\n"

    def _block(self, block: Block) -> str:
        match block:
            case Heading():
                tag = f"h{block.level}"
                return f'<{tag} id="{escape(block.anchor)}">{self._inlines(block.parts)}</{tag}>'
            case Paragraph():
                return f"<p>{self._inlines(block.parts)}</p>"
            case CodeBlock():
                return f"<pre><code>{escape(block.text)}\n</code></pre>"
            case Rule():
                return "<hr>"
            case Quote():
                return f"<blockquote>\n{self.body(block.blocks)}</blockquote>"
            case Listing():
                return self._listing(block)
            case Table():
                return self._table(block)

    def _listing(self, listing: Listing) -> str:
        tag = "ul" if listing.start is None else "ol"
        start = f' start="{listing.start}"' if listing.start not in (None, 1) else ""
        items = "\n".join(f"<li>{self._item(item, listing.tight)}</li>" for item in listing.items)
        return f"<{tag}{start}>\n{items}\n</{tag}>"

    def _item(self, blocks: Sequence[Block], tight: bool) -> str:
        if not tight:
            return self.body(blocks)
        inner = (self._inlines(b.parts) if isinstance(b, Paragraph) else self._block(b) for b in blocks)
        return "\n".join(inner)

    def _table(self, table: Table) -> str:
        head = self._row(table.head, "th", table.align)
        rows = "\n".join(self._row(row, "td", table.align) for row in table.rows)
        return f"<table>\n<thead>\n{head}\n</thead>\n<tbody>\n{rows}\n</tbody>\n</table>"

    def _row(self, cells: Sequence[Sequence[Inline]], tag: str, align: Sequence[str]) -> str:
        written = []
        for at, cell in enumerate(cells):
            side = align[at] if at < len(align) else ""
            kept = f' class="align-{side}"' if side in {"left", "right", "center"} else ""
            written.append(f"<{tag}{kept}>{self._inlines(cell)}</{tag}>")
        return f"<tr>{''.join(written)}</tr>"

    def _inlines(self, parts: Sequence[Inline]) -> str:
        return "".join(self._inline(part) for part in parts)

    def _inline(self, part: Inline) -> str:
        match part:
            case Text():
                return escape(part.text, quote=False)
            case Code():
                return f"<code>{escape(part.text, quote=False)}</code>"
            case Break():
                return "<br>\n"
            case Styled():
                return f"<{part.kind}>{self._inlines(part.parts)}</{part.kind}>"
            case Link():
                return f'<a href="{escape(part.href)}">{self._inlines(part.parts)}</a>'
            case Cite():
                return self._citation(self._shown[part.document])

    def _citation(self, number: int) -> str:
        use = self._uses[number] = self._uses.get(number, 0) + 1
        return (
            f'<sup class="citation" id="cite-{number}-{use}"><a href="#source-{number}">[{number}]</a></sup>'
        )


def sources_list(cited: Sequence[SourceDocument], language: str) -> str:
    """The list of sources, numbered as they are cited, made from the documents alone; empty without any."""
    if not cited:
        return ""
    items = "\n".join(_source(number, document, language) for number, document in enumerate(cited, start=1))
    title = escape(label(SOURCES, language))
    return f'<section class="sources">\n<h2 id="h-sources">{title}</h2>\n<ol>\n{items}\n</ol>\n</section>\n'


def _source(number: int, document: SourceDocument, language: str) -> str:
    title = escape(document.title.strip() or document.url)
    if same_address(document.url):
        title = f'<a href="{escape(document.url)}">{title}</a>'
    more = "".join(f", {escape(part)}" for part in (document.author, document.published) if part)
    back = f'<a href="#cite-{number}-1" title="{escape(label(BACK, language))}">↩</a>'
    return f'<li id="source-{number}">{title}{more} {back}</li>'
