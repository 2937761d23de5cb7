"""The routes of exports: what platforms take, what keeps a video from it, a file that meets it."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.files import file_answers, send
from nightdesk.faces.api.identity import WorkspaceId
from nightdesk.faces.api.library_shapes import Optimized, PlatformsKnown, Validated, VerdictShown
from nightdesk.faces.api.parameters import DeskHere, Number

router = APIRouter(prefix="/api/v1/export", tags=["export"])

PlatformKey = Annotated[str, Query(max_length=60, description="One of those that `platforms` lists.")]
Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="As `optimize` told it.")]


@router.get("/platforms", response_model=PlatformsKnown)
async def platforms(desk: DeskHere, _workspace: WorkspaceId) -> Any:
    """What each platform takes, with the sources of its limits and when they were looked up."""
    known = desk.videos.exports.platforms()
    return PlatformsKnown(platforms={key: limits.model_dump(mode="json") for key, limits in known.items()})


@router.get("/validate/{number}", response_model=Validated, responses=problems(400, 404, 409, 422))
async def validate(
    desk: DeskHere, workspace: WorkspaceId, number: Number, platform: PlatformKey | None = None
) -> Any:
    """What keeps a finished video from being taken, by each platform or the one named."""
    found = await desk.videos.exports.validate(workspace, number, platform)
    return Validated(video_id=number, platforms=[VerdictShown.of(one) for one in found])


@router.post("/optimize/{number}", response_model=Optimized, responses=problems(400, 404, 409, 422))
async def optimize(desk: DeskHere, workspace: WorkspaceId, number: Number, platform: PlatformKey) -> Any:
    """Makes a file of the video that the platform takes; it is ready when this answers."""
    return Optimized.of(number, await desk.videos.exports.optimize(workspace, number, platform))


@router.get("/files/{sha256}", response_class=Response, responses=file_answers("video/mp4") | problems(404))
async def exported(desk: DeskHere, workspace: WorkspaceId, sha256: Sha256, request: Request) -> Response:
    """A file that `optimize` made, as a whole or in part."""
    opened = await desk.videos.exports.made(workspace, sha256)
    files = desk.videos.files
    return send(request, opened, lambda start, end: files.read(workspace, opened, start, end))
