"""The routes of a site's own photos and clips, out of which scenes of its videos are shown."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from nightdesk.desk.inputs import KEPT, Input, upto
from nightdesk.desk.rows import OwnPiece
from nightdesk.desk.videos.own_shelf import LONGEST_SOURCE, LONGEST_WORDS, MOST, SHORTEST_WORDS
from nightdesk.desk.videos.taking_in import MOST_BYTES
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.files import file_answers, send
from nightdesk.faces.api.forms import FILE_BODY, Upload, uploaded
from nightdesk.faces.api.identity import WorkspaceId
from nightdesk.faces.api.parameters import BIGGEST, DeskHere
from nightdesk.faces.api.row_shapes import Shown
from nightdesk.faces.api.shapes import Instant
from nightdesk.faces.api.sites import SiteKey

router = APIRouter(prefix="/api/v1/sites/{key}/own-footage", tags=["sites"])

Piece = Annotated[int, Path(ge=1, le=BIGGEST, description="The photo or clip.")]
_WORDS, _WHOSE = "What is to be seen, in a few words: it is found by them.", "Whose it is."
Shows = Annotated[str, upto(LONGEST_WORDS, SHORTEST_WORDS), KEPT]
Whose = Annotated[str, upto(LONGEST_SOURCE), KEPT]
FILES = file_answers("image/jpeg", "video/mp4")


class PieceShown(Shown):
    """One photo or clip; while it is `off` no scene takes it."""

    id: int
    site_id: int
    kind: Literal["photo", "clip"]
    shows: str
    source: str
    by_model: bool
    off: bool
    width: int
    height: int
    added_at: Instant

    @classmethod
    def of(cls, piece: OwnPiece) -> "PieceShown":
        names = set(cls.model_fields) - {"kind"}
        facts = {name: getattr(piece, name) for name in names}
        return cls(kind="clip" if piece.footage else "photo", **facts)


class PieceList(Shown):
    """All of a site's, the newest first."""

    items: list[PieceShown] = Field(max_length=MOST)


class PieceChanges(Input):
    """What is left out stays as it is."""

    shows: Shows = Field(default="", description=_WORDS)
    source: Whose = Field(default="", description=_WHOSE)
    by_model: bool = Field(default=False, description="A trained model made it: videos are marked so.")
    off: bool = Field(default=False, description="No scene takes it.")


@router.get("", response_model=PieceList, responses=problems(404))
async def own_footage(desk: DeskHere, workspace: WorkspaceId, key: SiteKey) -> Any:
    """The site's own photos and clips."""
    site = await desk.sites.get(workspace, key)
    found = await desk.videos.own_shelf.listed(workspace, site.id)
    return PieceList(items=[PieceShown.of(piece) for piece in found])


@router.post(
    "",
    status_code=201,
    response_model=PieceShown,
    responses=problems(400, 404, 409, 413, 415, 422),
    openapi_extra=FILE_BODY,
)
async def add_own_footage(
    desk: DeskHere,
    workspace: WorkspaceId,
    key: SiteKey,
    file: Annotated[Upload, Depends(uploaded(MOST_BYTES))],
    shows: Annotated[str, upto(LONGEST_WORDS, SHORTEST_WORDS), KEPT, Query(description=_WORDS)],
    source: Annotated[str, upto(LONGEST_SOURCE), KEPT, Query(description=_WHOSE)] = "",
    by_model: Annotated[bool, Query(description="A trained model made it: videos are marked so.")] = False,
) -> Any:
    """Adds a photo (PNG, JPEG, WebP) or a clip (MP4, WebM), which scenes with such words show then."""
    site = await desk.sites.get(workspace, key)
    facts = {"shows": shows, "source": source, "by_model": by_model}
    added = await desk.videos.own_shelf.add(workspace, site.id, file.content, facts)
    return PieceShown.of(added)


@router.patch("/{piece}", response_model=PieceShown, responses=problems(404, 415, 422))
async def change_own_footage(
    desk: DeskHere, workspace: WorkspaceId, key: SiteKey, piece: Piece, body: PieceChanges
) -> Any:
    """Changes the fields given; videos that show it stay as they are."""
    site = await desk.sites.get(workspace, key)
    changed = await desk.videos.own_shelf.change(workspace, site.id, piece, body.given())
    return PieceShown.of(changed)


@router.delete("/{piece}", status_code=204, responses=problems(404))
async def remove_own_footage(desk: DeskHere, workspace: WorkspaceId, key: SiteKey, piece: Piece) -> None:
    """Removes it; videos that show it keep it. It can be put back for a day."""
    site = await desk.sites.get(workspace, key)
    await desk.videos.own_shelf.remove(workspace, site.id, piece)


@router.post("/{piece}/restore", response_model=PieceShown, responses=problems(404, 409))
async def restore_own_footage(desk: DeskHere, workspace: WorkspaceId, key: SiteKey, piece: Piece) -> Any:
    """Puts back what was removed within the last day."""
    site = await desk.sites.get(workspace, key)
    return PieceShown.of(await desk.videos.own_shelf.put_back(workspace, site.id, piece))


@router.get("/{piece}/file", response_class=Response, responses=FILES | problems(404))
async def own_footage_file(
    desk: DeskHere, workspace: WorkspaceId, key: SiteKey, piece: Piece, request: Request
) -> Response:
    """The photo or the clip as it is kept, as a whole or in part."""
    site, shelf, files = await desk.sites.get(workspace, key), desk.videos.own_shelf, desk.videos.files
    opened = await shelf.whole(workspace, site.id, piece)
    return send(request, opened, lambda start, end: files.read(workspace, opened, start, end))
