"""The routes of jobs: each is one video on its way down the video line."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from nightdesk.desk import Desk
from nightdesk.desk.errors import Conflict
from nightdesk.desk.videos import VideoFilter
from nightdesk.desk.videos.shelf import Shelf
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.identity import By, WorkspaceId
from nightdesk.faces.api.parameters import BIGGEST, CursorText, DeskHere, Limit, Number, Search, paging
from nightdesk.faces.api.video_shapes import (
    Approved,
    JobLogs,
    JobPage,
    JobShown,
    JobStatus,
    JobsToday,
    LogLine,
    PlatformsAsked,
    VideoAsked,
)

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"])

MaybeNiche = Annotated[int | None, Query(ge=1, le=BIGGEST, description="Only those of this niche.")]
Lines = Annotated[int, Query(ge=1, le=1000)]


@router.get("", response_model=JobPage, responses=problems(400, 404))
async def jobs(
    desk: DeskHere,
    workspace: WorkspaceId,
    niche_id: MaybeNiche = None,
    status: JobStatus | None = None,
    search: Search = None,
    limit: Limit = 50,
    cursor: CursorText = None,
) -> Any:
    """The jobs, newest first."""
    asked = VideoFilter(niche_id, status, search)
    page = await desk.videos.shelf.listed(workspace, asked, paging(Shelf.orders, "newest", limit, cursor))
    return JobPage(items=[JobShown.of(one) for one in page.items], next_cursor=page.next_cursor)


@router.post("", status_code=201, response_model=JobShown, responses=problems(402, 404, 409, 415, 422))
async def add_job(desk: DeskHere, workspace: WorkspaceId, body: VideoAsked) -> Any:
    """Asks for a video; of several variants the first is told, the others are in the list."""
    ordered = await desk.videos.ordering.order(workspace, body.niche_id, body.wish(), "api")
    return await _shown(desk, workspace, ordered.videos[0].id)


@router.get("/today", response_model=JobsToday, responses=problems(400, 404))
async def jobs_today(desk: DeskHere, workspace: WorkspaceId, niche_id: MaybeNiche = None) -> Any:
    """The jobs of today, as each niche's time zone has it."""
    return JobsToday(items=[JobShown.of(one) for one in await desk.videos.shelf.today(workspace, niche_id)])


@router.get("/{number}", response_model=JobShown, responses=problems(404))
async def job(desk: DeskHere, workspace: WorkspaceId, number: Number) -> Any:
    """One job."""
    return await _shown(desk, workspace, number)


@router.post("/{number}/run", status_code=202, response_model=JobShown, responses=problems(402, 404, 409))
async def run_job(desk: DeskHere, workspace: WorkspaceId, number: Number) -> Any:
    """Has a job that waits taken up, or a failed one go on; one that runs already runs on."""
    shown, waits = await desk.videos.shelf.show(workspace, number), ""
    if shown.standing.status in ("failed", "cancelled"):
        waits = (await desk.videos.steering.retry(workspace, number)).waits
    elif shown.standing.status in ("ready_for_review", "approved", "publishing", "published"):
        raise Conflict("This video is made already: change what is to be different, or ask for another.")
    else:
        waits = await desk.videos.starting.begin(workspace, shown.video.site_id)
    return await _shown(desk, workspace, number, waits)


@router.post("/{number}/retry", status_code=202, response_model=JobShown, responses=problems(404, 409))
async def retry_job(desk: DeskHere, workspace: WorkspaceId, number: Number) -> Any:
    """Has a failed or cancelled job go on from where it stood."""
    changed = await desk.videos.steering.retry(workspace, number)
    return await _shown(desk, workspace, number, changed.waits)


@router.post("/{number}/cancel", response_model=JobShown, responses=problems(404, 409))
async def cancel_job(desk: DeskHere, workspace: WorkspaceId, number: Number) -> Any:
    """Takes a job off its way; what was finished of it is kept."""
    await desk.videos.steering.cancel(workspace, number)
    return await _shown(desk, workspace, number)


@router.post("/{number}/approve", response_model=Approved, responses=problems(404, 409, 415, 422))
async def approve_job(
    desk: DeskHere, workspace: WorkspaceId, by: By, number: Number, body: PlatformsAsked | None = None
) -> Any:
    """Approves a finished video, for the platforms named or those that it was asked for."""
    return await approve(desk, workspace, by, number, body)


@router.get("/{number}/logs", response_model=JobLogs, responses=problems(400, 404))
async def job_logs(desk: DeskHere, workspace: WorkspaceId, number: Number, lines: Lines = 200) -> Any:
    """What was told of a job, oldest first."""
    found = await desk.videos.shelf.logs(workspace, number, lines)
    logs = [LogLine(at=one.at, level=one.level, message=one.message) for one in found]
    return JobLogs(job_id=number, logs=logs)


async def approve(desk: Desk, workspace: int, by: By, number: int, body: PlatformsAsked | None) -> Approved:
    asked = body or PlatformsAsked()
    video = await desk.videos.decisions.decide(
        workspace,
        number,
        "approve",
        platforms=list(asked.platforms),
        revision=asked.revision,
        by=by,
    )
    return Approved(message=f"“{video.title or video.topic}” is approved.", platforms=list(video.platforms))


async def _shown(desk: Desk, workspace: int, number: int, waits: str = "") -> JobShown:
    """With what it waits for, where it is not taken up at once."""
    shown = JobShown.of(await desk.videos.shelf.show(workspace, number))
    return shown.model_copy(update={"note": shown.note or waits})
