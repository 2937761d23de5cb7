"""The automation routes: config, run control, overview, log (CONTRACT §1)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Body, Path, Query

from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.identity import WorkspaceId
from nightdesk.faces.api.parameters import DeskHere, MaybeSiteId, SiteId
from nightdesk.faces.api.shapes import (
    ConfigShown,
    CurrentRun,
    EstimateShown,
    History,
    Log,
    Overview,
    Processing,
    RunInHistory,
    RunShown,
    StageShown,
    Started,
    in_utc,
)

router = APIRouter(prefix="/api/v1/automation", tags=["automation"])

Line = Annotated[Literal["article", "video"], Query(description="The line; `article` unless told otherwise.")]
RunId = Annotated[UUID, Query()]


@router.get("/config", response_model=ConfigShown)
async def config(desk: DeskHere, workspace: WorkspaceId, site_id: SiteId, line: Line = "article") -> Any:
    """The config; created with its defaults at the first call."""
    return await desk.automation.config(workspace, site_id, line)


@router.put("/update_config", response_model=ConfigShown)
async def update_config(
    desk: DeskHere,
    workspace: WorkspaceId,
    site_id: SiteId,
    facts: Annotated[dict[str, Any], Body(examples=[{"is_enabled": True, "scheduled_time": "02:30"}])],
    line: Line = "article",
) -> Any:
    """Changes the fields given and plans the next run anew."""
    return await desk.automation.change(workspace, site_id, line, facts)


@router.post("/run_now", response_model=Started, responses=problems(402))
async def run_now(desk: DeskHere, workspace: WorkspaceId, site_id: SiteId, line: Line = "article") -> Any:
    """Starts a manual run."""
    run = await desk.runs.run_now(workspace, site_id, line)
    return {"run_id": run.id, "message": "The run has begun."}


@router.get("/current_run", response_model=CurrentRun)
async def current_run(desk: DeskHere, workspace: WorkspaceId, site_id: SiteId, line: Line = "article") -> Any:
    """The running or paused run, or null."""
    run = await desk.runs.current(workspace, site_id, line)
    return {"run": RunShown.of(run) if run else None}


@router.get("/pipeline_overview", response_model=Overview)
async def pipeline_overview(
    desk: DeskHere, workspace: WorkspaceId, site_id: SiteId, line: Line = "article"
) -> Any:
    """Each stage with what waits for it and the counts of its items by state."""
    stages = await desk.insights.pipeline(workspace, site_id, line)
    return {"stages": [StageShown(**stage) for stage in stages]}


@router.get("/current_processing", response_model=Processing | None)
async def current_processing(
    desk: DeskHere,
    workspace: WorkspaceId,
    site_id: SiteId,
    run_id: RunId,
    line: Line = "article",  # noqa: ARG001 - every route takes it; a run knows its own
) -> Any:
    """What is being worked on now; null when the run is not running."""
    return await desk.insights.processing(workspace, site_id, run_id)


@router.post("/pause", response_model=RunShown)
async def pause(desk: DeskHere, workspace: WorkspaceId, run_id: RunId, site_id: MaybeSiteId = None) -> Any:
    """Pauses at the end of the items now in hand."""
    return RunShown.of(await desk.runs.pause(workspace, run_id, site_id))


@router.post("/resume", response_model=RunShown)
async def resume(desk: DeskHere, workspace: WorkspaceId, run_id: RunId, site_id: MaybeSiteId = None) -> Any:
    """Goes on from the stage where the run stopped."""
    return RunShown.of(await desk.runs.resume(workspace, run_id, site_id))


@router.post("/cancel", response_model=RunShown)
async def cancel(
    desk: DeskHere,
    workspace: WorkspaceId,
    run_id: RunId,
    site_id: MaybeSiteId = None,
    now: Annotated[bool, Query(description="Abort the items in hand too.")] = False,
) -> Any:
    """Cancels at the end of the items now in hand, or at once."""
    return RunShown.of(await desk.runs.cancel(workspace, run_id, site_id, now=now))


@router.get("/runs/{run_id}", response_model=RunShown)
async def run(desk: DeskHere, workspace: WorkspaceId, run_id: Annotated[UUID, Path()]) -> Any:
    return RunShown.of(await desk.runs.get(workspace, run_id))


@router.get("/history", response_model=History)
async def history(desk: DeskHere, workspace: WorkspaceId, site_id: SiteId, line: Line = "article") -> Any:
    """The last 20 runs, newest first."""
    runs = await desk.runs.history(workspace, site_id, line)
    return {"runs": [RunInHistory.of(one) for one in runs]}


@router.get("/logs", response_model=Log)
async def logs(
    desk: DeskHere,
    workspace: WorkspaceId,
    run_id: RunId,
    lines: Annotated[int, Query(ge=1, le=5000)] = 100,
) -> Any:
    """The last lines of the run's log, oldest first."""
    events = await desk.runs.log(workspace, run_id, lines)
    return {"log": "\n".join(f"{in_utc(e.at)} {e.level:7} {e.message}" for e in events)}


@router.get("/estimate", response_model=EstimateShown)
async def estimate(desk: DeskHere, workspace: WorkspaceId, site_id: SiteId, line: Line = "article") -> Any:
    """Credits that what is pending now would take."""
    return await desk.insights.estimate(workspace, site_id, line)
