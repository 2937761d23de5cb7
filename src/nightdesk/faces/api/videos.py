"""The routes of the library: finished videos, what is known of them, and their files."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from nightdesk.desk import Desk
from nightdesk.desk.paging import MOST, Paging
from nightdesk.desk.publishing.stories import ORDERS, PublicationFilter
from nightdesk.desk.videos import VideoFilter, Which
from nightdesk.desk.videos.shelf import Shelf
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.files import FILE_ANSWERS, PLAYED, file_answers, send
from nightdesk.faces.api.identity import WorkspaceId
from nightdesk.faces.api.jobs import MaybeNiche
from nightdesk.faces.api.library_shapes import LibraryPage, Metadata, Publishes, VideoInLibrary, VideoWhole
from nightdesk.faces.api.parameters import CursorText, DeskHere, Limit, Number, Search, paging
from nightdesk.faces.api.publishing_shapes import PublicationShown
from nightdesk.faces.api.video_shapes import JobStatus

router = APIRouter(prefix="/api/v1/videos", tags=["videos"])

Position = Annotated[int | None, Query(ge=1, le=1000, description="The scene, from 1.")]
VIDEO_ANSWERS = file_answers("video/mp4")


@router.get("", response_model=LibraryPage, responses=problems(400, 404))
async def videos(
    desk: DeskHere,
    workspace: WorkspaceId,
    niche_id: MaybeNiche = None,
    status: JobStatus | None = None,
    search: Search = None,
    limit: Limit = 50,
    cursor: CursorText = None,
) -> Any:
    """The finished videos, newest first."""
    asked = VideoFilter(niche_id, status, search, made=True)
    page = await desk.videos.shelf.listed(workspace, asked, paging(Shelf.orders, "newest", limit, cursor))
    return LibraryPage(items=[VideoInLibrary.of(one) for one in page.items], next_cursor=page.next_cursor)


@router.get("/{number}", response_model=VideoWhole, responses=problems(404))
async def video(desk: DeskHere, workspace: WorkspaceId, number: Number) -> Any:
    """A video with its scenes and what was found of it, finished or not."""
    return VideoWhole.of(await desk.videos.shelf.show(workspace, number))


@router.delete("/{number}", status_code=204, responses=problems(404, 409))
async def delete_video(desk: DeskHere, workspace: WorkspaceId, number: Number) -> None:
    """Deletes a video; not while it is made, and not once it is published."""
    await desk.videos.steering.delete(workspace, number)


@router.get("/{number}/publishes", response_model=Publishes, responses=problems(404))
async def publishes(desk: DeskHere, workspace: WorkspaceId, number: Number) -> Any:
    """Where a video was published."""
    await desk.videos.shelf.show(workspace, number)
    first = Paging(ORDERS["newest"], MOST)
    page = await desk.publishing.stories.listed(workspace, PublicationFilter(video_id=number), first)
    return Publishes(publishes=[PublicationShown.of(one) for one in page.items])


@router.get("/{number}/metadata", response_model=Metadata, responses=problems(404))
async def metadata(desk: DeskHere, workspace: WorkspaceId, number: Number) -> Any:
    """What goes with a video where it is shown."""
    return Metadata.of(await desk.videos.shelf.show(workspace, number))


@router.get("/{number}/stream", response_class=Response, responses=VIDEO_ANSWERS | problems(404))
async def stream(desk: DeskHere, workspace: WorkspaceId, number: Number, request: Request) -> Response:
    """The video itself (MP4), as a whole or in part."""
    return await sent(desk, workspace, number, request, "video")


@router.get("/{number}/thumbnail", response_class=Response, responses=FILE_ANSWERS | problems(404))
async def thumbnail(
    desk: DeskHere,
    workspace: WorkspaceId,
    number: Number,
    request: Request,
    variant: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """The thumbnail that was chosen, or the variant named."""
    return await sent(desk, workspace, number, request, "thumbnail", variant=variant)


@router.get(
    "/{number}/files/{which}",
    response_class=Response,
    responses=file_answers(*PLAYED, "image/png") | problems(400, 404),
)
async def video_file(
    desk: DeskHere,
    workspace: WorkspaceId,
    number: Number,
    which: Which,
    request: Request,
    position: Position = None,
) -> Response:
    """One of its files: the narration, the captions, or with `position` what is heard or seen in a scene."""
    return await sent(desk, workspace, number, request, which, position=position)


async def sent(
    desk: Desk,
    workspace: int,
    number: int,
    request: Request,
    which: Which,
    *,
    position: int | None = None,
    variant: str | None = None,
) -> Response:
    """A file of a video, as a whole or in part."""
    files = desk.videos.files
    opened = await files.find(workspace, number, which, position=position, variant=variant)
    return send(request, opened, lambda start, end: files.read(workspace, opened, start, end))
