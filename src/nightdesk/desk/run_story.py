"""What one run did: its batches, what it made, what it asked of providers, and what it left parked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.costs import ProviderCost
from nightdesk.stage import Line, Stage
from nightdesk.store.tables.runs import Batch, Run
from nightdesk.store.tables.workers import Tally

SHOWN = 50
"""Pieces and parked items that are listed; more are counted."""

_PIECES = text("""
    with written as (
        select distinct cast(item as bigint) as task
        from batches b cross join jsonb_array_elements_text(b.items) as item
        where b.workspace_id = :workspace and b.run_id = :run and b.step = 'content' and b.status = 'done')
    select c.id, c.title, c.words, c.state, count(*) over ()
    from contents c join written on written.task = c.task_id
    where c.workspace_id = :workspace order by c.id limit :most
""")
_VIDEOS = text("""
    with worked as (
        select distinct b.step, cast(item as bigint) as item
        from batches b cross join jsonb_array_elements_text(b.items) as item
        where b.workspace_id = :workspace and b.run_id = :run and b.status = 'done'),
    touched as (
        select item as video from worked where step not in ('narration', 'clips')
        union
        select s.video_id from worked join scenes s on s.workspace_id = :workspace and s.id = worked.item
        where worked.step in ('narration', 'clips'))
    select v.id, coalesce(nullif(v.title, ''), v.topic), v.seconds, v.state, count(*) over ()
    from videos v join touched on touched.video = v.id
    where v.workspace_id = :workspace order by v.id limit :most
""")
_CALLS = text("""
    select kind, provider, model, cast(sum(calls) as bigint),
           cast(coalesce(sum(calls) filter (where not ok), 0) as bigint), sum(seconds),
           cast(sum(input_tokens) as bigint), cast(sum(output_tokens) as bigint),
           cast(sum(units) as bigint), coalesce(sum(usd), 0)
    from provider_calls where workspace_id = :workspace and run_id = :run
    group by 1, 2, 3 order by 1, 2, 3
