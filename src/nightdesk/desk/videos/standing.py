"""How videos stand, as clients and pages are told: their status as jobs, their progress, what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.engine.control import ACTIVE
from nightdesk.lines.video.telling import STEPS
from nightdesk.store.tables.runs import Batch, Run
from nightdesk.store.tables.videos import Scene, Video

LINE = "video"
NOT_BEGUN = ("wanted", "picked", "pending")
JobStatus = Literal[
    "pending",
    "queued",
    "generating_script",
    "generating_audio",
    "generating_subtitles",
    "generating_clips",
    "rendering",
    "ready_for_review",
    "approved",
    "publishing",
    "published",
    "failed",
    "cancelled",
]
"""What a job's status can be (CONTRACT §2)."""

JOBS: tuple[JobStatus, ...] = get_args(JobStatus)


@dataclass(frozen=True)
class Standing:
    """A video as a job: `status` is one of `JOBS`, `progress` 0 to 100, `stage` its present one.

    `error` says why it failed. `note` says what it waits for where a person has to do something.
    """

    status: str
    progress: int
    stage: str
    error: str | None = None
    note: str = ""


async def standings(session: AsyncSession, workspace_id: int, videos: Sequence[Video]) -> dict[int, Standing]:
    """Of each video by its number."""
    if not videos:
        return {}
    failed = await _failed_scenes(session, workspace_id, [video.id for video in videos])
    runs = await _runs(session, workspace_id, {video.site_id for video in videos})
    begun = await _begun(session, workspace_id, [video for video in videos if video.status in NOT_BEGUN])
    return {
        video.id: _standing(video, failed.get(video.id), runs.get(video.site_id), begun=video.id in begun)
        for video in videos
    }


def _standing(video: Video, failed: str | None, run: Run | None, *, begun: bool) -> Standing:
    step = STEPS[video.status]
    error = (video.error or "It failed.") if video.parked_at else failed
    if error is not None and video.status != "cancelled":
        return Standing("failed", video.progress, step.stage, error)
    note = (run.error_message or "The site's run is paused.") if run and run.status == "paused" else ""
    status = step.job
    if video.status in NOT_BEGUN and not begun:
        status = "queued" if run else "pending"
    waits = video.status in STEPS and step.end < STEPS["review"].begin
    return Standing(status, video.progress, step.stage, None, note if waits else "")


async def _failed_scenes(session: AsyncSession, workspace_id: int, videos: list[int]) -> dict[int, str]:
    """What the first failed scene of each says."""
    query = (
        select(Scene.video_id, Scene.position, Scene.error)
        .where(Scene.workspace_id == workspace_id, Scene.video_id.in_(videos), Scene.parked_at.is_not(None))
        .order_by(Scene.video_id, Scene.position.desc())
    )
    return {
        video: f"Scene {position}: {error or 'it failed.'}"
        for video, position, error in await session.execute(query)
    }


async def _begun(session: AsyncSession, workspace_id: int, videos: Sequence[Video]) -> set[int]:
    """Those of them that a worker has in hand, not only a run."""
    waiting = [video for video in videos if video.batch_id is not None]
    query = select(Batch.id).where(
        Batch.workspace_id == workspace_id,
        Batch.id.in_([video.batch_id for video in waiting]),
        Batch.status == "working",
    )
    working = set(await session.scalars(query)) if waiting else set()
    return {video.id for video in waiting if video.batch_id in working}


async def _runs(session: AsyncSession, workspace_id: int, sites: set[int]) -> dict[int, Run]:
    """The run that holds the line of each site."""
    query = select(Run).where(
        Run.workspace_id == workspace_id,
        Run.site_id.in_(sites),
        Run.line == LINE,
        Run.status.in_(ACTIVE),
    )
    return {run.site_id: run for run in await session.scalars(query)}
