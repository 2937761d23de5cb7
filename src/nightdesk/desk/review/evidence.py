"""What a cited source says, beside each sentence that cites it."""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from sqlalchemy import select

from nightdesk.kit.text import sentences, shorten
from nightdesk.quality.statements import Documents
from nightdesk.quality.words import content_words, words
from nightdesk.store.session import Store
from nightdesk.store.tables.library import Passage
from nightdesk.store.tables.writer import Content

MOST_PASSAGES = 2000
"""Of the cited documents, that are looked through."""

ENOUGH = 0.34
"""Share of a sentence's words of meaning that a sentence of the source must have, to be shown beside it."""
LONGEST = 400

_MARK = re.compile(r'<sup class="citation" id="cite-(\d+)-(\d+)">.*?</sup>', re.DOTALL)
_BLOCK = re.compile(r"<(?:p|li|td|th|blockquote|h[2-6])\b[^>]*>")
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Evidence:
    """One mark in the text: `shown` and `use` are its numbers, `says` what the source says, or nothing.

    `verbatim` where the source has the sentence word for word.
    """

    shown: int
    use: int
    document: int
    title: str
    url: str
    author: str
    published: str
    sentence: str
    says: str
    verbatim: bool


@dataclass(frozen=True)
class Sources:
    """Looks up what is cited."""

    store: Store

    async def beside(self, content: Content) -> list[Evidence]:
        """In the order of the marks in the article; of sources that are gone, without what they say."""
        documents = [citation["document"] for citation in content.citations]
        if not documents:
            return []
        query = (
            select(Passage.document_id, Passage.text)
            .where(Passage.workspace_id == content.workspace_id, Passage.document_id.in_(documents))
            .order_by(Passage.document_id, Passage.position)
            .limit(MOST_PASSAGES)
        )
        texts: dict[int, list[str]] = {}
        async with self.store.workspace(content.workspace_id) as session:
            for document, text in await session.execute(query):
                texts.setdefault(document, []).append(text)
        library = Documents({one: "\n\n".join(found) for one, found in texts.items()}, content.language)
        return await asyncio.to_thread(_found, content.html, content.citations, library)


def _found(html: str, citations: Sequence[Mapping[str, Any]], library: Documents) -> list[Evidence]:
    by_number = {citation["shown"]: citation for citation in citations}
    found = []
    for shown, use, sentence in marked(html):
        citation = by_number.get(shown)
        if citation is not None:
            said = best(sentence, library, citation["document"])
            told = {name: citation[name] for name in ("document", "title", "url", "author", "published")}
            verbatim = bool(said) and _spoken(sentence) in _spoken(said)
            found.append(
                Evidence(
                    shown, use, sentence=sentence, says=shorten(said, LONGEST), verbatim=verbatim, **told
                )
            )
    return found


def marked(html: str) -> Iterator[tuple[int, int, str]]:
    """Each citation's numbers with the sentence that it stands behind."""
    for mark in _MARK.finditer(html):
        begin = max((block.end() for block in _BLOCK.finditer(html, 0, mark.start())), default=0)
        before = unescape(_TAG.sub("", _MARK.sub("", html[begin : mark.start()])))
        last = sentences(before)[-1:]
        yield int(mark[1]), int(mark[2]), last[0] if last else ""


def best(sentence: str, library: Documents, document: int) -> str:
    """The document's sentence that shares most words of meaning and numbers; empty where none does."""
    wanted, numbers = content_words(sentence), _numbers(sentence)
    if not wanted:
        return ""
    said, most = "", ENOUGH
    for statement in library.statements(document):
        likeness = len(wanted & statement.subject) / len(wanted)
        if likeness and numbers:
            likeness += 0.5 * len(numbers & _numbers(statement.sentence)) / len(numbers)
        if likeness > most:
            said, most = statement.sentence, likeness
    return said


def _spoken(text: str) -> str:
    return f" {' '.join(words(text))} "


def _numbers(text: str) -> frozenset[str]:
    return frozenset(word for word in words(text) if word[0].isdigit())
