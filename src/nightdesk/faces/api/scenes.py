"""The routes that change a video: its scenes, its words, voices and captions, its thumbnails.

Each takes the `revision` that was read and is refused (409) where the video is at another by then. What
follows from a change is made anew, and no more.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query

from nightdesk.desk import Desk
from nightdesk.desk.videos import Changed
from nightdesk.desk.videos.taking_in import MOST_BYTES
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.forms import FILE_BODY, Upload, uploaded
from nightdesk.faces.api.identity import WorkspaceId
from nightdesk.faces.api.parameters import DeskHere, Number
from nightdesk.faces.api.scene_shapes import (
    Moved,
    Noted,
    Read,
    ReadAt,
    SceneAdded,
    SceneEdited,
    VideoChanged,
    VideoEdited,
)

router = APIRouter(prefix="/api/v1/videos", tags=["videos"])

Position = Annotated[int, Path(ge=1, le=1000, description="The scene, from 1.")]
Variant = Annotated[str, Path(min_length=1, max_length=40, description="As the video names it.")]
ByModel = Annotated[bool, Query(description="A trained model made it: the video is marked so.")]
REFUSED = problems(404, 409, 415, 422)


@router.patch("/{number}", response_model=VideoChanged, responses=REFUSED)
async def change_video(desk: DeskHere, workspace: WorkspaceId, number: Number, body: VideoEdited) -> Any:
    """Changes the fields given of a video; its revision rises, and an approval is void."""
    changes = desk.videos.changes
    return await _after(desk, await changes.change(workspace, number, body.facts(), body.revision))


@router.post("/{number}/rewrite", status_code=202, response_model=VideoChanged, responses=REFUSED)
async def rewrite_video(
    desk: DeskHere, workspace: WorkspaceId, number: Number, body: Read | None = None
) -> Any:
    """Has the script written anew from the topic, and all that follows from it made anew."""
    return await _after(desk, await desk.videos.changes.rewrite(workspace, number, _read(body)))


@router.post("/{number}/thumbnails", status_code=202, response_model=VideoChanged, responses=REFUSED)
async def remake_thumbnails(
    desk: DeskHere, workspace: WorkspaceId, number: Number, body: Read | None = None
) -> Any:
    """Has the thumbnails made anew."""
    return await _after(desk, await desk.videos.changes.remake_thumbnail(workspace, number, _read(body)))


@router.post("/{number}/thumbnails/{variant}/choose", response_model=VideoChanged, responses=REFUSED)
async def choose_thumbnail(
    desk: DeskHere, workspace: WorkspaceId, number: Number, variant: Variant, body: Read | None = None
) -> Any:
    """Has one of the thumbnails stand for the video; nothing is made anew."""
    changes = desk.videos.changes
    return await _after(desk, await changes.choose_thumbnail(workspace, number, variant, _read(body)))


@router.post("/{number}/scenes", status_code=201, response_model=VideoChanged, responses=REFUSED)
async def add_scene(desk: DeskHere, workspace: WorkspaceId, number: Number, body: SceneAdded) -> Any:
    """Adds a scene at a position, or behind the last."""
    scenes, position = desk.videos.scenes, body.position
    if position is None:
        position = len((await desk.videos.shelf.show(workspace, number)).scenes) + 1
    return await _after(desk, await scenes.add(workspace, number, position, body.changes(), body.revision))


@router.patch("/{number}/scenes/{position}", response_model=VideoChanged, responses=REFUSED)
async def edit_scene(
    desk: DeskHere, workspace: WorkspaceId, number: Number, position: Position, body: SceneEdited
) -> Any:
    """Edits a scene: what is said otherwise is read aloud anew, what is seen otherwise is drawn anew."""
    scenes = desk.videos.scenes
    return await _after(desk, await scenes.edit(workspace, number, position, body.changes(), body.revision))


@router.delete(
    "/{number}/scenes/{position}", response_model=VideoChanged, responses=problems(400, 404, 409, 422)
)
async def remove_scene(
    desk: DeskHere, workspace: WorkspaceId, number: Number, position: Position, revision: ReadAt = None
) -> Any:
    """Takes a scene out; a video keeps one at least."""
    return await _after(desk, await desk.videos.scenes.remove(workspace, number, position, revision))


@router.post(
    "/{number}/scenes/{position}/remake", status_code=202, response_model=VideoChanged, responses=REFUSED
)
async def remake_scene(
    desk: DeskHere, workspace: WorkspaceId, number: Number, position: Position, body: Noted | None = None
) -> Any:
    """Has another picture or clip made of a scene; what is heard in it stays."""
    asked, scenes = body or Noted(), desk.videos.scenes
    return await _after(desk, await scenes.remake(workspace, number, position, asked.note, asked.revision))


@router.post(
    "/{number}/scenes/{position}/own",
    status_code=202,
    response_model=VideoChanged,
    responses=problems(400, 404, 409, 413, 415, 422),
    openapi_extra=FILE_BODY,
)
async def give_scene(
    desk: DeskHere,
    workspace: WorkspaceId,
    number: Number,
    position: Position,
    file: Annotated[Upload, Depends(uploaded(MOST_BYTES))],
    revision: ReadAt = None,
    by_model: ByModel = False,
) -> Any:
    """Has a scene show a photo (PNG, JPEG, WebP) or a clip (MP4, WebM) of one's own; what is heard stays.

    It stays when words or shape change, until the scene is made anew.
    """
    own = desk.videos.own_footage
    changed = await own.give(workspace, number, position, file.content, revision, by_model=by_model)
    return await _after(desk, changed)


@router.post(
    "/{number}/scenes/{position}/say-again", status_code=202, response_model=VideoChanged, responses=REFUSED
)
async def say_scene_again(
    desk: DeskHere, workspace: WorkspaceId, number: Number, position: Position, body: Read | None = None
) -> Any:
    """Has a scene read aloud once more; what is seen in it stays."""
    return await _after(desk, await desk.videos.scenes.remake_sound(workspace, number, position, _read(body)))


@router.post("/{number}/scenes/{position}/move", response_model=VideoChanged, responses=REFUSED)
async def move_scene(
    desk: DeskHere, workspace: WorkspaceId, number: Number, position: Position, body: Moved
) -> Any:
    """Puts a scene at another place; those between move up or down."""
    scenes = desk.videos.scenes
    return await _after(desk, await scenes.move(workspace, number, position, body.to, body.revision))


def _read(body: Read | None) -> int | None:
    return body.revision if body else None


async def _after(desk: Desk, changed: Changed) -> VideoChanged:
    video = changed.video
    return VideoChanged.after(await desk.videos.shelf.show(video.workspace_id, video.id), changed.waits)
