"""The routes of tasks: ideas frozen as the order to write them."""

from typing import Any, Literal

from fastapi import APIRouter

from nightdesk.desk.items import Filter
from nightdesk.desk.planner.inputs import NewTask, TaskChanges
from nightdesk.desk.planner.tasks import Tasks
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
from nightdesk.faces.api.row_shapes import Counted, TaskShown

router = APIRouter(prefix="/api/v1/tasks", tags=["tasks"])

Status = Literal["queued", "completed", "in_hand", "failed"]
Order = Literal["newest", "oldest", "title"]


class TaskToAdd(OfSite, NewTask):
    pass


class TaskPage(Counted[TaskShown]):
    pass


@router.get("", response_model=TaskPage, responses=problems(400, 404))
async def tasks(
    desk: DeskHere,
    workspace: WorkspaceId,
    listing: ListingAsked,
    status: Status | None = None,
    cluster_id: ClusterId = None,
    order: Order = "newest",
) -> Any:
    """A site's tasks, page by page."""
    asked = Filter(status, listing.search, cluster_id)
    page = listing.page(Tasks.orders, order)
    return await desk.planner.tasks.page(workspace, listing.site_id, asked, page)


@router.post("", status_code=201, response_model=TaskShown, responses=problems(400, 404, 409, 415, 422))
async def add_task(
    desk: DeskHere, workspace: WorkspaceId, body: TaskToAdd, site_id: MaybeSiteId = None
) -> Any:
    """Makes a task of an idea at once, as the next run would."""
    site = site_of(site_id, body.site_id)
    return await desk.planner.tasks.create(workspace, site, parted(body, NewTask))


@router.patch("/{number}", response_model=TaskShown, responses=problems(404, 409, 415, 422))
async def change_task(desk: DeskHere, workspace: WorkspaceId, number: Number, body: TaskChanges) -> Any:
    """Changes what is still to be written; not while a run works on it."""
    return await desk.planner.tasks.change(workspace, number, body)


add_item_routes(router, TaskShown, lambda desk: desk.planner.tasks)
