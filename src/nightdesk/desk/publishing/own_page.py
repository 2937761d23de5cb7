"""Has a short post about an article lead to the article itself, once that is out for all to see."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit.endings import Waits
from nightdesk.store.tables.publishing import Publication

WISHED = "article"
"""What the option `link` says where it is not an address."""

SECONDS = 120.0

_PAGE = text("""
    select p.url from publications p
    join accounts a on a.workspace_id = :workspace and a.id = p.account_id
    where p.workspace_id = :workspace and p.content_id = :content and p.id <> :own and p.state = 'live'
      and p.url like 'http%' and a.platform <> 'x' and coalesce(a.config ->> 'status', 'publish') = 'publish'
    order by a.platform <> 'wordpress', p.live_at, p.id limit 1
""")


async def leading(session: AsyncSession, row: Publication, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options, with the article's address as their `link` where they ask for it.

    Raises `Waits` until the article is out somewhere.
    """
    if options.get("link") != WISHED:
        return dict(options)
    facts = {"workspace": row.workspace_id, "content": row.content_id, "own": row.id}
    url = await session.scalar(_PAGE, facts) if row.content_id is not None else None
    if url is None:
        raise Waits("It is to lead to its article, and that is not out anywhere yet.", SECONDS)
    return {**options, "link": url}
