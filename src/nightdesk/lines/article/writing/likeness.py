"""Compares an article with the site's own pieces at the moment it is kept."""

import asyncio
import re
from collections.abc import Sequence
from html import unescape

from sqlalchemy import BigInteger, bindparam, delete, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.quality import originality
from nightdesk.quality.report import CheckReport
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.writer import Content, ContentMark

CLOSEST = 4
"""Pieces that are compared sentence by sentence: those that share most of the article's marks."""

LEAST_SHARED = 0.02
"""Of an article's marks; below a share of 0.08 originality has nothing to say, and marks are a sample."""

_REMEMBER = text(
    "insert into content_marks (workspace_id, site_id, mark, content_id) "
    "select :workspace, :site, mark, :content from unnest(:marks) as mark"
).bindparams(bindparam("marks", type_=ARRAY(BigInteger)))

_UNSAID = re.compile(r'<section class="sources">.*|<sup\b.*?</sup>|<figure\b.*?</figure>', re.DOTALL)
_BLOCK = re.compile(r"</(?:p|li|h[1-6]|td|th|tr|blockquote|pre)>")
_TAG = re.compile(r"<[^>]+>")


async def check_against_own(
    session: AsyncSession, site: Site, text: str, marks: Sequence[int], *, but: int | None = None
) -> CheckReport:
    """Originality of `text` among the site's pieces, those that were kept a moment ago too.

    `marks`: its fingerprint; `but`: the number of the piece that it is the new text of.
    """
    close = await _closest(session, site, marks, but)
    if not close:
        return await asyncio.to_thread(originality.check, text, ())
    found = await session.execute(
        select(Content.id, Content.title, Content.html).where(
            Content.workspace_id == site.workspace_id, Content.id.in_(close)
        )
    )
    return await asyncio.to_thread(_compared, text, [(row.id, row.title, row.html) for row in found])


async def remember(session: AsyncSession, site: Site, content_id: int, marks: Sequence[int]) -> None:
    """Keeps the fingerprint of the piece as it is now, so that later ones are compared with it."""
    await session.execute(
        delete(ContentMark).where(
            ContentMark.workspace_id == site.workspace_id, ContentMark.content_id == content_id
        )
    )
    values = {"workspace": site.workspace_id, "site": site.id, "content": content_id, "marks": list(marks)}
    await session.execute(_REMEMBER, values)


async def _closest(session: AsyncSession, site: Site, marks: Sequence[int], but: int | None) -> list[int]:
    shared = func.count()
    query = (
        select(ContentMark.content_id)
        .where(
            ContentMark.workspace_id == site.workspace_id,
            ContentMark.site_id == site.id,
            ContentMark.mark == func.any(bindparam("marks", list(marks), ARRAY(BigInteger))),
        )
        .group_by(ContentMark.content_id)
        .having(shared >= LEAST_SHARED * len(marks))
        .order_by(shared.desc(), ContentMark.content_id.desc())
        .limit(CLOSEST)
    )
    if but is not None:
        query = query.where(ContentMark.content_id != but)
    return list(await session.scalars(query))


def _compared(text: str, pieces: Sequence[tuple[int, str, str]]) -> CheckReport:
    return originality.check(text, [(piece, title, plain_text(html)) for piece, title, html in pieces])


def plain_text(html: str) -> str:
    """The visible text of an article's HTML, paragraphs parted by blank lines, without marks and sources."""
    said = _BLOCK.sub("\n\n", _UNSAID.sub("", html))
    return unescape(_TAG.sub("", said))