""")


@dataclass(frozen=True)
class BatchTold:
    """One batch: `items` is how many it holds, `status` what became of it."""

    id: int
    stage: int
    step: str
    status: str
    items: int
    tries: int
    held: int
    charged: int
    error: str | None
    due_at: datetime
    taken_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class Piece:
    """An article that the run wrote."""

    id: int
    title: str
    words: int
    state: str


@dataclass(frozen=True)
class Film:
    """A video that the run worked on; `seconds` None until it has a sound."""

    id: int
    title: str
    seconds: float | None
    state: str


@dataclass(frozen=True)
class ParkedItem:
    """An item that was set aside with its error, until a person has it tried again; numbers are of a kind."""

    id: int
    kind: str
    title: str
    error: str
    tries: int
    parked_at: datetime


@dataclass(frozen=True)
class Parked:
    """The parked items of one stage: the newest, and how many there are."""

    number: int
    name: str
    items: Sequence[ParkedItem]
    total: int


@dataclass(frozen=True)
class Story:
    """A run with what came of it: articles in `pieces`, or `films` where its line makes videos.

    `pieces_total` counts those that are not listed too, whichever they are.
    """

    run: Run
    stages: Sequence[tuple[int, str, str]]
    """Number, title and kind of each stage of its line."""
    pieces: Sequence[Piece]
    pieces_total: int
    parked: Sequence[Parked]
    calls: Sequence[ProviderCost]
    usd: Decimal
    films: Sequence[Film] = ()


async def tell(session: AsyncSession, run: Run, line: Line) -> Story:
    """The story of a run as it stands."""
    where = {"workspace": run.workspace_id, "run": run.id}
    films = line.name == "video"
    rows = (await session.execute(_VIDEOS if films else _PIECES, where | {"most": SHOWN})).all()
    calls = [ProviderCost(*row) for row in await session.execute(_CALLS, where)]
    return Story(
        run,
        [(stage.number, stage.title, stage.kind) for stage in line.shown()],
        [] if films else [Piece(*row[:4]) for row in rows],
        int(rows[0][4]) if rows else 0,
        await parked_of(session, run.workspace_id, run.site_id, line, run_id=run.id),
        calls,
        sum((one.usd for one in calls), Decimal(0)),
        [Film(*row[:4]) for row in rows] if films else [],
    )


async def parked_of(
    session: AsyncSession,
    workspace_id: int,
    site_id: int,
    line: Line,
    *,
    number: int | None = None,
    run_id: UUID | None = None,
) -> list[Parked]:
    """The parked items of a site's line by stage: of one stage, or those that one run parked, if told so.

    Stages without any are left out; only where the tallies count some are the items looked for.
    """
    tallied = select(Tally.kind).where(
        Tally.workspace_id == workspace_id,
        Tally.site_id == site_id,
        Tally.state.in_({step.parks for step in line.working()}),
    )
    some = set(await session.scalars(tallied.group_by(Tally.kind).having(func.sum(Tally.n) > 0)))
    found = []
    for at in line.numbers() if number is None else [number]:
        steps = [
            step for step in line.steps(at) if step.kind != "Manual" and step.table.__tablename__ in some
        ]
        parked = [await _parked_at(session, step, workspace_id, site_id, run_id) for step in steps]
        items = sorted(
            (item for one in parked for item in one.items), key=lambda one: one.parked_at, reverse=True
        )
        if items:
            found.append(Parked(at, parked[0].name, items[:SHOWN], sum(one.total for one in parked)))
    return found


async def _parked_at(
    session: AsyncSession, stage: Stage[Any], workspace_id: int, site_id: int, run_id: UUID | None
) -> Parked:
    table, kind = stage.table, stage.table.__tablename__
    mine: list[ColumnElement[bool]] = [
        table.workspace_id == workspace_id,
        table.site_id == site_id,
        table.state == stage.parks,
    ]
    if run_id is not None:
        mine.append(table.last_run == run_id)
    total = await session.scalar(select(func.count()).select_from(table).where(*mine)) or 0
    query = select(table).where(*mine).order_by(table.parked_at.desc(), table.id).limit(SHOWN)
    items = [
        ParkedItem(item.id, kind, stage.heading(item), item.error or "", item.tries, item.parked_at)
        for item in (await session.scalars(query) if total else ())
        if item.parked_at is not None
    ]
    return Parked(stage.number, stage.title, items, total)


async def parked_by(
    session: AsyncSession, run: Run, stage: Stage[Any], items: Sequence[int] | None
) -> list[int]:
    """The numbers of the items that the run parked at a stage: all, or those among `items`."""
    table = stage.table
    query = select(table.id).where(
        table.workspace_id == run.workspace_id,
        table.site_id == run.site_id,
        table.state == stage.parks,
        table.last_run == run.id,
    )
    if items is not None:
        query = query.where(table.id.in_(items))
    return list(await session.scalars(query))


async def batches_of(
    session: AsyncSession, run: Run, *, status: str | None, limit: int, before: int | None
) -> tuple[list[BatchTold], int | None]:
    """The newest batches before number `before`, and the number to go on from where there are more."""
    query = select(
        Batch.id,
        Batch.stage,
        Batch.step,
        Batch.status,
        func.jsonb_array_length(Batch.items),
        Batch.tries,
        Batch.held,
        Batch.charged,
        Batch.error,
        Batch.due_at,
        Batch.taken_at,
        Batch.ended_at,
    ).where(Batch.workspace_id == run.workspace_id, Batch.run_id == run.id)
    if status:
        query = query.where(Batch.status == status)
    if before is not None:
        query = query.where(Batch.id < before)
    rows = (await session.execute(query.order_by(Batch.id.desc()).limit(limit + 1))).all()
    told = [BatchTold(*row) for row in rows[:limit]]
    return told, told[-1].id if len(rows) > limit else None
