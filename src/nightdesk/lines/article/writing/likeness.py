"""Compares an article with the site's own pieces at the moment it is kept."""

import asyncio
import base64
import re
from html import unescape

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.quality import originality
from nightdesk.quality.fingerprints import nearest
from nightdesk.quality.report import CheckReport
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.writer import Content

NEWEST = 1000
"""Pieces whose fingerprints are looked at."""
CLOSEST = 4
"""Pieces that are then compared sentence by sentence."""
FINGERPRINT = "fingerprint"
"""Under which a content's checks keep its fingerprint, in base64."""

_UNSAID = re.compile(r'<section class="sources">.*|<sup\b.*?</sup>|<figure\b.*?</figure>', re.DOTALL)
_BLOCK = re.compile(r"</(?:p|li|h[1-6]|td|th|tr|blockquote|pre)>")
_TAG = re.compile(r"<[^>]+>")


async def check_against_own(session: AsyncSession, site: Site, text: str, fingerprint: bytes) -> CheckReport:
    """Originality of `text` among the site's newest pieces, those that were kept a moment ago too."""
    mine = (Content.workspace_id == site.workspace_id, Content.site_id == site.id)
    marks = await session.execute(
        select(Content.id, Content.checks[FINGERPRINT].astext)
        .where(*mine)
        .order_by(Content.id.desc())
        .limit(NEWEST)
    )
    library = [(piece, base64.b64decode(mark)) for piece, mark in marks if mark]
    close = await asyncio.to_thread(nearest, fingerprint, library, CLOSEST)
    others = (
        await session.execute(
            select(Content.id, Content.title, Content.html).where(*mine, Content.id.in_(close))
        )
        if close
        else ()
    )
    texts = [(piece, title, plain_text(html)) for piece, title, html in others]
    return await asyncio.to_thread(originality.check, text, texts)


def spelled(fingerprint: bytes) -> str:
    return base64.b64encode(fingerprint).decode("ascii")


def plain_text(html: str) -> str:
    """The visible text of an article's HTML, paragraphs parted by blank lines, without marks and sources."""
    said = _BLOCK.sub("\n\n", _UNSAID.sub("", html))
    return unescape(_TAG.sub("", said))
