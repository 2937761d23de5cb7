"""The routes of pictures and of their files."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from nightdesk.desk.items import Filter
from nightdesk.desk.review.images import Images
from nightdesk.desk.review.inputs import ImageChanges, NewImage
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.files import FILE_ANSWERS, send
from nightdesk.faces.api.identity import WorkspaceId
from nightdesk.faces.api.item_routes import add_retry
from nightdesk.faces.api.parameters import (
    BIGGEST,
    ClusterId,
    DeskHere,
    ListingAsked,
    MaybeSiteId,
    Number,
    site_of,
)
from nightdesk.faces.api.review_shapes import ImageShown
from nightdesk.faces.api.row_bodies import OfSite, parted
from nightdesk.faces.api.row_shapes import Counted

router = APIRouter(prefix="/api/v1/images", tags=["images"])

Status = Literal["pending", "generated", "in_hand", "failed"]
Order = Literal["newest", "oldest"]
ContentId = Annotated[int | None, Query(ge=1, le=BIGGEST, description="Only the pictures of this article.")]


class ImageToAdd(OfSite, NewImage):
    pass


class ImagePage(Counted[ImageShown]):
    pass


@router.get("", response_model=ImagePage, responses=problems(400, 404))
async def images(
    desk: DeskHere,
    workspace: WorkspaceId,
    listing: ListingAsked,
    status: Status | None = None,
    cluster_id: ClusterId = None,
    content_id: ContentId = None,
    order: Order = "newest",
) -> Any:
    """A site's pictures, page by page; what is searched are their alternative texts."""
    asked = Filter(status, listing.search, cluster_id, content_id)
    page = await desk.review.images.page(
        workspace, listing.site_id, asked, listing.page(Images.orders, order)
    )
    items = [ImageShown.of(image) for image in page.items]
    return ImagePage(items=items, next_cursor=page.next_cursor, counts=dict(page.counts))


@router.post("", status_code=201, response_model=ImageShown, responses=problems(400, 404, 409, 415, 422))
async def add_image(
    desk: DeskHere, workspace: WorkspaceId, body: ImageToAdd, site_id: MaybeSiteId = None
) -> Any:
    """Asks for a picture, which the next run makes."""
    site = site_of(site_id, body.site_id)
    return ImageShown.of(await desk.review.images.create(workspace, site, parted(body, NewImage)))


add_retry(router, lambda desk: desk.review.images)


@router.get("/{number}", response_model=ImageShown, responses=problems(404))
async def image(desk: DeskHere, workspace: WorkspaceId, number: Number) -> Any:
    """One picture and what is known of it."""
    return ImageShown.of(await desk.review.images.get(workspace, number))


@router.patch("/{number}", response_model=ImageShown, responses=problems(404, 409, 415, 422))
async def change_image(desk: DeskHere, workspace: WorkspaceId, number: Number, body: ImageChanges) -> Any:
    """Changes the fields given; another prompt has the picture made again by the next run."""
    return ImageShown.of(await desk.review.images.change(workspace, number, body))


@router.delete("/{number}", status_code=204, responses=problems(404, 409))
async def delete_image(desk: DeskHere, workspace: WorkspaceId, number: Number) -> None:
    """Takes a picture out of its article."""
    await desk.review.images.delete(workspace, number)


@router.get("/{number}/file", response_class=Response, responses=FILE_ANSWERS | problems(404))
async def image_file(desk: DeskHere, workspace: WorkspaceId, number: Number, request: Request) -> Response:
    """The picture itself, as a whole or in part."""
    picture = await desk.review.images.file(workspace, number)
    return send(request, picture, lambda start, end: desk.review.images.read(workspace, picture, start, end))
