"""Clusters: made by hand, renamed, disabled, deleted."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Taken
from nightdesk.desk.items import Filter, Items, site_of, written
from nightdesk.desk.paging import Order, orders
from nightdesk.desk.planner.below import lock_ideas, lock_tasks
from nightdesk.desk.planner.inputs import ClusterChanges, NewCluster
from nightdesk.lines.article.names import alone, clusters_named
from nightdesk.store.tables.planner import Cluster, Idea, Keyword, Task
from nightdesk.store.tables.tenancy import Site

MOST_COUNTED = 10_000
"""Keywords of a cluster; it may have more."""


class Clusters(Items[Cluster]):
    """The clusters of a site; no two bear the same name."""

    table, word, named = Cluster, "cluster", "name"
    orders = orders(
        Order("newest", Cluster.id, Cluster.id),
        Order("oldest", Cluster.id, Cluster.id, descending=False),
        Order("volume", Cluster.volume, Cluster.id),
        Order("name", Cluster.name, Cluster.id, descending=False),
    )

    def narrowed(self, asked: Filter) -> list[ColumnElement[bool]]:
        found = super().narrowed(asked)
        if asked.min_volume is not None:
            found.append(Cluster.volume >= asked.min_volume)
        return found

    async def sizes(self, workspace_id: int, numbers: Sequence[int]) -> dict[int, tuple[int, int]]:
        """How many keywords and ideas each of the clusters has, keywords counted up to `MOST_COUNTED`."""
        query = text("""
            select c.id,
                   (select count(*) from (
                       select from keywords k where k.workspace_id = :workspace and k.cluster_id = c.id
                       limit :most) as counted),
                   (select count(*) from ideas i where i.workspace_id = :workspace and i.cluster_id = c.id)
            from unnest(cast(:numbers as bigint[])) as c(id)
        """)
        facts = {"workspace": workspace_id, "numbers": list(numbers), "most": MOST_COUNTED}
        async with self.store.workspace(workspace_id) as session:
            rows = await session.execute(query, facts)
            return {number: (keywords, ideas) for number, keywords, ideas in rows}

    async def names(self, workspace_id: int, numbers: Sequence[int]) -> dict[int, str]:
        """The names of those of the clusters that there are."""
        query = select(Cluster.id, Cluster.name).where(
            Cluster.workspace_id == workspace_id, Cluster.id.in_(numbers)
        )
        async with self.store.workspace(workspace_id) as session:
            return dict((await session.execute(query)).all())

    async def create(self, workspace_id: int, site_id: int, new: NewCluster) -> Cluster:
        """An empty cluster; keywords are moved into it. Raises `NotFound`, `Taken`."""
        async with self.writing(workspace_id) as session:
            site = await site_of(session, workspace_id, site_id)
            await _free_name(session, site, new.name)
            cluster = Cluster(workspace_id=workspace_id, site_id=site_id, **new.model_dump())
            session.add(cluster)
            return await written(session, cluster)

    async def change(self, workspace_id: int, number: int, changes: ClusterChanges) -> Cluster:
        """Changes what is given. Raises `NotFound`, `Taken`, and `Conflict` while it is in hand."""
        facts = changes.given()
        async with self.writing(workspace_id) as session:
            cluster = await self.find(session, workspace_id, number)
            if facts.get("name", cluster.name).casefold() != cluster.name.casefold():
                site = await site_of(session, workspace_id, cluster.site_id)
                await _free_name(session, site, facts["name"])
            cluster = await self.take(session, workspace_id, number)
            for name, value in facts.items():
                setattr(cluster, name, value)
            return await written(session, cluster)

    async def delete(self, workspace_id: int, number: int) -> None:
        """Deletes it with its ideas and tasks; its keywords are new again.

        Raises `NotFound`, and `Conflict` while any of it is in hand, or where articles were written.
        """
        async with self.writing(workspace_id) as session:
            mine = (Keyword.workspace_id == workspace_id, Keyword.cluster_id == number)
            # Keywords before their cluster, as everybody locks them, so that nobody waits in a circle.
            await session.execute(select(Keyword.id).where(*mine).order_by(Keyword.id).with_for_update())
            cluster = await self.take(session, workspace_id, number)
            ideas = await lock_ideas(session, workspace_id, Idea.cluster_id == number)
            await lock_tasks(session, workspace_id, Task.idea_id.in_(ideas))
            await session.execute(
                update(Keyword)
                .where(*mine)
                .values(status="new", cluster_id=None, group_key=None, block=None)
                .execution_options(synchronize_session=False)
            )
            await session.delete(cluster)


async def _free_name(session: AsyncSession, site: Site, name: str) -> None:
    await alone(session, site)
    if await clusters_named(session, site, [name]):
        raise Taken(f"The site has a cluster “{name}” already.")
