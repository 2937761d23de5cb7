"""How many pieces of a kind stand in each state, told by the tallies that are kept of them."""

from sqlalchemy import func, select

from nightdesk.store.session import Store
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.workers import Tally


async def counts_by_site(store: Store, workspace_id: int, kind: str) -> dict[int, dict[str, int]]:
    """By site that is not archived and by state; `kind` is the name of the pieces' table."""
    total = func.sum(Tally.n)
    query = (
        select(Tally.site_id, Tally.state, total)
        .join(Site, (Site.workspace_id == Tally.workspace_id) & (Site.id == Tally.site_id))
        .where(Tally.workspace_id == workspace_id, Tally.kind == kind)
        .where(Site.archived_at.is_(None))
        .group_by(Tally.site_id, Tally.state)
        .having(total != 0)
    )
    found: dict[int, dict[str, int]] = {}
    async with store.workspace(workspace_id) as session:
        for site, state, count in await session.execute(query):
            found.setdefault(site, {})[state] = int(count)
    return found
