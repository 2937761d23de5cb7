"""Turns what a writer wrote into what the desk keeps: clean Markdown and HTML, citations, JSON-LD."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from nightdesk.kit.text import count_words, shorten, slug
from nightdesk.lines.article.rendering import to_markdown
from nightdesk.lines.article.rendering.cleaning import clean
from nightdesk.lines.article.rendering.json_ld import Described, structured_data
from nightdesk.lines.article.rendering.links import LinkPolicy, Site
from nightdesk.lines.article.rendering.nodes import (
    Block,
    Heading,
    Paragraph,
    citations,
    plain,
    plain_blocks,
)
from nightdesk.lines.article.rendering.reading import Reader
from nightdesk.lines.article.rendering.structure import anchored, ordered, unique, with_questions
from nightdesk.lines.article.rendering.to_html import HtmlWriter, sources_list
from nightdesk.providers.text.questions import ArticleWritten, SourceDocument, Structure
from nightdesk.quality.report import Finding

_SLUG = 75
_SUMMARY = 300


@dataclass(frozen=True)
class HeadingLine:
    """One heading: `level` 2 to 6, `anchor` without the `#`."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class TocEntry:
    """A heading with the headings below it."""

    text: str
    anchor: str
    children: "tuple[TocEntry, ...]" = ()


@dataclass(frozen=True)
class Citation:
    """A document that is cited: `document` as in the Markdown, `shown` as the reader sees it, from 1."""

    document: int
    shown: int
    title: str
    url: str
    author: str
    published: str
    uses: int


@dataclass(frozen=True)
class Rendered:
    """An article as it is kept; `words` counts `text`: no title, no list of sources, no citation marks."""

    title: str
    meta_title: str
    meta_description: str
    slug: str
    markdown: str
    html: str
    text: str
    """The visible text, paragraphs parted by blank lines."""
    words: int
    headings: tuple[HeadingLine, ...]
    toc: tuple[TocEntry, ...]
    citations: tuple[Citation, ...]
    json_ld: Mapping[str, Any]
    summary: str
    findings: tuple[Finding, ...]
    """What was left out, for the person at the gate."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def render(
    article: ArticleWritten,
    documents: Sequence[SourceDocument],
    site: Site,
    *,
    structure: Structure = "guide",
    taken: frozenset[str] = frozenset(),
) -> Rendered:
    """Renders an article; `taken` are the slugs that are in use already.

    Links lead to `documents` and to the site's pieces or become text; pictures and HTML go; citations of
    documents that were not given go and are told in `findings`.
    """
    known = {document.number: document for document in documents}
    reader = Reader(known.keys(), LinkPolicy(documents, site))
    title = one_line(article.title)
    blocks = with_questions(
        ordered(reader.blocks(article.markdown), title), article.faq, reader, site.language
    )
    headings = anchored(blocks)
    cited = _cited(blocks, known)
    text = "\n\n".join(piece for piece in plain_blocks(blocks) if piece)
    summary = _summary(blocks) or one_line(article.meta_description)
    return Rendered(
        title=title,
        meta_title=one_line(article.meta_title),
        meta_description=one_line(article.meta_description),
        slug=unique(slug(title, _SLUG) or "article", taken),
        markdown=to_markdown.write(blocks),
        html=_html(blocks, cited, known, site.language),
        text=text,
        words=count_words(text),
        headings=tuple(HeadingLine(h.level, one_line(plain(h.parts)), h.anchor) for h in headings),
        toc=_toc(headings),
        citations=cited,
        json_ld=structured_data(
            Described(title, article.meta_description, count_words(text), structure), blocks, cited, site
        ),
        summary=summary,
        findings=(*reader.findings, *_nothing_cited(documents, cited)),
    )


def one_line(text: str) -> str:
    """The text on one line without control characters."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())


def _cited(blocks: Sequence[Block], known: Mapping[int, SourceDocument]) -> tuple[Citation, ...]:
    uses: dict[int, int] = {}
    for cite in citations(blocks):
        uses[cite.document] = uses.get(cite.document, 0) + 1
    return tuple(
        Citation(number, shown, *_as_shown(known[number]), uses[number])
        for shown, number in enumerate(uses, start=1)
    )


def _as_shown(document: SourceDocument) -> tuple[str, str, str, str]:
    return one_line(document.title), document.url, one_line(document.author), one_line(document.published)


def _html(
    blocks: Sequence[Block], cited: Sequence[Citation], known: Mapping[int, SourceDocument], language: str
) -> str:
    body = HtmlWriter({citation.document: citation.shown for citation in cited}).body(blocks)
    return clean(body + sources_list([known[citation.document] for citation in cited], language))


def _toc(headings: Sequence[Heading]) -> tuple[TocEntry, ...]:
    """The headings as a tree; every level is inside the one above, since none is left out."""
    entries: list[TocEntry] = []
    for at, heading in enumerate(headings):
        if heading.level != headings[0].level:
            continue
        below = []
        for other in headings[at + 1 :]:
            if other.level <= heading.level:
                break
            below.append(other)
        entries.append(TocEntry(one_line(plain(heading.parts)), heading.anchor, _toc(below)))
    return tuple(entries)


def _summary(blocks: Sequence[Block]) -> str:
    """The first paragraph, cut at a word where it is long."""
    first = next((one_line(plain(block.parts)) for block in blocks if isinstance(block, Paragraph)), "")
    return shorten(first, _SUMMARY)


def _nothing_cited(documents: Sequence[SourceDocument], cited: Sequence[Citation]) -> Iterator[Finding]:
    if documents and not cited:
        message = f"{len(documents)} documents were given and none is cited: say where the facts come from."
        yield Finding("nothing_cited", "warning", message)
