"""Changes of many keywords at once: of those chosen one by one, or of all that a filter finds."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, Invalid
from nightdesk.desk.items import site_of
from nightdesk.desk.planner.inputs import NewCluster
from nightdesk.desk.planner.keyword_lists import KeywordFilter, conditions, count_upto
from nightdesk.desk.planner.undoing import Notes
from nightdesk.desk.planner.volumes import add_up
from nightdesk.lines.article.names import alone, clusters_named
from nightdesk.store.session import Store
from nightdesk.store.tables.planner import Cluster, Keyword
from nightdesk.store.tables.tenancy import Site

MOST = 20_000
"""Keywords of one change."""

NEW = {"status": "new", "cluster_id": None, "group_key": None, "block": None}
"""What a keyword is that no cluster has."""


@dataclass(frozen=True)
class Chosen:
    """The keywords that a change is meant for: those numbered, else all that `asked` finds.

    `told` is how many the person was told of: more than these are never touched.
    """

    numbers: Sequence[int] = ()
    asked: KeywordFilter | None = None
    told: int = 0


@dataclass(frozen=True)
class Done:
    """What came of a change: `left` were in a run's hands and stay as they were.

    `undo` is the number to put it back by, None where nothing changed; `cluster` the one moved to, `made`
    whether that is new.
    """

    changed: int
    left: int
    undo: int | None
    cluster: Cluster | None = None
    made: bool = False


@dataclass(frozen=True)
class KeywordBulk:
    """Changes many, and notes how to put it back. All raise `NotFound` for the site, and `Conflict` where
    more keywords are found than the person was told of, or than one change may concern."""

    store: Store

    async def count(self, workspace_id: int, site_id: int, asked: KeywordFilter) -> int:
        """How many the filter finds; `MOST + 1` says that it is more than one change may concern."""
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            return await count_upto(session, _of(workspace_id, site_id), asked, MOST + 1)

    async def disable(self, workspace_id: int, site_id: int, chosen: Chosen, *, disabled: bool) -> Done:
        """Disables or enables them."""
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            numbers, left = await _take(session, workspace_id, site_id, chosen)
            notes = Notes(session, workspace_id, site_id)
            changed = await notes.alter(Keyword, numbers, disabled=disabled)
            return Done(changed, left, await notes.keep())

    async def delete(self, workspace_id: int, site_id: int, chosen: Chosen) -> Done:
        """Deletes them."""
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            numbers, left = await _take(session, workspace_id, site_id, chosen)
            clusters = await _clusters(session, workspace_id, numbers)
            notes = Notes(session, workspace_id, site_id)
            changed = await notes.remove(Keyword, numbers)
            await add_up(session, workspace_id, clusters.values())
            return Done(changed, left, await notes.keep())

    async def unmap(self, workspace_id: int, site_id: int, chosen: Chosen) -> Done:
        """Takes them out of their clusters: they are new again."""
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            numbers, left = await _take(session, workspace_id, site_id, chosen)
            clusters = await _clusters(session, workspace_id, numbers)
            notes = Notes(session, workspace_id, site_id)
            inside = [number for number, cluster in clusters.items() if cluster is not None]
            changed = await notes.alter(Keyword, inside, **NEW)
            await add_up(session, workspace_id, clusters.values())
            return Done(changed, left, await notes.keep())

    async def move(self, workspace_id: int, site_id: int, chosen: Chosen, name: str) -> Done:
        """Moves them to the cluster of that name, which is made where the site has none.

        Raises `Invalid` for a name that cannot be one.
        """
        wanted = named(name)
        async with self.store.workspace(workspace_id) as session:
            site = await site_of(session, workspace_id, site_id)
            # Keywords before their clusters, as everybody locks them, so that nobody waits in a circle.
            numbers, left = await _take(session, workspace_id, site_id, chosen)
            before = await _clusters(session, workspace_id, numbers)
            notes = Notes(session, workspace_id, site_id)
            cluster, made = await _cluster_named(session, site, wanted.name, notes)
            changed = await notes.alter(Keyword, numbers, status="mapped", cluster_id=cluster.id)
            await add_up(session, workspace_id, [*before.values(), cluster.id])
            return Done(changed, left, await notes.keep(), cluster, made)


def _of(workspace_id: int, site_id: int) -> list[ColumnElement[bool]]:
    return [Keyword.workspace_id == workspace_id, Keyword.site_id == site_id]


def named(name: str) -> NewCluster:
    """The name as it is kept. Raises `Invalid`."""
    name = name.strip()
    if not 1 <= len(name) <= 120 or not name.isprintable():
        raise Invalid("name", "A cluster's name has 1 to 120 characters.")
    return NewCluster(name=name)


async def _take(
    session: AsyncSession, workspace_id: int, site_id: int, chosen: Chosen
) -> tuple[list[int], int]:
    """Locks the keywords that are meant; returns those that are free, and how many a run has in hand."""
    query = select(Keyword.id, Keyword.batch_id).where(*_of(workspace_id, site_id)).order_by(Keyword.id)
    if chosen.asked is not None:
        query = query.where(*conditions(chosen.asked)).limit(min(chosen.told, MOST) + 1)
    else:
        query = query.where(text("keywords.id = any(cast(:numbers as bigint[]))"))
        query = query.params(numbers=list(chosen.numbers))
    rows = (await session.execute(query.with_for_update())).all()
    if max(len(rows), len(chosen.numbers)) > MOST:
        raise Conflict(f"More than {MOST:,} keywords are too many for one change: narrow the list first.")
    if chosen.asked is not None and len(rows) > chosen.told:
        raise Conflict(
            f"More keywords match by now than the {chosen.told:,} you were told of. Nothing was changed; "
            "look at the list again."
        )
    free = [number for number, batch in rows if batch is None]
    return free, len(rows) - len(free)


async def _clusters(
    session: AsyncSession, workspace_id: int, numbers: Sequence[int]
) -> dict[int, int | None]:
    """The cluster of each of the keywords."""
    query = text("""
        select id, cluster_id from keywords
        where workspace_id = :workspace and id = any(cast(:numbers as bigint[]))
    """)
    rows = await session.execute(query, {"workspace": workspace_id, "numbers": list(numbers)})
    return dict(rows.all())


async def _cluster_named(session: AsyncSession, site: Site, name: str, notes: Notes) -> tuple[Cluster, bool]:
    await alone(session, site)
    found = (await clusters_named(session, site, [name])).get(name.casefold())
    if found is not None:
        return found, False
    cluster = Cluster(workspace_id=site.workspace_id, site_id=site.id, name=name)
    session.add(cluster)
    await session.flush()
    await session.refresh(cluster)
    notes.made(Cluster, cluster.id)
    return cluster, True
