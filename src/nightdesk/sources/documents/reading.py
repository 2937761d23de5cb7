"""Reads a file or a fetched page into a document, or says in one sentence why it cannot be one."""

import asyncio
import re
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Literal
from urllib.parse import unquote, urljoin, urlsplit

from nightdesk.kit.decoding import binary_kind, decode
from nightdesk.kit.http.failures import shown
from nightdesk.kit.http.fetch import Fetched
from nightdesk.kit.text import clean, shorten
from nightdesk.sources.documents.document import Document, DocumentRefused
from nightdesk.sources.documents.front_matter import date_of, front_matter
from nightdesk.sources.documents.language import language_of
from nightdesk.sources.documents.pages import article_of
from nightdesk.sources.documents.plain import blocks_of_markdown, blocks_of_text

LARGEST = 5_000_000
"""Bytes of a file or a page that are read at most."""

Kind = Literal["html", "markdown", "text"]

_BY_SUFFIX: dict[str, Kind] = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
}
_BY_TYPE: dict[str, Kind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
}
_TYPES_TO_LOOK_INTO = {"", "text/plain", "application/octet-stream", "binary/octet-stream"}
_HTML = re.compile(r"\s*(?:<!--[^>]{0,500}-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I)
_FEED = re.compile(r"\s*(?:<\?xml[^>]{0,200}>)?\s*(?:<!--[^>]{0,500}-->\s*)?<(?:rss|feed|rdf:RDF)\b", re.I)
_WEB = re.compile(r"https?://\S{3,2000}")
_LONGEST_TITLE = 200
_LONGEST_ADDRESS = 2000


@dataclass(frozen=True)
class _Found:
    """What a text of any kind gave, before it is a document."""

    blocks: list[str]
    title: str | None
    author: str | None
    published: date | None
    url: str | None
    image: str | None = None


async def read_file(name: str, content: bytes) -> Document:
    """Reads a text, Markdown or HTML file, by its name and, where that says nothing, by its content.

    Markdown and text may begin with front matter (`title`, `url`, `author`, `published`). Raises
    DocumentRefused, see its codes.
    """
    text = _text_of(content, shown(name), None)
    return await _read(text, _kind(name, "", text), shown(name), None)


async def read_page(fetched: Fetched) -> Document:
    """Reads a page that was fetched: HTML, Markdown or plain text. Raises DocumentRefused as read_file."""
    named = shown(fetched.url)
    if fetched.content_type not in _BY_TYPE and fetched.content_type not in _TYPES_TO_LOOK_INTO:
        why = f"'{named}' is of the type {shown(fetched.content_type)}, not a page or a text."
        raise DocumentRefused("not_a_document", why + " Add a page of HTML, Markdown or plain text.")
    text = _text_of(fetched.body, named, fetched.charset)
    path = unquote(urlsplit(fetched.url).path)
    return await _read(text, _kind(path, fetched.content_type, text), named, fetched.url)


def _text_of(content: bytes, named: str, charset: str | None) -> str:
    if len(content) > LARGEST:
        why = f"'{named}' has {len(content) / 1e6:.1f} MB; at most {LARGEST / 1e6:g} MB are read."
        raise DocumentRefused("too_large", why + " Split it and add the parts.")
    if kind := binary_kind(content, named):
        why = f"'{named}' is {kind}, not text. Save it as text, Markdown or HTML and add that."
        raise DocumentRefused("binary", why)
    text = clean(decode(content, charset))
    if not text.strip():
        raise DocumentRefused("empty", f"'{named}' is empty.")
    if _FEED.match(text):
        raise DocumentRefused("not_a_document", f"'{named}' is a feed. Add the pages that it lists.")
    return text


def _kind(path: str, content_type: str, text: str) -> Kind:
    by_name = _BY_SUFFIX.get(PurePath(path.lower()).suffix)
    if content_type in _BY_TYPE:
        return _BY_TYPE[content_type]
    return "html" if _HTML.match(text) else by_name or "text"


async def _read(text: str, kind: Kind, named: str, url: str | None) -> Document:
    # Beside the event loop: five megabytes of marks take seconds.
    if kind == "html":
        found = await _article(text, named, url)
    else:
        found = await asyncio.to_thread(_marked, text, kind, url)
    blocks = [clean(block) for block in found.blocks]
    title = _line(found.title) or _first_heading(blocks) or _line(blocks[0] if blocks else "")
    if blocks and _line(blocks[0].lstrip("# ")) == title and blocks[0].startswith("#"):
        blocks = blocks[1:]
    body = "\n\n".join(blocks)
    if not body.strip():
        raise DocumentRefused("empty", f"'{named}' has no text below its title.")
    return Document(
        title=title,
        text=body,
        url=found.url,
        author=_line(found.author) or None,
        published=found.published,
        language=await language_of(body),
        image=_picture(found.image, found.url),
    )


async def _article(text: str, named: str, url: str | None) -> _Found:
    page = await article_of(text, named, url)
    blocks = await asyncio.to_thread(blocks_of_markdown, page.text)
    return _Found(blocks, page.title, page.author, page.published, url, page.image)


def _marked(text: str, kind: Kind, url: str | None) -> _Found:
    front = front_matter(text)
    blocks = blocks_of_markdown(front.text) if kind == "markdown" else blocks_of_text(front.text)
    said = front.first("url", "source") or ""
    published = date_of(front.first("published", "date"))
    own = said if _WEB.fullmatch(said) else None
    return _Found(blocks, front.first("title"), front.first("author", "authors"), published, url or own)


def _picture(named: str | None, url: str | None) -> str | None:
    """The address of the picture that a page names as its own; it is kept, never fetched."""
    if not named:
        return None
    try:
        whole = urljoin(url or "", named.strip())
    except ValueError:
        return None
    return whole if len(whole) <= _LONGEST_ADDRESS and _WEB.fullmatch(whole) else None


def _first_heading(blocks: list[str]) -> str:
    headings = [block for block in blocks if block.startswith("#")]
    highest = min(headings, key=lambda heading: len(heading.split(" ")[0]), default="")
    return _line(highest.lstrip("# "))


def _line(text: str | None) -> str:
    return shorten(clean(text or ""), _LONGEST_TITLE)
