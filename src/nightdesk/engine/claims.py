"""Claims pending items for a run as batches, credits held and jobs queued with them; and puts them back."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, text, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.engine import jobs
from nightdesk.kit import points
from nightdesk.stage import Stage
from nightdesk.store import ledger
from nightdesk.store.tables.runs import Batch, Run
from nightdesk.store.tables.tenancy import Site

_WRITE = text(
    "select batch_write(:workspace, :run, :site, :line, :step, :stage, :queue, :table, "
    "b -> 'items', cast(b ->> 'held' as bigint), :due) "
    "from jsonb_array_elements(cast(:batches as jsonb)) as b"
)


async def pick(
    session: AsyncSession, run: Run, site: Site, stage: Stage[Any], size: int, room: int
) -> list[Sequence[Any]]:
    """Pending items for up to `room` batches of up to `size`, locked until the caller has claimed them."""
    items = await _pick(session, run, site, stage, size, room)
    return stage.shared_out(items, size)[:room]


async def claim(
    session: AsyncSession,
    run: Run,
    stage: Stage[Any],
    batches: Sequence[Sequence[Any]],
    rates: Sequence[int],
    delay: float,
    now: datetime,
) -> int:
    """Makes batches of items that were picked; returns how many. `rates`: see `Runner.rates`.

    Raises `ledger.NotEnoughCredits` where not even one can be afforded.
    """
    made = await _write(session, run, stage, batches, rates, delay, now)
    points.reach("engine.claimed")
    return made


async def claim_these(
    session: AsyncSession, run: Run, stage: Stage[Any], items: Sequence[Any], rate: int, now: datetime
) -> None:
    """Makes one batch of items that the caller holds. Raises `ledger.NotEnoughCredits`."""
    await _write(session, run, stage, [items], [rate], 0.0, now)


def key(batch: Batch) -> str:
    """Under which the batch stands in the ledger."""
    return f"batch:{batch.id}"


def order(workspace_id: int, batch_id: int, queue: str, tries: int, delay: float = 0.0) -> jobs.Order:
    """The job that has a worker do the batch; each try is a job of its own."""
    carries = {"workspace": workspace_id, "batch": batch_id}
    return jobs.Order(f"batch.{queue}", carries, job_key(batch_id, tries), delay)


def order_again(batch: Batch, delay: float = 0.0) -> jobs.Order:
    """The job for the next try of a batch."""
    return order(batch.workspace_id, batch.id, batch.queue, batch.tries, delay)


def job_key(batch_id: int, tries: int) -> str:
    return f"batch:{batch_id}:{tries}"


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
        await release_hold(session, batch)
    await session.flush()
    if batches:
        await put_back(session, stage, batches)
    return batches


async def release_hold(session: AsyncSession, batch: Batch) -> None:
    """Gives back all that was set aside for the batch."""
    if batch.held:
        await ledger.settle(session, batch.workspace_id, key(batch), batch.held, 0, batch.run_id, batch.id)


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


async def _pick(
    session: AsyncSession, run: Run, site: Site, stage: Stage[Any], size: int, room: int
) -> list[Any]:
    table = stage.table
    fresh = true() if stage.walks else or_(table.last_run.is_(None), table.last_run != run.id)
    query = (
        stage.next_items(site, size, room)
        .where(fresh)
        .with_for_update(skip_locked=True)
        # A stage that ends in this transaction may have changed its items by statements of its own.
        .execution_options(populate_existing=True)
    )
    return list(await session.scalars(query))


async def _write(
    session: AsyncSession,
    run: Run,
    stage: Stage[Any],
    batches: Sequence[Sequence[Any]],
    rates: Sequence[int],
    delay: float,
    now: datetime,
) -> int:
    """Writes and queues the batches that can be afforded; raises `ledger.NotEnoughCredits` where none can."""
    if not batches:
        return 0
    held = [stage.estimate(items) * rate for items, rate in zip(batches, rates, strict=True)]
    values = {
        "workspace": run.workspace_id,
        "run": run.id,
        "site": run.site_id,
        "line": run.line,
        "step": stage.name,
        "stage": stage.number,
        "queue": stage.policy.queue,
        "table": stage.table.__tablename__,
        "batches": json.dumps(
            [
                {"items": [item.id for item in items], "held": credits}
                for items, credits in zip(batches, held, strict=True)
            ]
        ),
        "due": now + timedelta(seconds=delay),
    }
    written = [number for number in await session.scalars(_WRITE, values) if number is not None]
    if not written:
        raise ledger.NotEnoughCredits(min(held), (await ledger.balances(session, run.workspace_id)).wallet)
    queue = stage.policy.queue
    await jobs.defer(session, [order(run.workspace_id, number, queue, 0, delay) for number in written])
    return len(written)
