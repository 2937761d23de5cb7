"""The routes of clusters; deleting one makes its keywords new again."""

from typing import Any, Literal

from fastapi import APIRouter

from nightdesk.desk.items import Filter
from nightdesk.desk.planner.clusters import Clusters
from nightdesk.desk.planner.inputs import ClusterChanges, NewCluster
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.identity import WorkspaceId
from nightdesk.faces.api.item_routes import add_item_routes
from nightdesk.faces.api.parameters import (
    DeskHere,
    ListingAsked,
    MaybeSiteId,
    MinVolume,
    Number,
    site_of,
)
from nightdesk.faces.api.row_bodies import OfSite, parted
from nightdesk.faces.api.row_shapes import ClusterShown, Counted

router = APIRouter(prefix="/api/v1/clusters", tags=["clusters"])

Status = Literal["new", "mapped", "in_hand", "disabled", "failed"]
Order = Literal["newest", "oldest", "volume", "name"]


class ClusterToAdd(OfSite, NewCluster):
    pass


class ClusterPage(Counted[ClusterShown]):
    pass


@router.get("", response_model=ClusterPage, responses=problems(400, 404))
async def clusters(
    desk: DeskHere,
    workspace: WorkspaceId,
    listing: ListingAsked,
    status: Status | None = None,
    min_volume: MinVolume = None,
    order: Order = "newest",
) -> Any:
    """A site's clusters, page by page."""
    asked = Filter(status, listing.search, min_volume=min_volume)
    page = listing.page(Clusters.orders, order)
    return await desk.planner.clusters.page(workspace, listing.site_id, asked, page)


@router.post("", status_code=201, response_model=ClusterShown, responses=problems(400, 404, 409, 415, 422))
async def add_cluster(
    desk: DeskHere, workspace: WorkspaceId, body: ClusterToAdd, site_id: MaybeSiteId = None
) -> Any:
    """Makes an empty cluster; keywords are moved into it one by one."""
    site = site_of(site_id, body.site_id)
    return await desk.planner.clusters.create(workspace, site, parted(body, NewCluster))


@router.patch("/{number}", response_model=ClusterShown, responses=problems(404, 409, 415, 422))
async def change_cluster(desk: DeskHere, workspace: WorkspaceId, number: Number, body: ClusterChanges) -> Any:
    """Changes the fields given; not while a run works on it."""
    return await desk.planner.clusters.change(workspace, number, body)


add_item_routes(router, ClusterShown, lambda desk: desk.planner.clusters)
