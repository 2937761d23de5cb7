"""Reads what an article may be written from: passages of the site's documents, and its pieces to link to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.providers.text.questions import OwnPiece, SourceDocument
from nightdesk.quality.words import content_words, words
from nightdesk.store.tables.library import Document, Passage
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.writer import Content

PRESELECTED = 200
"""Passages that the database finds, of which the best are picked."""
PREFIX = 6
"""A word of so many letters or more is looked for with any ending: the index knows no language."""
MOST_PASSAGES = 2000
"""Of documents that are cited, that figures and quotations are looked up in."""
NEWEST_PIECES = 500
MOST_PIECES = 20
FEWEST_WORDS = 40
"""Below which a text is no article."""
LINKABLE = ("draft", "review", "approved", "published")


@dataclass(frozen=True)
class Material:
    """`passages` as (document, text), each document's as it has them; `flagged` ones read like orders."""

    documents: Mapping[int, SourceDocument]
    flagged: frozenset[int]
    passages: Sequence[tuple[int, str]]
    own_pieces: Sequence[OwnPiece]


async def read_material(session: AsyncSession, site: Site, brief: Mapping[str, Any]) -> Material:
    """What there is for a task's brief."""
    passages = await _passages(session, site, terms(brief))
    documents, flagged = await documents_of(session, site, {document for document, _ in passages})
    return Material(documents, flagged, passages, await _own_pieces(session, site, brief))


def terms(brief: Mapping[str, Any]) -> list[str]:
    """The phrases that say what the article is about."""
    return [brief["title"], *brief["keywords"], *(section["heading"] for section in brief["outline"])]


def or_query(phrases: Sequence[str]) -> str:
    """A `tsquery` that finds any word of the phrases that carries meaning; empty where none does."""
    said = dict.fromkeys(word for phrase in phrases for word in words(phrase))
    wanted = (word for word in said if word.isalnum() and (content_words(word) or word.isdigit()))
    return " | ".join(dict.fromkeys(f"{w[:PREFIX]}:*" if len(w) >= PREFIX else w for w in wanted))


async def _passages(session: AsyncSession, site: Site, phrases: Sequence[str]) -> list[tuple[int, str]]:
    mine = select(Passage.document_id, Passage.position, Passage.text).where(
        Passage.workspace_id == site.workspace_id, Passage.site_id == site.id
    )
    query = func.to_tsquery("simple", or_query(phrases))
    best = mine.where(Passage.words.op("@@")(query)).order_by(
        func.ts_rank(Passage.words, query).desc(), Passage.id
    )
    found = (await session.execute(best.limit(PRESELECTED))).all()
    if not found:
        # A script without spaces has no words that an index could find; the picking reads letters.
        found = (await session.execute(mine.order_by(Passage.id.desc()).limit(PRESELECTED))).all()
    return [(document, text) for document, _, text in sorted(found)]


async def passages_of(session: AsyncSession, site: Site, documents: Collection[int]) -> list[tuple[int, str]]:
    """The passages of these documents as (document, text), each document's in its order, at most 2,000."""
    if not documents:
        return []
    query = (
        select(Passage.document_id, Passage.text)
        .where(Passage.workspace_id == site.workspace_id, Passage.document_id.in_(documents))
        .order_by(Passage.document_id, Passage.position)
        .limit(MOST_PASSAGES)
    )
    return [(document, text) for document, text in await session.execute(query)]


async def documents_of(
    session: AsyncSession, site: Site, ids: Collection[int]
) -> tuple[dict[int, SourceDocument], frozenset[int]]:
    """Those of the site's documents by their number, and which of them read like orders to a machine."""
    if not ids:
        return {}, frozenset()
    columns = (
        Document.id, Document.title, Document.url, Document.author, Document.published, Document.flags
    )  # fmt: skip
    query = select(*columns).where(
        Document.workspace_id == site.workspace_id, Document.site_id == site.id, Document.id.in_(ids)
    )
    rows = (await session.execute(query)).all()
    documents = {
        row.id: SourceDocument(
            number=row.id, title=row.title, url=row.url, author=row.author, published=row.published
        )
        for row in rows
    }
    return documents, frozenset(row.id for row in rows if row.flags)


async def _own_pieces(session: AsyncSession, site: Site, brief: Mapping[str, Any]) -> list[OwnPiece]:
    """Those of the site's newest pieces whose titles share most words with the task."""
    query = (
        select(Content.title, Content.slug)
        .where(
            Content.workspace_id == site.workspace_id,
            Content.site_id == site.id,
            Content.status.in_(LINKABLE),
        )
        .order_by(Content.id.desc())
        .limit(NEWEST_PIECES)
    )
    wanted = content_words(" ".join([brief["title"], *brief["keywords"]]))
    shared = [(len(_said_by(title) & wanted), title, slug) for title, slug in await session.execute(query)]
    near = sorted((one for one in shared if one[0]), key=lambda one: -one[0])
    return [OwnPiece(title=title, slug=slug) for _, title, slug in near[:MOST_PIECES]]


# The titles of a site's pieces are asked for again with every article of the night.
_said_by = lru_cache(maxsize=4 * NEWEST_PIECES)(content_words)
