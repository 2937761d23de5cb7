"""Clusters renamed, merged, disabled and deleted by a person, each so that it can be put back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, Invalid, NotFound, Taken
from nightdesk.desk.items import in_hand, site_of
from nightdesk.desk.planner.below import lock_ideas, lock_tasks
from nightdesk.desk.planner.inputs import NewCluster
from nightdesk.desk.planner.keyword_bulk import NEW, named
from nightdesk.desk.planner.undoing import Notes
from nightdesk.desk.planner.volumes import add_up
from nightdesk.lines.article.names import alone, clusters_named
from nightdesk.store.session import Store
from nightdesk.store.tables.planner import Cluster, Idea, Keyword, Task
from nightdesk.store.tables.tenancy import Site

MOST = 200
"""Clusters of one change."""

MOST_KEYWORDS = 50_000
"""That move with the clusters of one change."""


@dataclass(frozen=True)
class Changed:
    """How many clusters and keywords a change concerned, and the number to put it back by."""

    clusters: int
    keywords: int
    undo: int | None
    into: str = ""


@dataclass(frozen=True)
class ClusterChanges:
    """All raise `NotFound` for what is not the site's, and `Conflict` while any of it is in hand."""

    store: Store

    async def rename(
        self, workspace_id: int, site_id: int, number: int, name: str, description: str | None = None
    ) -> Changed:
        """Gives it a name that no other of the site has. Raises `Taken`, `Invalid`."""
        wanted = named(name)
        async with self.store.workspace(workspace_id) as session:
            site = await site_of(session, workspace_id, site_id)
            await _check_name(session, site, wanted, {number})
            (cluster,) = await _take(session, site, [number])
            notes = Notes(session, workspace_id, site_id)
            facts = {"name": wanted.name} | ({} if description is None else {"description": description})
            changed = await notes.alter(Cluster, [cluster.id], **facts)
            return Changed(changed, 0, await notes.keep(), wanted.name)

    async def disable(
        self, workspace_id: int, site_id: int, numbers: Sequence[int], *, disabled: bool
    ) -> Changed:
        """No ideas are planned for a cluster while it is disabled."""
        async with self.store.workspace(workspace_id) as session:
            site = await site_of(session, workspace_id, site_id)
            found = await _take(session, site, numbers)
            notes = Notes(session, workspace_id, site_id)
            changed = await notes.alter(Cluster, [one.id for one in found], disabled=disabled)
            return Changed(changed, 0, await notes.keep())

    async def merge(self, workspace_id: int, site_id: int, numbers: Sequence[int], name: str) -> Changed:
        """Makes one of several, under a name that is new to the site or one of theirs.

        Their keywords, ideas and tasks go with them. Raises `Invalid`, `Taken`.
        """
        wanted = named(name)
        if len(set(numbers)) < 2:
            raise Invalid("name", "Choose at least two clusters to merge.")
        async with self.store.workspace(workspace_id) as session:
            site = await site_of(session, workspace_id, site_id)
            keywords = await _lock_keywords(session, workspace_id, numbers)
            await _check_name(session, site, wanted, set(numbers))
            found = await _take(session, site, numbers)
            notes = Notes(session, workspace_id, site_id)
            kept = _heir(found, wanted.name)
            await _merge(session, notes, kept, found, keywords, wanted.name)
            await add_up(session, workspace_id, [kept.id])
            return Changed(len(found), len(keywords), await notes.keep(), wanted.name)

    async def delete(self, workspace_id: int, site_id: int, numbers: Sequence[int]) -> Changed:
        """Deletes them with their ideas and tasks; their keywords are new again.

        Raises `Conflict` where articles were written from them.
        """
        async with self.store.workspace(workspace_id) as session:
            site = await site_of(session, workspace_id, site_id)
            keywords = await _lock_keywords(session, workspace_id, numbers)
            found = [one.id for one in await _take(session, site, numbers)]
            ideas = await lock_ideas(session, workspace_id, Idea.cluster_id.in_(found))
            tasks = await lock_tasks(session, workspace_id, Task.idea_id.in_(ideas))
            notes = Notes(session, workspace_id, site_id)
            moved = await notes.alter(Keyword, keywords, **NEW)
            await notes.remove(Task, tasks)
            await notes.remove(Idea, ideas)
            return Changed(await notes.remove(Cluster, found), moved, await notes.keep())


async def _merge(
    session: AsyncSession,
    notes: Notes,
    kept: Cluster,
    found: Sequence[Cluster],
    keywords: Sequence[int],
    name: str,
) -> None:
    """Moves what hangs on the others before they go, since it would go with them."""
    workspace_id, others = kept.workspace_id, [one.id for one in found if one is not kept]
    await notes.alter(Keyword, keywords, cluster_id=kept.id)
    ideas = await lock_ideas(session, workspace_id, Idea.cluster_id.in_(others))
    await notes.alter(Idea, ideas, cluster_id=kept.id)
    theirs = select(Task.id).where(Task.workspace_id == workspace_id, Task.cluster_id.in_(others))
    tasks = list(await session.scalars(theirs.order_by(Task.id).with_for_update()))
    await notes.alter(Task, tasks, cluster_id=kept.id)
    planned = any(one.status != "new" for one in found)
    await notes.alter(
        Cluster,
        [kept.id],
        name=name,
        keys=sorted({key for one in found for key in one.keys}),
        status="mapped" if planned else kept.status,
    )
    await notes.remove(Cluster, others)


def _heir(found: Sequence[Cluster], name: str) -> Cluster:
    """The cluster that goes on: the one of that name, else the most searched."""
    return max(found, key=lambda one: (one.name.casefold() == name.casefold(), one.volume, -one.id))


async def _take(session: AsyncSession, site: Site, numbers: Sequence[int]) -> list[Cluster]:
    """Locks them in one order. Raises `NotFound`, `Conflict`."""
    wanted = set(numbers)
    if len(wanted) > MOST:
        raise Conflict(f"More than {MOST} clusters are too many for one change. Nothing was changed.")
    query = (
        select(Cluster)
        .where(
            Cluster.workspace_id == site.workspace_id,
            Cluster.site_id == site.id,
            Cluster.id.in_(sorted(wanted)),
        )
        .order_by(Cluster.id)
        .with_for_update()
    )
    found = list(await session.scalars(query))
    if not found or len(found) != len(wanted):
        raise NotFound("cluster (any more)")
    if any(one.batch_id is not None for one in found):
        raise in_hand("cluster")
    return found


async def _lock_keywords(session: AsyncSession, workspace_id: int, numbers: Sequence[int]) -> list[int]:
    """Keywords before their clusters, as everybody locks them, so that nobody waits in a circle."""
    query = (
        select(Keyword.id)
        .where(Keyword.workspace_id == workspace_id, Keyword.cluster_id.in_(sorted(set(numbers))))
        .order_by(Keyword.id)
        .limit(MOST_KEYWORDS + 1)
        .with_for_update()
    )
    found = list(await session.scalars(query))
    if len(found) > MOST_KEYWORDS:
        raise Conflict(f"More than {MOST_KEYWORDS:,} keywords would move at once. Nothing was changed.")
    return found


async def _check_name(session: AsyncSession, site: Site, wanted: NewCluster, own: set[int]) -> None:
    """Raises `Taken` where a cluster that is not one of its `own` has the name."""
    await alone(session, site)
    other = (await clusters_named(session, site, [wanted.name])).get(wanted.name.casefold())
    if other is not None and other.id not in own:
        raise Taken(f"The site has a cluster “{wanted.name}” already.")
