"""schema.org data of an article: what it is, what it is based on, and the questions, steps or items in it."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from nightdesk.lines.article.rendering.labels import QUESTION_HEADINGS
from nightdesk.lines.article.rendering.links import Site, same_address
from nightdesk.lines.article.rendering.nodes import Block, Listing, plain_blocks
from nightdesk.lines.article.rendering.structure import Section, sections
from nightdesk.providers.text.questions import Structure

_HEADLINE = 110
_WORD = "step|schritt|paso|étape|passo|stap"
_NUMBERED = re.compile(rf"^\s*(?:(?:{_WORD})\s*)?#?\d{{1,3}}\s*[.):–—-]\s*", re.IGNORECASE)
_STEP = re.compile(rf"^\s*(?:{_WORD})\b|^\s*\d{{1,3}}[.):]", re.IGNORECASE)
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class CitedSource(Protocol):
    """A cited document, as far as it is told to machines."""

    @property
    def title(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def published(self) -> str: ...


@dataclass(frozen=True)
class Described:
    """What the data says of the article as a whole."""

    title: str
    description: str
    words: int
    structure: Structure


def structured_data(
    described: Described, blocks: Sequence[Block], cited: Sequence[CitedSource], site: Site
) -> dict[str, Any]:
    """A JSON-LD graph: an Article always; a FAQPage, HowTo or ItemList where the structure has one in it.

    A review stays an Article: a Review needs a rating, and nobody gave one.
    """
    parts = [_article(described, cited, site)]
    if questions := list(_questions(blocks, everywhere=described.structure == "faq")):
        parts.append({"@type": "FAQPage", "inLanguage": site.language, "mainEntity": questions})
    if described.structure == "how_to" and len(steps := list(_steps(blocks))) > 1:
        parts.append({"@type": "HowTo", "name": described.title, "inLanguage": site.language, "step": steps})
    if described.structure == "list" and len(items := list(_items(blocks))) > 1:
        parts.append({"@type": "ItemList", "name": described.title, "itemListElement": items})
    return {"@context": "https://schema.org", "@graph": parts}


def with_publication(
    data: Mapping[str, Any],
    *,
    url: str = "",
    image: str = "",
    published: str = "",
    modified: str = "",
    author: str = "",
) -> dict[str, Any]:
    """The same data with what is known only at publication: addresses, and times as RFC 3339."""
    known = {
        "url": url,
        "mainEntityOfPage": url,
        "image": [image] if image else "",
        "datePublished": published,
        "dateModified": modified or published,
        "author": {"@type": "Person", "name": author} if author else "",
    }
    added = {name: value for name, value in known.items() if value}
    graph = [part | added if part["@type"] == "Article" else part for part in data["@graph"]]
    return {**data, "@graph": graph}


def script_tag(data: Mapping[str, Any]) -> str:
    """The data as a script element that no text in it can close."""
    spelled = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    safe = "".join(_ESCAPES.get(c, c) for c in spelled)
    return f'<script type="application/ld+json">{safe}</script>'


def _article(described: Described, cited: Sequence[CitedSource], site: Site) -> dict[str, Any]:
    publisher = {"@type": "Organization", "name": site.name} | ({"url": site.url} if site.url else {})
    article: dict[str, Any] = {
        "@type": "Article",
        "headline": described.title[:_HEADLINE],
        "description": described.description,
        "inLanguage": site.language,
        "wordCount": described.words,
        "publisher": publisher,
    }
    if cited:
        article["isBasedOn"] = [_source(source) for source in cited]
    return article


def _source(source: CitedSource) -> dict[str, Any]:
    work: dict[str, Any] = {"@type": "CreativeWork", "name": source.title or source.url}
    if same_address(source.url):
        work["url"] = source.url
    if source.author:
        work["author"] = source.author
    if re.fullmatch(r"\d{4}(?:-\d\d(?:-\d\d)?)?(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?", source.published):
        work["datePublished"] = source.published
    return work


def _questions(blocks: Sequence[Block], *, everywhere: bool) -> Iterator[dict[str, Any]]:
    """Headings that end with a question mark: all of them in an FAQ, else those below its heading."""
    for section in sections(blocks):
        if section.title.casefold() in QUESTION_HEADINGS:
            yield from (_question(inner) for inner in sections(section.blocks, 3) if inner.blocks)
        elif everywhere:
            if section.title.endswith("?") and section.blocks:
                yield _question(section)
            else:
                asked = (inner for inner in sections(section.blocks, 3) if inner.title.endswith("?"))
                yield from (_question(inner) for inner in asked if inner.blocks)


def _question(section: Section) -> dict[str, Any]:
    answer = {"@type": "Answer", "text": _said(section.blocks)}
    return {"@type": "Question", "name": section.title, "acceptedAnswer": answer}


def _steps(blocks: Sequence[Block]) -> Iterator[dict[str, Any]]:
    """Steps are headings that say so, otherwise the items of the longest numbered list."""
    for level in (2, 3):
        told = [section for section in sections(blocks, level) if _STEP.match(section.title)]
        if len(told) > 1:
            for position, section in enumerate(told, start=1):
                name = _NUMBERED.sub("", section.title) or section.title
                text = _said(section.blocks) or name
                step = {"@type": "HowToStep", "position": position, "name": name, "text": text}
                yield step | {"url": f"#{section.heading.anchor}"}
            return
    numbered = [block for block in blocks if isinstance(block, Listing) and block.start is not None]
    longest = max(numbered, key=lambda listing: len(listing.items), default=Listing([]))
    for position, item in enumerate(longest.items, start=1):
        yield {"@type": "HowToStep", "position": position, "text": _said(item)}


def _items(blocks: Sequence[Block]) -> Iterator[dict[str, Any]]:
    """Items are the numbered headings of a level, otherwise the h2 headings but for the questions."""
    named = [section for section in sections(blocks) if section.title.casefold() not in QUESTION_HEADINGS]
    for level in (2, 3):
        numbered = [section for section in sections(blocks, level) if _NUMBERED.match(section.title)]
        if len(numbered) > 1:
            named = numbered
            break
    for position, section in enumerate(named, start=1):
        name = _NUMBERED.sub("", section.title) or section.title
        yield {"@type": "ListItem", "position": position, "name": name, "url": f"#{section.heading.anchor}"}


def _said(blocks: Sequence[Block]) -> str:
    return " ".join(piece for piece in plain_blocks(blocks) if piece)


def problems(data: Mapping[str, Any]) -> list[str]:
    """What the data lacks of the properties that schema.org's readers require; empty if nothing."""
    needed = {
        "Article": ("headline",),
        "FAQPage": ("mainEntity",),
        "HowTo": ("name", "step"),
        "ItemList": ("itemListElement",),
        "Question": ("name", "acceptedAnswer"),
        "Answer": ("text",),
        "HowToStep": ("text",),
        "ListItem": ("position", "name"),
        "CreativeWork": ("name",),
        "Organization": ("name",),
    }
    found = [] if data.get("@context") == "https://schema.org" else ["@context is not https://schema.org"]
    for node in _nodes(data.get("@graph", [])):
        kind = str(node.get("@type", ""))
        found += [
            f"{kind or 'a node'} lacks {name}" for name in needed.get(kind, ("@type",)) if not node.get(name)
        ]
    return found


def _nodes(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        for inner in value.values():
            yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner)
