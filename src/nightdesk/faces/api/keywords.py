"""The routes of keywords: listed, added, imported, changed, deleted."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, Query

from nightdesk.desk.items import Filter
from nightdesk.desk.planner.imports import LARGEST_FILE
from nightdesk.desk.planner.inputs import KeywordChanges, NewKeyword
from nightdesk.desk.planner.keywords import MOST_AT_ONCE, Keywords
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.forms import FILE_BODY, Upload, uploaded
from nightdesk.faces.api.identity import WorkspaceId
from nightdesk.faces.api.import_shapes import ImportShown
from nightdesk.faces.api.item_routes import add_item_routes
from nightdesk.faces.api.parameters import (
    ClusterId,
    DeskHere,
    ListingAsked,
    MaybeSiteId,
    MinVolume,
    Number,
    SiteId,
    site_of,
)
from nightdesk.faces.api.row_bodies import OfSite, parted
from nightdesk.faces.api.row_shapes import Counted, KeywordShown

router = APIRouter(prefix="/api/v1/keywords", tags=["keywords"])

Status = Literal["new", "mapped", "in_hand", "disabled", "failed"]
Order = Literal["newest", "oldest", "volume", "phrase"]
Preview = Annotated[bool, Query(description="Write nothing; tell what would happen.")]


class KeywordToAdd(OfSite, NewKeyword):
    pass


class KeywordPage(Counted[KeywordShown]):
    pass


@router.get("", response_model=KeywordPage, responses=problems(400, 404))
async def keywords(
    desk: DeskHere,
    workspace: WorkspaceId,
    listing: ListingAsked,
    status: Status | None = None,
    cluster_id: ClusterId = None,
    min_volume: MinVolume = None,
    order: Order = "newest",
) -> Any:
    """A site's keywords, page by page."""
    asked = Filter(status, listing.search, cluster_id, min_volume=min_volume)
    page = listing.page(Keywords.orders, order)
    return await desk.planner.keywords.page(workspace, listing.site_id, asked, page)


@router.post("", status_code=201, response_model=KeywordShown, responses=problems(400, 404, 409, 415, 422))
async def add_keyword(
    desk: DeskHere, workspace: WorkspaceId, body: KeywordToAdd, site_id: MaybeSiteId = None
) -> Any:
    """Adds a keyword."""
    site = site_of(site_id, body.site_id)
    return await desk.planner.keywords.create(workspace, site, parted(body, NewKeyword))


@router.post("/bulk", response_model=ImportShown, responses=problems(400, 404, 415, 422))
async def add_keywords(
    desk: DeskHere,
    workspace: WorkspaceId,
    site_id: SiteId,
    body: Annotated[list[NewKeyword], Body(min_length=1, max_length=MOST_AT_ONCE)],
    preview: Preview = False,
) -> Any:
    """Adds a list; lines are counted from 1. One that cannot be taken does not keep the others out."""
    return ImportShown.of(await desk.planner.keywords.add_many(workspace, site_id, body, preview=preview))


@router.post(
    "/import",
    response_model=ImportShown,
    responses=problems(400, 404, 413, 415, 422),
    openapi_extra=FILE_BODY,
)
async def import_keywords(
    desk: DeskHere,
    workspace: WorkspaceId,
    site_id: SiteId,
    file: Annotated[Upload, Depends(uploaded(LARGEST_FILE))],
    preview: Preview = False,
) -> Any:
    """Imports an export of Semrush, Ahrefs, Google Keyword Planner or Search Console, or a plain list."""
    report = await desk.planner.keywords.import_file(
        workspace, site_id, file.name, file.content, preview=preview
    )
    return ImportShown.of(report)


@router.patch("/{number}", response_model=KeywordShown, responses=problems(404, 409, 415, 422))
async def change_keyword(desk: DeskHere, workspace: WorkspaceId, number: Number, body: KeywordChanges) -> Any:
    """Changes the fields given; not while a run works on it."""
    return await desk.planner.keywords.change(workspace, number, body)


add_item_routes(router, KeywordShown, lambda desk: desk.planner.keywords)
