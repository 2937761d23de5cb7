"""Keeps names unique within a site, however many batches are being settled at the same time."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.store.tables.planner import Cluster, Idea
from nightdesk.store.tables.tenancy import Site


async def alone(session: AsyncSession, site: Site) -> None:
    """Until this transaction ends, nobody else names things of the site; its row can still be referred to."""
    row = select(Site.id).where(Site.workspace_id == site.workspace_id, Site.id == site.id)
    await session.execute(row.with_for_update(key_share=True))


async def clusters_named(session: AsyncSession, site: Site, names: Iterable[str]) -> dict[str, Cluster]:
    """The site's clusters that bear one of the names, by the folded name; of twins the oldest."""
    query = select(Cluster).where(
        Cluster.workspace_id == site.workspace_id,
        Cluster.site_id == site.id,
        func.lower(Cluster.name).in_({name.lower() for name in names}),
    )
    found = await session.scalars(query.order_by(Cluster.id.desc()))
    return {cluster.name.casefold(): cluster for cluster in found}


async def titles_taken(session: AsyncSession, site: Site, titles: Iterable[str]) -> set[str]:
    """Those of the titles that ideas of the site have already, folded."""
    query = select(Idea.title).where(
        Idea.workspace_id == site.workspace_id,
        Idea.site_id == site.id,
        func.lower(Idea.title).in_({title.lower() for title in titles}),
    )
    return {title.casefold() for title in await session.scalars(query)}
