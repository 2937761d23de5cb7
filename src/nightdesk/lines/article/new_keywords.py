"""How many new keywords a site has, and when those are too few to be worth clustering."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.store.tables.planner import Keyword
from nightdesk.store.tables.tenancy import Site

FEWEST = 5
"""New keywords below which clustering waits for more (CONTRACT, stage 1)."""
TOO_FEW = f"fewer than {FEWEST} new keywords"
FIELDS = ("keywords_processed", "clusters_created")
"""The result fields of stage 1, whose two steps share one result."""


async def new_keywords(session: AsyncSession, site: Site) -> tuple[int, int]:
    """How many keywords of the site are new, and how many of those are in no group yet."""
    ungrouped = func.count().filter(Keyword.group_key.is_(None))
    query = select(func.count(), ungrouped).where(
        Keyword.workspace_id == site.workspace_id, Keyword.site_id == site.id, Keyword.state == "new"
    )
    waiting, without = (await session.execute(query)).one()
    return waiting, without
