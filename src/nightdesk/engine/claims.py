"""Claims pending items for a run as batches, with their credits held and their jobs queued; and puts them back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.engine import jobs
from nightdesk.kit import points
from nightdesk.stage import Stage
from nightdesk.store import ledger
from nightdesk.store.tables.runs import Batch, Run
from nightdesk.store.tables.tenancy import Site


async def claim(
    session: AsyncSession,
    run: Run,
    site: Site,
    stage: Stage[Any],
    size: int,
    room: int,
    delay: float,
    now: datetime,
) -> int:
    """Makes up to `room` batches of up to `size` items; returns how many.

    Raises `ledger.NotEnoughCredits` where the first batch cannot be afforded; where a later one cannot,
    the batches before it stand.
    """
    made: list[jobs.Order] = []
    for _ in range(room):
        items = await _pick(session, run, site, stage, size)
        if not items:
            break
        try:
            made.append(await _batch_of(session, run, stage, items, delay, now))
        except ledger.NotEnoughCredits:
            if made:
                break
            raise
    await jobs.defer(session, made)
    points.reach("engine.claimed")
    return len(made)


async def claim_these(
    session: AsyncSession, run: Run, stage: Stage[Any], items: Sequence[Any], now: datetime
) -> None:
    """Makes one batch of items that the caller holds. Raises `ledger.NotEnoughCredits`."""
    await jobs.defer(session, [await _batch_of(session, run, stage, items, 0.0, now)])


def key(batch: Batch) -> str:
    """Under which the batch stands in the ledger."""
    return f"batch:{batch.id}"


def order(batch: Batch, delay: float = 0.0) -> jobs.Order:
    """The job that has a worker do the batch; each try is a job of its own."""
    carries = {"workspace": batch.workspace_id, "batch": batch.id}
    return jobs.Order(f"batch.{batch.queue}", carries, job_key(batch), delay)


def job_key(batch: Batch) -> str:
    return f"batch:{batch.id}:{batch.tries}"


async def withdraw(
    session: AsyncSession, run: Run, stage: Stage[Any], statuses: Sequence[str], now: datetime
) -> list[Batch]:
    """Takes back the batches that are in one of `statuses`: items free for the same run, holds released.

    A batch that is being settled at this moment is locked by that and is left to it.
    """
    mine = select(Batch).where(
        Batch.workspace_id == run.workspace_id, Batch.run_id == run.id, Batch.status.in_(statuses)
    )
    batches = list(await session.scalars(mine.with_for_update(skip_locked=True)))
    for batch in batches:
        batch.status, batch.ended_at = "withdrawn", now
        batch.token += 1
        await close_hold(session, batch, 0)
    await session.flush()
    if batches:
        await put_back(session, stage, batches)
    return batches


async def close_hold(session: AsyncSession, batch: Batch, cost: int) -> int:
    """Charges `cost` against the batch's hold and releases the rest; returns what was charged."""
    if not (batch.held or cost):
        return 0
    return await ledger.settle(
        session, batch.workspace_id, key(batch), batch.held, cost, batch.run_id, batch.id
    )


async def put_back(session: AsyncSession, stage: Stage[Any], batches: Sequence[Batch]) -> None:
    """Frees the items of batches that ended without a result; the same run may claim them again."""
    table = stage.table
    await session.execute(
        update(table)
        .where(
            table.workspace_id == batches[0].workspace_id, table.batch_id.in_([batch.id for batch in batches])
        )
        .values(batch_id=None, last_run=None)
        .execution_options(synchronize_session=False)
    )


async def _pick(session: AsyncSession, run: Run, site: Site, stage: Stage[Any], size: int) -> list[Any]:
    table = stage.table
    query = (
        stage.next_batch(site, size)
        .where(or_(table.last_run.is_(None), table.last_run != run.id))
        .with_for_update(skip_locked=True)
    )
    return list(await session.scalars(query))


async def _batch_of(
    session: AsyncSession, run: Run, stage: Stage[Any], items: Sequence[Any], delay: float, now: datetime
) -> jobs.Order:
    batch = Batch(
        workspace_id=run.workspace_id,
        run_id=run.id,
        site_id=run.site_id,
        line=run.line,
        step=stage.name,
        stage=stage.number,
        queue=stage.policy.queue,
        items=[item.id for item in items],
        held=stage.estimate(items),
        due_at=now + timedelta(seconds=delay),
        status="waiting",
        tries=0,
        token=0,
    )
    session.add(batch)
    await session.flush()
    try:
        await ledger.hold(session, run.workspace_id, key(batch), batch.held, run.id, batch.id)
    except ledger.NotEnoughCredits:
        await session.delete(batch)
        await session.flush()
        raise
    table = stage.table
    await session.execute(
        update(table)
        .where(table.workspace_id == run.workspace_id, table.id.in_([item.id for item in items]))
        .values(batch_id=batch.id, last_run=run.id)
        .execution_options(synchronize_session=False)
    )
    return order(batch, delay)
