"""Compares an article with the site's own pieces at the moment it is kept."""

import asyncio
import re
from collections.abc import Sequence
from html import unescape

from sqlalchemy import BigInteger, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.quality import originality
from nightdesk.quality.report import CheckReport
from nightdesk.store.tables.tenancy import Site

CLOSEST = 4
"""Pieces that are compared sentence by sentence: those that share most of the article's marks."""

LEAST_SHARED = 0.05
"""Of an article's marks; below a share of 0.08 originality has nothing to say, and marks are a sample."""

_CLOSEST = text(
    "with close as materialized ("
    "select content_id, count(*) as shared from content_marks "
    "where workspace_id = :workspace and site_id = :site "
    "and mark = any(:marks) and content_id is distinct from :but "
    "group by content_id having count(*) >= :least order by count(*) desc, content_id desc limit :limit"
    ") select id, title, html from close join contents on workspace_id = :workspace and id = content_id "
    "order by shared desc, id desc"
).bindparams(bindparam("marks", type_=ARRAY(BigInteger)), bindparam("but", type_=BigInteger), limit=CLOSEST)
_FORGET = text("delete from content_marks where workspace_id = :workspace and content_id = :content")
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
    values = {
        "workspace": site.workspace_id,
        "site": site.id,
        "marks": list(marks),
        "least": LEAST_SHARED * len(marks),
        "but": but,
    }
    found = [(row.id, row.title, row.html) for row in await session.execute(_CLOSEST, values)]
    return await asyncio.to_thread(_compared, text, found)


async def remember(
    session: AsyncSession, site: Site, content_id: int, marks: Sequence[int], *, new: bool = True
) -> None:
    """Keeps the fingerprint of the piece as it is now, so that later ones are compared with it."""
    piece = {"workspace": site.workspace_id, "content": content_id}
    if not new:
        await session.execute(_FORGET, piece)
    await session.execute(_REMEMBER, piece | {"site": site.id, "marks": list(marks)})


def _compared(text: str, pieces: Sequence[tuple[int, str, str]]) -> CheckReport:
    return originality.check(text, [(piece, title, plain_text(html)) for piece, title, html in pieces])


def plain_text(html: str) -> str:
    """The visible text of an article's HTML, paragraphs parted by blank lines, without marks and sources."""
    said = _BLOCK.sub("\n\n", _UNSAID.sub("", html))
    return unescape(_TAG.sub("", said))
