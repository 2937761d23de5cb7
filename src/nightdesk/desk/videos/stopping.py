"""Takes what a run has in hand of a video out of its hands: work is aborted, what it makes is dropped."""

from dataclasses import dataclass

from sqlalchemy import select, union
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.engine import claims, jobs
from nightdesk.engine.control import Control
from nightdesk.engine.runner import IN_HAND, locked
from nightdesk.store.tables.runs import Batch, Run
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Scene, Video


@dataclass(frozen=True)
class Withdrawn:
    """The run whose batches were withdrawn, locked, and its site: `Control.runner` advances it afterwards."""

    run: Run
    site: Site


async def withdraw(
    session: AsyncSession, control: Control, workspace_id: int, video_id: int
) -> Withdrawn | None:
    """Withdraws the batches that hold the video or a scene of it; other items in them wait again.

    Holds are released; a worker that is at it is told to stop, and finds its batch gone if it does not. The
    run is locked before any item is, as it is when a batch is settled.
    """
    run_id = await session.scalar(_batches(workspace_id, video_id).with_only_columns(Batch.run_id).limit(1))
    found = await locked(session, workspace_id, run_id) if run_id is not None else None
    if found is None:
        return None
    run, site = found
    query = _batches(workspace_id, video_id).where(Batch.run_id == run.id)
    batches = list(await session.scalars(query.with_for_update()))
    now = control.runner.clock.now()
    keys = [claims.job_key(batch.id, batch.tries) for batch in batches]
    for batch in batches:
        batch.status, batch.ended_at, batch.token = "withdrawn", now, batch.token + 1
        await claims.release_hold(session, batch)
    await session.flush()
    if batches:
        await claims.put_back(session, control.runner.stage_of(run), batches)
        await jobs.abort(session, keys)
    return Withdrawn(run, site)


def _batches(workspace_id: int, video_id: int):  # type: ignore[no-untyped-def]
    mine = union(
        select(Video.batch_id).where(Video.workspace_id == workspace_id, Video.id == video_id),
        select(Scene.batch_id).where(Scene.workspace_id == workspace_id, Scene.video_id == video_id),
    ).subquery()
    return select(Batch).where(
        Batch.workspace_id == workspace_id, Batch.id.in_(select(mine)), Batch.status.in_(IN_HAND)
    )
