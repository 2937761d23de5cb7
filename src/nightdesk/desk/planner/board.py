"""The board: ideas and tasks in the columns of their way to an article, and what was set aside on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.items import site_of
from nightdesk.desk.paging import Order, Paging, page_of, read_cursor
from nightdesk.store.session import Store
from nightdesk.store.tables.planner import Cluster, Idea, Task
from nightdesk.store.tables.runs import Batch
from nightdesk.store.tables.workers import Tally

SHOWN = 20
"""Cards of a column at once."""


@dataclass(frozen=True)
class Lane:
    """What a column holds: the rows of a table in one state, in the order in which runs take them."""

    table: Any
    state: str


LANES: Mapping[str, Lane] = {
    "ideas": Lane(Idea, "new"),
    "aside": Lane(Idea, "disabled"),
    "queued": Lane(Task, "queued"),
    "writing": Lane(Task, "in_hand"),
    "failed_clusters": Lane(Cluster, "failed"),
    "failed_ideas": Lane(Idea, "failed"),
    "failed_tasks": Lane(Task, "failed"),
}


@dataclass(frozen=True)
class Card:
    """One idea, task or cluster; `brief` has what an idea is or a task is told.

    `volume` is its cluster's, in searches a month; `since` when its batch was taken up.
    """

    kind: str
    id: int
    title: str
    state: str
    cluster: str
    volume: int
    brief: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    tries: int = 0
    parked_at: datetime | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class Column:
    """`total` cards, of which one page is shown."""

    name: str
    total: int
    cards: Sequence[Card]
    next_cursor: str | None


@dataclass(frozen=True)
class Board:
    """Reads; changes nothing. Raises `NotFound` for the site."""

    store: Store

    async def totals(self, workspace_id: int, site_id: int) -> dict[str, dict[str, int]]:
        """How many of each kind are in each state: keywords, clusters, ideas and tasks, from the tallies."""
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            return await _totals(session, workspace_id, site_id)

    async def columns(
        self, workspace_id: int, site_id: int
    ) -> tuple[dict[str, Column], dict[str, dict[str, int]]]:
        """The beginning of every column, and the `totals`."""
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            totals = await _totals(session, workspace_id, site_id)
            columns = {
                name: await _column(session, workspace_id, site_id, name, totals, "") for name in LANES
            }
            return columns, totals

    async def column(self, workspace_id: int, site_id: int, name: str, after: str) -> Column:
        """The next cards of one column. Raises `KeyError`, and `ValueError` for no cursor of it."""
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            totals = await _totals(session, workspace_id, site_id)
            return await _column(session, workspace_id, site_id, name, totals, after)


async def _totals(session: AsyncSession, workspace_id: int, site_id: int) -> dict[str, dict[str, int]]:
    total = func.sum(Tally.n)
    query = (
        select(Tally.kind, Tally.state, total)
        .where(Tally.workspace_id == workspace_id, Tally.site_id == site_id)
        .group_by(Tally.kind, Tally.state)
        .having(total != 0)
    )
    found: dict[str, dict[str, int]] = {}
    for kind, state, n in await session.execute(query):
        found.setdefault(kind, {})[state] = int(n)
    return found


async def _column(
    session: AsyncSession,
    workspace_id: int,
    site_id: int,
    name: str,
    totals: Mapping[str, Mapping[str, int]],
    after: str,
) -> Column:
    lane = LANES[name]
    table = lane.table
    total = totals.get(table.__tablename__, {}).get(lane.state, 0)
    if not total:
        return Column(name, 0, [], None)
    order = Order(name, table.id, table.id, descending=False)
    query = select(table).where(
        table.workspace_id == workspace_id, table.site_id == site_id, table.state == lane.state
    )
    if lane.state == "in_hand":
        query = query.where(table.batch_id.is_not(None))
    paging = Paging(order, SHOWN, read_cursor(after, order) if after else None)
    rows, following = await page_of(session, query, paging)
    clusters = await _clusters(session, workspace_id, rows)
    since = await _since(session, workspace_id, rows)
    return Column(name, total, [_card(row, clusters, since) for row in rows], following)


async def _clusters(
    session: AsyncSession, workspace_id: int, rows: Sequence[Any]
) -> dict[int, tuple[str, int]]:
    numbers = {row.cluster_id for row in rows if not isinstance(row, Cluster)}
    query = select(Cluster.id, Cluster.name, Cluster.volume).where(
        Cluster.workspace_id == workspace_id, Cluster.id.in_(numbers)
    )
    return {number: (name, volume) for number, name, volume in await session.execute(query)}


async def _since(session: AsyncSession, workspace_id: int, rows: Sequence[Any]) -> dict[int, datetime | None]:
    numbers = {row.batch_id for row in rows if row.batch_id is not None}
    if not numbers:
        return {}
    query = select(Batch.id, Batch.taken_at).where(Batch.workspace_id == workspace_id, Batch.id.in_(numbers))
    return dict((await session.execute(query)).all())


def _card(row: Any, clusters: Mapping[int, tuple[str, int]], since: Mapping[int, datetime | None]) -> Card:
    if isinstance(row, Cluster):
        name, volume, brief = row.name, row.volume, {"angle": row.description}
    else:
        name, volume = clusters.get(row.cluster_id, ("", 0))
        brief = dict(row.brief) if isinstance(row, Task) else brief_of(row)
    return Card(
        kind=row.__tablename__.removesuffix("s"),
        id=row.id,
        title=row.name if isinstance(row, Cluster) else row.title,
        state=row.state,
        cluster=name,
        volume=volume,
        brief=brief,
        error=row.error or "",
        tries=row.tries,
        parked_at=row.parked_at,
        since=since.get(row.batch_id or 0),
    )


def brief_of(idea: Idea) -> dict[str, Any]:
    """What an idea says, as a task's brief has it."""
    return {
        "title": idea.title,
        "angle": idea.angle,
        "keywords": idea.keywords,
        "intent": idea.intent,
        "structure": idea.structure,
        "outline": idea.outline,
        "words": idea.words,
    }
