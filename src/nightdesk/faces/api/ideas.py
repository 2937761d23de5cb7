"""The routes of ideas; one that is a task already keeps its title and outline."""

from typing import Any, Literal

from fastapi import APIRouter

from nightdesk.desk.items import Filter
from nightdesk.desk.planner.ideas import Ideas
from nightdesk.desk.planner.inputs import IdeaChanges, NewIdea
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.identity import WorkspaceId
from nightdesk.faces.api.item_routes import add_item_routes
from nightdesk.faces.api.parameters import (
    ClusterId,
    DeskHere,
    ListingAsked,
    MaybeSiteId,
    Number,
    site_of,
)
from nightdesk.faces.api.row_bodies import OfSite, parted
from nightdesk.faces.api.row_shapes import Counted, IdeaShown

router = APIRouter(prefix="/api/v1/ideas", tags=["ideas"])

Status = Literal["new", "queued", "in_hand", "disabled", "failed"]
Order = Literal["newest", "oldest", "title"]


class IdeaToAdd(OfSite, NewIdea):
    pass


class IdeaPage(Counted[IdeaShown]):
    pass


@router.get("", response_model=IdeaPage, responses=problems(400, 404))
async def ideas(
    desk: DeskHere,
    workspace: WorkspaceId,
    listing: ListingAsked,
    status: Status | None = None,
    cluster_id: ClusterId = None,
    order: Order = "newest",
) -> Any:
    """A site's ideas, page by page."""
    asked = Filter(status, listing.search, cluster_id)
    page = listing.page(Ideas.orders, order)
    return await desk.planner.ideas.page(workspace, listing.site_id, asked, page)


@router.post("", status_code=201, response_model=IdeaShown, responses=problems(400, 404, 409, 415, 422))
async def add_idea(
    desk: DeskHere, workspace: WorkspaceId, body: IdeaToAdd, site_id: MaybeSiteId = None
) -> Any:
    """Plans a piece by hand."""
    site = site_of(site_id, body.site_id)
    return await desk.planner.ideas.create(workspace, site, parted(body, NewIdea))


@router.patch("/{number}", response_model=IdeaShown, responses=problems(404, 409, 415, 422))
async def change_idea(desk: DeskHere, workspace: WorkspaceId, number: Number, body: IdeaChanges) -> Any:
    """Changes the fields given; not while a run works on it, and once it is a task, only `disabled`."""
    return await desk.planner.ideas.change(workspace, number, body)


add_item_routes(router, IdeaShown, lambda desk: desk.planner.ideas)
